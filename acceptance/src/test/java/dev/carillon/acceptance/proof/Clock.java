package dev.carillon.acceptance.proof;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// Three nodes of which one's clock is wrong: an hour ahead on the first and an hour behind on the
/// second; or jumping by an hour, ahead, back, and behind, on the first, while all work. Needs
/// libfaketime; elsewhere it is left out, and says so.
record Clock(boolean jumping) implements Program {
  private static final List<String> JUMPS = List.of("+3600", "+0", "-3600", "+0");

  @Override
  public void run(Run run) throws Exception {
    Optional<Path> library = library();
    if (library.isEmpty() || !Postgres.isHere()) {
      run.say("left out: libfaketime or PostgreSQL is not installed here");
      return;
    }
    Path ahead = file(run, "ahead", jumping ? "+0" : "+3600");
    Path behind = file(run, "behind", jumping ? "+0" : "-3600");
    try (Postgres database = Postgres.start();
        House house = new House(run).with("CARILLON_ASSET_COPY", "false")) {
      for (Path clock : List.of(ahead, behind)) {
        var environment = environment(library.get(), clock);
        house.start(house.node(database.url(), "127.0.0.1", List.of(), environment));
      }
      house.nodes(1, database.url());
      try (Load load = new Load(house).start()) {
        if (jumping) {
          jump(house, load, ahead);
        }
        load.awaitSent();
      }
      for (int i = 0; i < 2; i++) {
        run.say("log of node %d spans %s".formatted(i, span(house.node(i).logText())));
      }
      Files.writeString(ahead, jumping ? "+0\n" : "+3600\n");
      Afterwards.check(house);
    }
  }

  private static Path file(Run run, String name, String offset) throws Exception {
    return Files.writeString(run.folder().resolve(name), offset + "\n");
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
    run.say(
        "%d jumps, accepted %d, not answered %d"
            .formatted(jumps, load.accepted(), load.unanswered()));
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
