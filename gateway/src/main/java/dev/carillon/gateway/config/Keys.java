package dev.carillon.gateway.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every setting there is.
public final class Keys {
  public static final Key<Integer> PORT =
      Key.integer("port", 8080, 0, 65_535, "TCP port to listen on; 0 takes a free one.");
  public static final Key<String> ADDRESS =
      Key.text(
          "address",
          "127.0.0.1",
          "an address or host name of this machine",
          "Address to listen on; 0.0.0.0 for all.");
  public static final Key<String> DATA =
      Key.text("data", "./data", "a folder", "Folder of the database and all files.");
  public static final Key<String> STORE =
      Key.matching(
          "store",
          "sqlite",
          "sqlite|postgres(ql)?://[^/?]+/[^/?]+(\\?.*)?",
          "sqlite, or postgresql://user:password@host:port/database",
          "Where tasks are kept: in a file under the data folder, for one process, or in PostgreSQL, for any number of nodes.");
  public static final Key<String> STORE_PASSWORD =
      Key.secret(
          "store.password",
          1,
          "1 to 256 characters, or empty for the one in the URL",
          "The password of the PostgreSQL user, to keep it out of the URL; a secret.");
  public static final Key<Boolean> STORE_LISTEN =
      Key.flag(
          "store.listen",
          true,
          "Hears other nodes by LISTEN; false behind a proxy that pools transactions, where changes are looked for once a second.");
  public static final Key<Duration> STORE_WAIT =
      Key.duration(
          "store.wait",
          "60s",
          "0s",
          "1h",
          "How long a start waits for a PostgreSQL that cannot be reached, takes nobody yet, or is a standby.");
  public static final Key<String> PUBLIC_URL =
      Key.text(
          "public-url",
          "",
          "an http or https URL, or empty",
          "How clients reach this gateway, for the URLs in answers; empty takes the address and port it listens on.");
  public static final Key<LogLevel> LOG_LEVEL =
      Key.choice("log-level", LogLevel.INFO, "How much is logged.");
  public static final Key<BigDecimal> FIRST_CREDIT =
      Key.decimal(
          "first-credit",
          "1000",
          "0",
          "1000000000000",
          "Credits of the application made on the first start.");

  public static final Key<String> ADMIN_TOKEN =
      Key.secret(
          "admin.token",
          16,
          "16 to 256 characters, or empty for a random one in <data>/admin.token",
          "The operator's token for the admin API under /admin/v1; a secret.");

  public static final Key<Long> HTTP_BODY =
      Key.bytes("http.body", "4MiB", 1_024, 1L << 28, "Largest request body.");
  public static final Key<Long> HTTP_HEAD =
      Key.bytes("http.head", "16KiB", 1_024, 1L << 20, "Largest request line and headers.");
  public static final Key<Integer> HTTP_JSON_DEPTH =
      Key.integer("http.json-depth", 64, 4, 1_000, "Deepest nesting of a JSON body.");
  public static final Key<Integer> HTTP_CONNECTIONS =
      Key.integer("http.connections", 15_000, 10, 1_000_000, "Open connections at most.");
  public static final Key<Duration> HTTP_IDLE =
      Key.duration(
          "http.idle", "5m", "1s", "1d", "How long a connection may be silent between requests.");
  public static final Key<Duration> HTTP_GRACE =
      Key.duration(
          "http.grace", "10s", "0s", "10m", "How long a stop waits for requests under way.");

  public static final Key<Integer> ACCESS_CREATE =
      Key.integer(
          "access.create-per-second", 200, 1, 1_000_000, "New tasks per second and application.");
  public static final Key<Integer> ACCESS_CREATE_BURST =
      Key.integer(
          "access.create-burst", 400, 1, 1_000_000, "New tasks an application may send at once.");
  public static final Key<Integer> ACCESS_QUERY =
      Key.integer(
          "access.query-per-second",
          2_000,
          1,
          10_000_000,
          "Reading requests per second and application.");
  public static final Key<Integer> ACCESS_QUERY_BURST =
      Key.integer(
          "access.query-burst",
          4_000,
          1,
          10_000_000,
          "Reading requests an application may send at once.");

  public static final Key<Integer> ACCESS_OPEN =
      Key.integer(
          "access.open-tasks-per-application",
          100_000,
          0,
          10_000_000,
          "Tasks an application may have open at once; past it a POST is answered 429; 0 for no limit.");
  public static final Key<Boolean> ACCESS_SERVICE_LIMITS =
      Key.flag(
          "access.service-limits",
          false,
          "Holds every application to the limits that services of the catalog name.");

