package dev.carillon.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the command line asked for.
///
/// @param command the measure, or `all`
/// @param seconds length of each measure of a rate or a latency
/// @param warmUp seconds of load before the first of them; the virtual machine needs 15 to 20
/// @param connections of the closed loops
/// @param rate tasks a second of the latency measures
/// @param waits inline waits to park
/// @param prefill stored tasks of the growth measure
/// @param backlog tasks that end at the same moment in the measure of callbacks
/// @param queued tasks of others in the measure of fairness
/// @param waiting deliveries that wait for a dead receiver
/// @param json where the rows go as JSON
/// @param write whether docs/benchmarks.md is written
/// @param environment more settings of the server
record Options(
    String command,
    int seconds,
    int warmUp,
    int connections,
    int rate,
    int waits,
    int prefill,
    int backlog,
    int queued,
    int waiting,
    Optional<Path> json,
    boolean write,
    Map<String, String> environment) {

  static final String USAGE =
      """
      usage: carillon bench [measure] [options]

      measures (all of them without one):
        startup    fork to first answer, memory at rest
        commands   `./carillon --version` and `./carillon task get ID`, from fork to exit
        creates    durable creates/s, each task also run and settled
        polls      hot and cold polls/s
        endtoend   tasks/s from create to delivered callback
        callbacks  callbacks/s from a standing backlog, a burst
        isolation  callbacks to healthy receivers beside 200 that misbehave
        dead       callbacks while very many wait for a dead receiver
        fairness   waits of a light application alone, and beside others with very much queued
        access     creates/s without and with price, Idempotency-Key and limits
        revoked    how soon a revoked token is refused
        passthrough  what passing a chat on adds to it, whole and streamed
        caller     the SDK: how late it hears of ends, memory of handles, kills of its program
        upstream   from a provider's job to its task, with --backlog of them open at once
        waits      inline waits held at once, and their memory
        latency    from "provider done" to "client told": inline, long poll, stream, callback
        restart    kill -9 under load, restart: ready, and all tasks ended
        growth     creates and polls at 1,000 and at many stored tasks

      options:
        --seconds N       length of each measure (10)
        --warmup N        seconds of load before the first (20)
        --connections N   of the closed loops (64)
        --rate N          tasks/s of the latency measures (500)
        --waits N         inline waits, and handles of the caller measure (10000)
        --prefill N       stored tasks of the growth measure (200000; try 5000000)
        --backlog N       tasks of the callbacks, restart and caller measures (10000);
                          the program of the last is killed N / 100 times
        --queued N        tasks of others in the measure of fairness (100000)
        --waiting N       deliveries waiting for a dead receiver (100000; try 1000000)
        --set NAME=VALUE  an environment variable of the server; may be repeated
        --json FILE       also write the rows as JSON
        --write, --no-write   write docs/benchmarks.md (only when all is measured)
      """;

  private static final Set<String> NUMBERS =
      Set.of(
          "--seconds",
          "--warmup",
          "--connections",
          "--rate",
          "--waits",
          "--prefill",
          "--backlog",
          "--queued",
          "--waiting");

  private static final Set<String> MEASURES =
      Set.of(
          "all",
          "help",
          "startup",
          "commands",
          "creates",
          "polls",
          "endtoend",
          "callbacks",
          "isolation",
          "dead",
          "fairness",
          "access",
          "revoked",
          "passthrough",
          "caller",
          "upstream",
          "waits",
          "latency",
          "restart",
          "growth");

  /// The same with other settings of the server.
  Options with(Map<String, String> others) {
    return new Options(
        command,
        seconds,
        warmUp,
        connections,
        rate,
        waits,
        prefill,
        backlog,
        queued,
        waiting,
        json,
        write,
        others);
  }

  /// The same with measures and warm-up no longer than this.
  Options atMost(int time, int load) {
    return new Options(
        command,
        Math.min(seconds, time),
        Math.min(warmUp, load),
        connections,
        rate,
        waits,
        prefill,
        backlog,
        queued,
        waiting,
        json,
        write,
        environment);
  }

  /// Length of each measure.
  Duration time() {
    return Duration.ofSeconds(seconds);
  }

  boolean wants(String measure) {
    return command.equals("all") || command.equals(measure);
  }

  /// Reads the command line.
  ///
  /// @throws IllegalArgumentException for what is not understood
  static Options of(String... arguments) {
    var numbers = new LinkedHashMap<String, Integer>();
    var environment = new LinkedHashMap<String, String>();
    List<String> measures = new ArrayList<>();
    Optional<Path> json = Optional.empty();
    Optional<Boolean> write = Optional.empty();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--write" -> write = Optional.of(true);
        case "--no-write" -> write = Optional.of(false);
        case "--help", "-h" -> measures.add("help");
        case "--json" -> json = Optional.of(Path.of(value(arguments, ++i)));
        case "--set" -> {
          var pair = value(arguments, ++i).split("=", 2);
          environment.put(pair[0], pair.length > 1 ? pair[1] : "");
        }
        case String name when NUMBERS.contains(name) ->
            numbers.put(arguments[i], Integer.valueOf(value(arguments, ++i)));
        case String measure when !measure.startsWith("-") -> measures.add(measure);
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    var command = command(measures);
    return new Options(
        command,
        numbers.getOrDefault("--seconds", 10),
        numbers.getOrDefault("--warmup", 20),
        numbers.getOrDefault("--connections", 64),
        numbers.getOrDefault("--rate", 500),
        numbers.getOrDefault("--waits", 10_000),
        numbers.getOrDefault("--prefill", 200_000),
        numbers.getOrDefault("--backlog", 10_000),
        numbers.getOrDefault("--queued", 100_000),
        numbers.getOrDefault("--waiting", 100_000),
        json,
        write.orElse(command.equals("all")),
        environment);
  }

  private static String command(List<String> measures) {
    if (measures.size() > 1) {
      throw new IllegalArgumentException("one measure or none, not " + measures);
    }
    var command = measures.isEmpty() ? "all" : measures.getFirst();
    if (!MEASURES.contains(command)) {
      throw new IllegalArgumentException("no measure is called " + command);
    }
    return command;
  }

  private static String value(String[] arguments, int at) {
    if (at >= arguments.length) {
      throw new IllegalArgumentException(arguments[at - 1] + " needs a value");
    }
    return arguments[at];
  }
}
