package dev.carillon.bench;

import dev.carillon.bench.load.Scale;
import dev.carillon.bench.store.Database;
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
/// @param numbers by the name of their option, those left out as well
/// @param store `own`, or the address of a PostgreSQL server; empty for SQLite where both can be
/// @param json where the rows go as JSON
/// @param write whether docs/benchmarks.md is written
/// @param environment more settings of the server
record Options(
    String command,
    Map<String, Integer> numbers,
    Optional<String> store,
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
        callbacks  callbacks/s from a standing backlog, a burst, and of what waited for endpoints
        isolation  callbacks to healthy receivers beside 200 that misbehave
        dead       callbacks while very many wait for a dead receiver
        fairness   waits of a light application alone, and beside others with very much queued
                   or running
        access     creates/s without and with price, Idempotency-Key and limits
        revoked    how soon a revoked token is refused
        passthrough  what passing a chat on adds to it, whole and streamed
        caller     the SDK: how late it hears of ends, memory of handles, kills of its program
        upstream   from a provider's job to its task, with --backlog of them open at once
        waits      inline waits held at once, and their memory
        latency    from "provider done" to "client told": inline, long poll, stream, callback
        receipt    the last of them alone; by its name only
        restart    kill -9 under load, restart: ready, and all tasks ended
        growth     creates and polls at 1,000 and at many stored tasks

      measures on PostgreSQL (only by name):
        store      creates/s and create to callback on PostgreSQL against SQLite, in turn
        nodes      the same with 3 nodes against 1, and how soon a killed one's tasks go on
        peers      the same against other durable queues on the same PostgreSQL

      options:
        --seconds N       length of each measure (10)
        --warmup N        seconds of load before the first (20)
        --connections N   of the closed loops (64)
        --rate N          tasks/s of the latency measures (500)
        --waits N         inline waits, and handles of the caller measure (10000)
        --prefill N       stored tasks of the growth measure (200000; try 5000000)
        --backlog N       tasks of the callbacks, restart and caller measures (10000);
                          the program of the last is killed N / 100 times; open tasks
                          when a node of the nodes measure is killed
        --queued N        tasks of others in the measure of fairness (100000)
        --waiting N       deliveries waiting for a dead receiver (100000; try 1000000)
        --rounds N        how often each side of a comparison is measured (3); medians count
        --store URL       a PostgreSQL server whose user may make databases, such as
                          postgresql://user:password@host:port/postgres; without it, or as
                          "own", one that is thrown away. With it, growth is measured there
        --set NAME=VALUE  an environment variable of the server; may be repeated
        --json FILE       also write the rows as JSON
        --write, --no-write   write docs/benchmarks.md (only when all is measured)
      """;

  private static final String OWN = "own";

  private static final Map<String, Integer> DEFAULTS =
      Map.of(
          "--seconds", 10,
          "--warmup", 20,
          "--connections", 64,
          "--rate", 500,
          "--waits", 10_000,
          "--prefill", 200_000,
          "--backlog", 10_000,
          "--queued", 100_000,
          "--waiting", 100_000,
          "--rounds", 3);

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
          "receipt",
          "restart",
          "growth",
          "store",
          "nodes",
          "peers");

  /// The same with other settings of the server.
  Options with(Map<String, String> others) {
    return new Options(command, numbers, store, json, write, others);
  }

  /// The same with measures of at least so many seconds.
  Options atLeast(int time) {
    var longer = new LinkedHashMap<>(numbers);
    longer.put("--seconds", Math.max(seconds(), time));
    return new Options(command, longer, store, json, write, environment);
  }

  private int number(String name) {
    return numbers.getOrDefault(name, 0);
  }

  /// Length of each measure of a rate or a latency.
  int seconds() {
    return number("--seconds");
  }

  /// Seconds of load before the first of them; the virtual machine needs 15 to 20.
  int warmUp() {
    return number("--warmup");
  }

  /// Of the closed loops.
  int connections() {
    return number("--connections");
  }

  /// Tasks a second of the latency measures.
  int rate() {
    return number("--rate");
  }

  /// Inline waits to park.
  int waits() {
    return number("--waits");
  }

  /// Stored tasks of the growth measure.
  int prefill() {
    return number("--prefill");
  }

  /// Tasks that end at the same moment in the measure of callbacks.
  int backlog() {
    return number("--backlog");
  }

  /// Tasks of others in the measure of fairness.
  int queued() {
    return number("--queued");
  }

  /// Deliveries that wait for a dead receiver.
  int waiting() {
    return number("--waiting");
  }

  /// How often each side of a comparison is measured.
  int rounds() {
    return number("--rounds");
  }

  /// The PostgreSQL server that was named; empty for one of our own.
  Optional<String> databaseServer() {
    return store.filter(url -> !url.equals(OWN));
  }

  /// Of the measures that compare.
  Scale scale() {
    return new Scale(connections(), time(), Duration.ofSeconds(warmUp()), rounds());
  }

  /// Length of each measure.
  Duration time() {
    return Duration.ofSeconds(seconds());
  }

  boolean wants(String measure) {
    return command.equals("all") || names(measure);
  }

  /// Whether a measure was asked for by its name.
  boolean names(String measure) {
    return command.equals(measure);
  }

  /// Reads the command line.
  ///
  /// @throws IllegalArgumentException for what is not understood
  static Options of(String... arguments) {
    var numbers = new LinkedHashMap<>(DEFAULTS);
    var environment = new LinkedHashMap<String, String>();
    List<String> measures = new ArrayList<>();
    Optional<String> store = Optional.empty();
    Optional<Path> json = Optional.empty();
    Optional<Boolean> write = Optional.empty();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--write" -> write = Optional.of(true);
        case "--no-write" -> write = Optional.of(false);
        case "--help", "-h" -> measures.add("help");
        case "--store" -> store = Optional.of(server(value(arguments, ++i)));
        case "--json" -> json = Optional.of(Path.of(value(arguments, ++i)));
        case "--set" -> {
          var pair = value(arguments, ++i).split("=", 2);
          environment.put(pair[0], pair.length > 1 ? pair[1] : "");
        }
        case String name when DEFAULTS.containsKey(name) ->
            numbers.put(arguments[i], Integer.valueOf(value(arguments, ++i)));
        case String measure when !measure.startsWith("-") -> measures.add(measure);
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    var command = command(measures);
    return new Options(
        command, numbers, store, json, write.orElse(command.equals("all")), environment);
  }

  private static String server(String text) {
    return text.equals(OWN) ? text : new Database(text).url();
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
