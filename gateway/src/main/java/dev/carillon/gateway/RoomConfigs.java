package dev.carillon.gateway;

import dev.carillon.gateway.access.AccessConfig;
import dev.carillon.gateway.access.Quotas;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.config.AssetKeys;
import dev.carillon.gateway.config.ConfigException;
import dev.carillon.gateway.config.HttpKeys;
import dev.carillon.gateway.config.Key;
import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.config.ProviderKeys;
import dev.carillon.gateway.config.SandboxKeys;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.delivery.DeliveryConfig;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.engine.EngineConfig;
import dev.carillon.gateway.feed.FeedConfig;
import dev.carillon.gateway.http.HttpConfig;
import dev.carillon.gateway.http.HttpLimits;
import dev.carillon.gateway.http.peer.TrustedProxies;
import dev.carillon.gateway.intake.IntakeConfig;
import dev.carillon.gateway.store.postgres.PostgresConfig;
import dev.carillon.gateway.store.postgres.sql.PostgresUrl;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.upstream.Routing;
import dev.carillon.gateway.upstream.http.ProviderConfig;
import dev.carillon.gateway.upstream.http.spool.Spool;
import dev.carillon.gateway.upstream.sandbox.media.StudioConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Translates settings into each room's own record of limits.
record RoomConfigs(Settings settings, Map<String, String> environment) {

  RoomConfigs(Settings settings) {
    this(settings, Map.of());
  }

  Path data() {
    return Path.of(settings.get(Keys.DATA)).toAbsolutePath().normalize();
  }

  Path database() {
    return data().resolve("carillon.db");
  }

  Path catalogFolder() {
    String folder = settings.get(Keys.CATALOG_FOLDER);
    return folder.isEmpty() ? data().resolve("catalog") : Path.of(folder);
  }

  Optional<String> publicUrl() {
    String url = settings.get(Keys.PUBLIC_URL);
    return url.isEmpty() ? Optional.empty() : Optional.of(url.replaceFirst("/+$", ""));
  }

  HttpConfig http() {
    HttpLimits usual = HttpLimits.DEFAULTS;
    int body = Math.toIntExact(settings.get(Keys.HTTP_BODY));
    HttpLimits limits =
        new HttpLimits(
            Math.toIntExact(settings.get(Keys.HTTP_HEAD)),
            body,
            settings.get(Keys.HTTP_JSON_DEPTH),
            body,
            usual.jsonNameChars(),
            usual.jsonNumberChars(),
            settings.get(Keys.HTTP_IDLE),
            usual.read(),
            settings.get(Keys.HTTP_CONNECTIONS),
            usual.backlog(),
            settings.get(Keys.HTTP_GRACE));
    return new HttpConfig(
        settings.get(Keys.ADDRESS), settings.get(Keys.PORT), publicUrl(), limits, proxies());
  }

  private TrustedProxies proxies() {
    return TrustedProxies.of(
        settings.get(HttpKeys.TRUSTED_PROXIES),
        settings.get(HttpKeys.TRUSTED_HEADER).equals("forwarded")
            ? TrustedProxies.Header.FORWARDED
            : TrustedProxies.Header.X_FORWARDED_FOR);
  }

