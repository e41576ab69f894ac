package dev.carillon.acceptance.proof;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// The clock of one of two nodes jumps by an hour, ahead, back, and behind, while both work. Needs
/// libfaketime; elsewhere it is left out, and says so.
final class Clock implements Program {
  private static final List<String> JUMPS = List.of("+3600", "+0", "-3600", "+0");

  @Override
  public void run(Run run) throws Exception {
    Optional<Path> library = library();
    if (library.isEmpty() || !Postgres.isHere()) {
      run.say("left out: libfaketime or PostgreSQL is not installed here");
      return;
    }
    Path jump = run.folder().resolve("jump");
    Files.writeString(jump, "+0\n");
    Map<String, String> environment = environment(library.get(), jump);
    try (Postgres database = Postgres.start();
        House house = new House(run).with("CARILLON_ASSET_COPY", "false")) {
      house.start(house.node(database.url(), "127.0.0.1", List.of(), environment));
      house.nodes(1, database.url());
      try (Load load = new Load(house).start()) {
        jump(house, load, jump);
        load.awaitSent();
      }
      Files.writeString(jump, "+0\n");
      Afterwards.check(house);
    }
  }

  /// What puts a process under the clock in a file. Only the calendar is faked, not what waits are
  /// measured by, and nothing is shared with other processes, which costs the virtual machine most
  /// of its time.
  private static Map<String, String> environment(Path library, Path jump) {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", jump.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_FORCE_MONOTONIC_FIX", "0",
        "FAKETIME_DISABLE_SHM", "1",
        "NO_FAKE_STAT", "1");
  }

  private static void jump(House house, Load load, Path file) throws Exception {
    Run run = house.run();
    Random random = run.random(1);
    int jumps = 0;
    for (; jumps < run.options().kills() && load.isSending(); jumps++) {
      Run.pass(1_500 + random.nextInt(3_000));
      String to = JUMPS.get(jumps % JUMPS.size());
      run.history().note("clock", "node", 0, "to", to);
      Files.writeString(file, to + "\n");
    }
    run.say("%d jumps, accepted %d, not answered %d", jumps, load.accepted(), load.unanswered());
    run.say("log of node 0 spans %s", span(house.node(0).logText()));
  }

  /// The earliest and the latest hour in a log, which show whether the jumps were felt.
  private static String span(String log) {
    List<String> hours =
        log.lines()
            .filter(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.*"))
            .map(line -> line.substring(0, 16))
            .sorted()
            .toList();
    return hours.isEmpty() ? "nothing" : hours.getFirst() + " to " + hours.getLast();
  }

  private static Optional<Path> library() {
    return Stream.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/local/lib/faketime/libfaketimeMT.so.1")
        .map(Path::of)
        .filter(Files::exists)
        .findFirst();
  }
}