  public static final Key<Duration> WAIT_INLINE =
      Key.duration(
          "wait.inline",
          "280s",
          "0s",
          "1h",
          "How long a POST of an inline endpoint waits before it answers with the task id.");
  public static final Key<Duration> WAIT_LONGEST =
      Key.duration(
          "wait.longest",
          "60s",
          "0s",
          "1h",
          "Longest wait a caller may ask for with ?wait= or Prefer: wait.");
  public static final Key<Integer> WAIT_HELD =
      Key.integer(
          "wait.held",
          12_000,
          1,
          1_000_000,
          "Requests that may wait at once; past it a POST answers with the task id and a poll at once.");
  public static final Key<Duration> STREAM_LONGEST =
      Key.duration(
          "wait.stream", "1h", "1s", "1d", "Longest life of one event stream; clients reconnect.");

  public static final Key<Integer> ENGINE_OPEN =
      Key.integer(
          "engine.open-tasks",
          200_000,
          1,
          10_000_000,
          "Tasks that may be open at once; past it a POST is answered 503.");
  public static final Key<Integer> ENGINE_RUNNING =
      Key.integer("engine.running-tasks", 20_000, 1, 1_000_000, "Tasks that may run at once.");
  public static final Key<Integer> ENGINE_RUNNING_PER_APPLICATION =
      Key.integer(
          "engine.running-tasks-per-application",
          0,
          0,
          1_000_000,
          "Tasks of one application that may run at once; 0 for no limit.");
  public static final Key<Duration> ENGINE_FINISH_BY =
      Key.duration(
          "engine.finish-by", "6h", "1s", "30d", "A task that has not ended by then expires.");
  public static final Key<Duration> ENGINE_LATE_WINDOW =
      Key.duration(
          "engine.late-window",
          "10m",
          "0s",
          "24h",
          "How long after a task expired its late result is waited for; 0s for not at all.");
  public static final Key<Duration> KEEP_FOR =
      Key.duration("keep-for", "30d", "1m", "3650d", "How long ended tasks are kept.");

  public static final Key<Duration> KEEP_LONGEST =
      Key.duration(
          "keep-longest",
          "365d",
          "1m",
          "3650d",
          "Longest time a caller may ask to keep a task for.");
  public static final Key<Duration> KEEP_TOMBSTONES =
      Key.duration(
          "keep-tombstones",
          "30d",
          "0s",
          "3650d",
          "How long a deleted task is answered 410 gone; after that 404.");
  public static final Key<Duration> IDEMPOTENCY_WINDOW =
      Key.duration(
          "idempotency.window",
          "30s",
          "0s",
          "1h",
          "How long a request without a key is recognised when it is sent again, where it has a trace_id or its first was lost; 0s for never.");

  public static final Key<Boolean> CALLBACK_ALLOW_PRIVATE =
      Key.flag(
          "callback.allow-private",
          false,
          "Lets callbacks go to loopback and private addresses; for development.");
  public static final Key<Boolean> CALLBACK_ALLOW_HTTP =
      Key.flag("callback.allow-http", true, "Lets callbacks go to http URLs, not only https.");
  public static final Key<Duration> CALLBACK_TIMEOUT =
      Key.duration(
          "callback.timeout",
          "10s",
          "100ms",
          "5m",
          "One attempt at a callback, from the look-up of the name to the answer.");
  public static final Key<Integer> CALLBACK_IN_FLIGHT =
      Key.integer(
          "callback.in-flight",
          512,
          1,
          100_000,
          "Callbacks under way at once that began less than a second ago.");
  public static final Key<Integer> CALLBACK_SLOW_IN_FLIGHT =
      Key.integer(
          "callback.slow-in-flight",
          2048,
          1,
          100_000,
          "Callbacks under way at once that take longer, and those to receivers known to be slow.");
  public static final Key<Integer> CALLBACK_PER_DESTINATION =
      Key.integer(
          "callback.per-destination",
          32,
          1,
          10_000,
          "Callbacks under way at once to one endpoint, or from one application to one origin.");
  public static final Key<Integer> CALLBACK_PER_ORIGIN =
      Key.integer(
          "callback.per-origin",
          32,
          1,
          10_000,
          "Callbacks under way at once to one scheme, host and port from all applications.");
  public static final Key<Duration> CALLBACK_CIRCUIT_PAUSE =
      Key.duration(
          "callback.circuit-pause",
          "5s",
          "100ms",
          "15m",
          "How long a receiver that kept silent five times is left alone at first; each failed probe doubles it, to 15 minutes.");
  public static final Key<List<Duration>> CALLBACK_RETRIES =
      Key.durations(
          "callback.retries",
          "1s,5s,30s,2m,10m,30m,1h,2h,4h,8h,12h,21h,24h",
          "Waits between attempts at a callback; after the last it is given up.");
  public static final Key<Duration> CALLBACK_GIVE_UP_AFTER =
      Key.duration(
          "callback.give-up-after",
          "7d",
          "1s",
          "60d",
          "No attempt is planned later than this after a callback was made or sent again.");
  public static final Key<Duration> CALLBACK_DISABLE_AFTER =
      Key.duration(
          "callback.disable-after",
          "5d",
          "1m",
          "365d",
          "A registered endpoint of which every attempt failed for this long is switched off.");
  public static final Key<String> CALLBACK_PROXY =
      Key.matching(
          "callback.proxy",
          "|http://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?/?",
          "nothing, or http://host:port",
          "Sends all callbacks through this proxy, which then looks the names up.");

