package dev.carillon.gateway;

import dev.carillon.gateway.access.AccessConfig;
import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.delivery.DeliveryConfig;
import dev.carillon.gateway.engine.EngineConfig;
import dev.carillon.gateway.feed.FeedConfig;
import dev.carillon.gateway.http.HttpConfig;
import dev.carillon.gateway.http.HttpLimits;
import dev.carillon.gateway.intake.IntakeConfig;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.upstream.sandbox.media.StudioConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Translates settings into each room's own record of limits.
record RoomConfigs(Settings settings) {

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
    return new HttpConfig(settings.get(Keys.ADDRESS), settings.get(Keys.PORT), publicUrl(), limits);
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
        new AccessConfig.Rate(
            settings.get(Keys.ACCESS_CREATE), settings.get(Keys.ACCESS_CREATE_BURST)),
        new AccessConfig.Rate(
            settings.get(Keys.ACCESS_QUERY), settings.get(Keys.ACCESS_QUERY_BURST)),
        usual.failures(),
        usual.remembered(),
        usual.tokens(),
        usual.buckets());
  }

  StudioConfig studio() {
    StudioConfig usual = StudioConfig.in(data().resolve("sandbox"));
    return new StudioConfig(
        usual.folder(),
        settings.get(Keys.SANDBOX_CACHE),
        settings.get(Keys.SANDBOX_THREADS),
        usual.queue(),
        usual.patience());
  }

  SqliteConfig store() {
    return SqliteConfig.defaults().withOpenTasks(settings.get(Keys.ENGINE_OPEN));
  }

  DeliveryConfig delivery() {
    DeliveryConfig usual = DeliveryConfig.defaults();
    DeliveryConfig.LaneLimits lanes = usual.lanes();
    DeliveryConfig.Timeouts timeouts = usual.timeouts();
    return usual
        .with(
            new DeliveryConfig.Addresses(
                settings.get(Keys.CALLBACK_ALLOW_HTTP), settings.get(Keys.CALLBACK_ALLOW_PRIVATE)))
        .with(
            new DeliveryConfig.Timeouts(
                settings.get(Keys.CALLBACK_TIMEOUT),
                timeouts.connect(),
                timeouts.lookup(),
                timeouts.shutdownGrace()))
        .with(
            new DeliveryConfig.Retries(
                settings.get(Keys.CALLBACK_RETRIES), usual.retries().giveUpAfter()))
        .with(
            new DeliveryConfig.LaneLimits(
                settings.get(Keys.CALLBACK_IN_FLIGHT),
                settings.get(Keys.CALLBACK_PER_DESTINATION),
                lanes.waitingPerDestination(),
                lanes.waiting()));
  }

  EngineConfig engine() {
    return new EngineConfig(settings.get(Keys.ENGINE_RUNNING));
  }

  FeedConfig feed() {
    return new FeedConfig(
        settings.get(Keys.WAIT_LONGEST),
        settings.get(Keys.STREAM_LONGEST),
        settings.get(Keys.COMPATIBLE_MIRROR));
  }

  IntakeConfig intake() {
    return new IntakeConfig(
        settings.get(Keys.WAIT_INLINE),
        settings.get(Keys.WAIT_LONGEST),
        settings.get(Keys.ENGINE_FINISH_BY),
        Set.copyOf(settings.get(Keys.COMPATIBLE_INLINE)));
  }
}