  /// The host in URLs when no public one is set: clients cannot reach "all addresses".
  String reachableHost() {
    String host = settings.get(Keys.ADDRESS);
    if (host.equals("0.0.0.0") || host.equals("::")) {
      return "localhost";
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }

  AccessConfig access() {
    AccessConfig usual = AccessConfig.DEFAULTS;
    return new AccessConfig(
        Rate.perSecond(settings.get(Keys.ACCESS_CREATE), settings.get(Keys.ACCESS_CREATE_BURST)),
        Rate.perSecond(settings.get(Keys.ACCESS_QUERY), settings.get(Keys.ACCESS_QUERY_BURST)),
        usual.failures(),
        usual.remembered(),
        usual.tokens(),
        usual.buckets());
  }

  /// What holds for applications without limits of their own.
  Quotas.Usual usual(Catalog catalog) {
    Map<String, Ceiling> services =
        settings.get(Keys.ACCESS_SERVICE_LIMITS)
            ? catalog.services().stream().collect(Collectors.toMap(Service::name, Service::ceiling))
            : Map.of();
    return new Quotas.Usual(orNoLimit(settings.get(Keys.ACCESS_OPEN)), services);
  }

  private static int orNoLimit(int most) {
    return most == 0 ? Integer.MAX_VALUE : most;
  }

  StudioConfig studio() {
    StudioConfig usual = StudioConfig.in(data().resolve("sandbox"));
    return new StudioConfig(
        usual.folder(),
        settings.get(SandboxKeys.CACHE),
        settings.get(SandboxKeys.THREADS),
        usual.queue(),
        usual.patience());
  }

  SqliteConfig store() {
    return SqliteConfig.defaults().withOpenTasks(settings.get(Keys.ENGINE_OPEN));
  }

  /// The PostgreSQL store; empty where tasks are kept in a file.
  Optional<PostgresConfig> postgres() {
    String store = settings.get(Keys.STORE);
    if (!PostgresUrl.isOne(store)) {
      return Optional.empty();
    }
    String password = settings.get(Keys.STORE_PASSWORD);
    PostgresUrl url = PostgresUrl.parse(store);
    return Optional.of(
        PostgresConfig.of(password.isEmpty() ? url : url.withPassword(password))
            .withOpenTasks(settings.get(Keys.ENGINE_OPEN))
            .withListen(settings.get(Keys.STORE_LISTEN)));
  }

  Duration storeWait() {
    return settings.get(Keys.STORE_WAIT);
  }

  DeliveryConfig delivery() {
    DeliveryConfig usual = DeliveryConfig.defaults();
    DeliveryConfig.Timeouts timeouts = usual.timeouts();
    DeliveryConfig set =
        usual
            .with(
                new DeliveryConfig.Addresses(
                    settings.get(Keys.CALLBACK_ALLOW_HTTP),
                    settings.get(Keys.CALLBACK_ALLOW_PRIVATE)))
            .with(
                new DeliveryConfig.Timeouts(
                    settings.get(Keys.CALLBACK_TIMEOUT),
                    timeouts.connect(),
                    timeouts.lookup(),
                    timeouts.shutdownGrace()))
            .with(
                new DeliveryConfig.Retries(
                    settings.get(Keys.CALLBACK_RETRIES), settings.get(Keys.CALLBACK_GIVE_UP_AFTER)))
            .with(
                new DeliveryConfig.Seats(
                    settings.get(Keys.CALLBACK_IN_FLIGHT),
                    settings.get(Keys.CALLBACK_SLOW_IN_FLIGHT),
                    settings.get(Keys.CALLBACK_PER_DESTINATION),
                    settings.get(Keys.CALLBACK_PER_ORIGIN),
                    settings.get(Keys.CALLBACK_CIRCUIT_PAUSE)))
            .disablingAfter(settings.get(Keys.CALLBACK_DISABLE_AFTER));
    String proxy = settings.get(Keys.CALLBACK_PROXY);
    return proxy.isEmpty() ? set : set.with(DeliveryConfig.EgressProxy.parse(proxy));
  }

  /// Keys that are set go before those of the environment. Providers are asked to tell news only
  /// where a public URL is set.
  ProviderConfig upstream() {
    Map<String, String> keys = new LinkedHashMap<>(environment);
    keys.putAll(pairs(ProviderKeys.KEYS));
    Map<String, URI> bases = new LinkedHashMap<>();
    pairs(ProviderKeys.BASE_URLS)
        .forEach((name, text) -> bases.put(name, ProviderConfig.address(text)));
    String folder = settings.get(ProviderKeys.FOLDER);
    return new ProviderConfig(
        Optional.of(folder.isEmpty() ? data().resolve("providers") : Path.of(folder)),
        keys,
        bases,
        Set.copyOf(settings.get(ProviderKeys.OFF)),
        publicUrl(),
        data().resolve("spool"),
        answers());
  }

  private Spool.Limits answers() {
    long one = settings.get(ProviderKeys.ANSWER_BYTES);
    long all = settings.get(ProviderKeys.SPOOLED_BYTES);
    if (one > all) {
      throw new ConfigException(
          List.of(
              ProviderKeys.SPOOLED_BYTES.name()
                  + " must be at least "
                  + ProviderKeys.ANSWER_BYTES.name()));
    }
    return new Spool.Limits(
        one,
        settings.get(ProviderKeys.ANSWERS),
        settings.get(AssetKeys.FREE_BYTES),
        new Spool.InAll(all, settings.get(ProviderKeys.ANSWER_MEMORY)));
  }

  /// The operator's own routes.
  Routing routes() {
    Map<String, List<String>> routes = new LinkedHashMap<>();
    pairs(ProviderKeys.ROUTES)
        .forEach((endpoint, text) ->
            routes.put(endpoint, Arrays.stream(text.split(">", -1)).map(String::strip).toList()));
    return new Routing(routes);
  }

  private Map<String, String> pairs(Key<List<String>> key) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String word : settings.get(key)) {
      int equals = word.indexOf('=');
      pairs.put(word.substring(0, equals).strip(), word.substring(equals + 1).strip());
    }
    return pairs;
  }

  EngineConfig engine() {
    return new EngineConfig(
        settings.get(Keys.ENGINE_RUNNING),
        orNoLimit(settings.get(Keys.ENGINE_RUNNING_PER_APPLICATION)),
        settings.get(Keys.ENGINE_LATE_WINDOW));
  }

  /// @param clock tells whether a task's time to be kept is over
  FeedConfig feed(InstantSource clock) {
    return new FeedConfig(
        settings.get(Keys.WAIT_LONGEST),
        settings.get(Keys.STREAM_LONGEST),
        settings.get(Keys.COMPATIBLE_MIRROR),
        new FeedConfig.Kept(settings.get(Keys.KEEP_FOR), clock));
  }

  IntakeConfig intake() {
    return new IntakeConfig(
        settings.get(Keys.WAIT_INLINE),
        settings.get(Keys.WAIT_LONGEST),
        settings.get(Keys.ENGINE_FINISH_BY),
        settings.get(Keys.KEEP_FOR),
        settings.get(Keys.KEEP_LONGEST),
        settings.get(Keys.IDEMPOTENCY_WINDOW),
        Set.copyOf(settings.get(Keys.COMPATIBLE_INLINE)));
  }
}