  public static final Key<String> CATALOG_FOLDER =
      Key.text(
          "catalog.folder",
          "",
          "a folder, or empty for <data>/catalog",
          "Folder with service files of your own.");
  public static final Key<Boolean> COMPATIBLE_MIRROR =
      Key.flag(
          "compatible.mirror",
          true,
          "Adds state and data to finished records, which the official command lines need.");
  public static final Key<List<String>> COMPATIBLE_INLINE =
      Key.words(
          "compatible.inline",
          "names of services with commas between",
          "Services of the task style, such as veo and sora, that answer inline instead.");

  private static final List<Key<?>> OWN =
      List.of(
          PORT,
          ADDRESS,
          DATA,
          STORE,
          STORE_PASSWORD,
          STORE_LISTEN,
          STORE_WAIT,
          PUBLIC_URL,
          LOG_LEVEL,
          FIRST_CREDIT,
          ADMIN_TOKEN,
          HTTP_BODY,
          HTTP_HEAD,
          HTTP_JSON_DEPTH,
          HTTP_CONNECTIONS,
          HTTP_IDLE,
          HTTP_GRACE,
          ACCESS_CREATE,
          ACCESS_CREATE_BURST,
          ACCESS_QUERY,
          ACCESS_QUERY_BURST,
          ACCESS_OPEN,
          ACCESS_SERVICE_LIMITS,
          WAIT_INLINE,
          WAIT_LONGEST,
          WAIT_HELD,
          STREAM_LONGEST,
          ENGINE_OPEN,
          ENGINE_RUNNING,
          ENGINE_RUNNING_PER_APPLICATION,
          ENGINE_FINISH_BY,
          ENGINE_LATE_WINDOW,
          KEEP_FOR,
          KEEP_LONGEST,
          KEEP_TOMBSTONES,
          IDEMPOTENCY_WINDOW,
          CALLBACK_ALLOW_PRIVATE,
          CALLBACK_ALLOW_HTTP,
          CALLBACK_TIMEOUT,
          CALLBACK_IN_FLIGHT,
          CALLBACK_SLOW_IN_FLIGHT,
          CALLBACK_PER_DESTINATION,
          CALLBACK_PER_ORIGIN,
          CALLBACK_CIRCUIT_PAUSE,
          CALLBACK_RETRIES,
          CALLBACK_GIVE_UP_AFTER,
          CALLBACK_DISABLE_AFTER,
          CALLBACK_PROXY,
          CATALOG_FOLDER,
          COMPATIBLE_MIRROR,
          COMPATIBLE_INLINE);

  /// All keys in the order of the reference page.
  public static final List<Key<?>> ALL =
      Stream.of(OWN, HttpKeys.ALL, SecretKeys.ALL, SandboxKeys.ALL, ProviderKeys.ALL, AssetKeys.ALL)
          .flatMap(List::stream)
          .toList();

  private static final Map<String, Key<?>> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Key::name, Function.identity()));

  private Keys() {}

  /// The key with this name.
  static Optional<Key<?>> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// The reference page: one Markdown table of all keys.
  public static String reference() {
    String head =
        """
        | key | environment | default | allowed | meaning |
        | --- | --- | --- | --- | --- |
        """;
    return ALL.stream()
        .map(key ->
            "| `%s` | `%s` | %s | %s | %s |%n"
                .formatted(
                    key.name(),
                    key.variable(),
                    key.defaultText().isEmpty() ? "(empty)" : "`" + key.defaultText() + "`",
                    key.range(),
                    key.meaning()))
        .collect(Collectors.joining("", head, ""));
  }

  /// How much is logged.
  public enum LogLevel {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }
}
