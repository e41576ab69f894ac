package dev.carillon.acceptance.proof;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Three nodes of which one's clock is wrong: an hour ahead on the first and an hour behind on the
/// second; or jumping by an hour, ahead, back, and behind, on the first, while all work. Needs
/// libfaketime.
record Clock(boolean jumping) implements Program {
  private static final List<String> JUMPS = List.of("+3600", "+0", "-3600", "+0");

  /// A finish-by time is the calendar's, so it passes when that jumps: here none is that near.
  private static final String BEYOND_ALL_JUMPS = "5h";

  private static final Duration FAR = Duration.ofMinutes(10);
  private static final Pattern LINE =
      Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", Pattern.MULTILINE);

  @Override
  public Optional<String> missing() {
    return library().isPresent() ? Postgres.missing() : Optional.of("libfaketime is not installed");
  }

  @Override
  public void run(Run run) throws Exception {
    Path library = library().orElseThrow();
    Instant began = InstantSource.system().instant();
    Path ahead = file(run, "ahead", jumping ? "+0" : "+3600");
    Path behind = file(run, "behind", jumping ? "+0" : "-3600");
    try (Postgres database = Postgres.start();
        House house = new House(run).with("CARILLON_ASSET_COPY", "false")) {
      house.asking("carillon-finish-by", BEYOND_ALL_JUMPS);
      for (Path clock : List.of(ahead, behind)) {
        var environment = environment(library, clock);
        house.start(house.node(database.url(), "127.0.0.1", List.of(), environment));
      }
      house.nodes(1, database.url());
      try (Load load = new Load(house).start()) {
        if (jumping) {
          jump(house, load, ahead);
        }
        load.awaitSent();
      }
      judge(house, began);
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
    while (load.needsHarm()) {
      String to = JUMPS.get(load.harms() % JUMPS.size());
      run.history().note("clock", "node", 0, "to", to);
      Files.writeString(file, to + "\n");
      Run.pass(1_500 + random.nextInt(3_000));
      load.harmed();
    }
    run.say(
        "%d jumps, accepted %d, not answered %d"
            .formatted(load.harms(), load.accepted(), load.unanswered()));
  }

  /// The logs show that the clocks were felt to be wrong: they hold times that had not come yet,
  /// and times of before the beginning.
  private void judge(House house, Instant began) {
    List<Instant> first = times(house.node(0).logText());
    List<Instant> second = jumping ? first : times(house.node(1).logText());
    Instant now = InstantSource.system().instant();
    long ahead = first.stream().filter(time -> time.isAfter(now.plus(FAR))).count();
    long behind = second.stream().filter(time -> time.isBefore(began.minus(FAR))).count();
    house.run().say("%d lines of logs were ahead, %d behind".formatted(ahead, behind));
    int kills = house.run().options().kills();
    boolean needsAhead = !jumping || kills > 0;
    boolean needsBehind = !jumping || kills > 2;
    if ((needsAhead && ahead == 0) || (needsBehind && behind == 0)) {
      throw new AssertionError("the nodes did not feel that their clocks were wrong");
    }
  }

  private static List<Instant> times(String log) {
    return LINE.matcher(log).results().map(line -> Instant.parse(line.group())).toList();
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
