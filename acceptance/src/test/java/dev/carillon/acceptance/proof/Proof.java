package dev.carillon.acceptance.proof;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Runs the programs by name: `proof NAME [--seed N] [--tasks N] [--kills N] [--rate N]`, and holds
/// a history of before against the laws: `proof check FILE`.
final class Proof {
  private static final Path FOLDER =
      Path.of(System.getProperty("carillon.proof", "target/proof")).toAbsolutePath();

  /// The exit code of a program that this machine cannot run.
  private static final int LEFT_OUT = 3;

  /// A program with the size of its long run. Tasks go on being sent until all harm is done.
  private record Entry(Program program, Options whole) {}

  private Proof() {}

  private static Map<String, Entry> programs() {
    var all = new TreeMap<String, Entry>();
    all.put("kill-sqlite", new Entry(new KillSqlite(), Options.of(30_000, 200, 60)));
    all.put("kill-nodes", new Entry(new KillNodes(), Options.of(50_000, 200, 60)));
    for (Upstream.Way way : Upstream.Way.values()) {
      String name = "upstream-kill-" + way.name().toLowerCase(Locale.ROOT);
      all.put(name, new Entry(new UpstreamKill(way), Options.of(20_000, 120, 30)));
    }
    all.put("paused", new Entry(new Paused(), Options.of(20_000, 20, 40)));
    all.put("database-kill", new Entry(new DatabaseKill(), Options.of(20_000, 50, 40)));
    all.put("failover", new Entry(new Failover(false), Options.of(5_000, 1, 60)));
    all.put("failover-address", new Entry(new Failover(true), Options.of(5_000, 1, 60)));
    all.put("storm", new Entry(new Storm(), Options.of(20_000, 30, 40)));
    all.put("full-disk", new Entry(new FullDisk(), Options.of(20_000, 30, 60)));
    all.put("network", new Entry(new Network(), Options.of(20_000, 30, 40)));
    all.put("unplugged", new Entry(new Unplugged(), Options.of(20_000, 30, 40)));
    all.put("clock", new Entry(new Clock(false), Options.of(20_000, 0, 60)));
    all.put("clock-jumps", new Entry(new Clock(true), Options.of(20_000, 100, 60)));
    all.put("stop-start", new Entry(new StopStart(), Options.of(20_000, 36, 40)));
    all.put("cost", new Entry(new Cost(), Options.of(0, 0, 1)));
    return all;
  }

  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    if (all.size() == 2 && all.getFirst().equals("check")) {
      List<String> broken = Checker.brokenIn(Path.of(all.get(1)));
      broken.forEach(System.out::println);
      System.out.println("broken laws: " + broken.size());
      System.exit(broken.isEmpty() ? 0 : 1);
    }
    Entry entry = all.isEmpty() ? null : programs().get(all.getFirst());
    if (entry == null) {
      System.err.println(
          "proof NAME [--seed N] [--tasks N] [--kills N] [--rate N], with NAME of "
              + programs().keySet());
      System.exit(2);
      return;
    }
    Optional<String> missing = entry.program().missing();
    if (missing.isPresent()) {
      System.out.println(all.getFirst() + ": left out: " + missing.get());
      System.exit(LEFT_OUT);
    }
    try {
      run(all.getFirst(), entry.program(), entry.whole().with(all.subList(1, all.size())));
    } catch (AssertionError failure) {
      failure.printStackTrace();
      System.exit(1);
    }
    System.exit(0);
  }

  /// Runs one in a folder of its own, where its history and the logs of its nodes stay.
  static void run(String name, Program program, Options options) throws Exception {
    Path folder = Files.createDirectories(FOLDER).resolve(name + "-" + options.seed());
    try (var history = new History(folder.resolve("history.ndjson"))) {
      var run = new Run(name, options, history, folder);
      run.say("%s, history in %s".formatted(options, history.file()));
      long began = System.nanoTime();
      program.run(run);
      run.say("kept all promises, in %.0f s".formatted((System.nanoTime() - began) / 1e9));
    }
  }
}
