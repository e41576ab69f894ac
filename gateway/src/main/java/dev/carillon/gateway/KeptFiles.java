package dev.carillon.gateway;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.PlatformAccess;
import dev.carillon.gateway.asset.AssetConfig;
import dev.carillon.gateway.asset.AssetKeeper;
import dev.carillon.gateway.asset.AssetRoutes;
import dev.carillon.gateway.asset.AssetStore;
import dev.carillon.gateway.asset.Links;
import dev.carillon.gateway.asset.LocalAssets;
import dev.carillon.gateway.asset.Staging;
import dev.carillon.gateway.asset.Sweeper;
import dev.carillon.gateway.asset.UploadRoutes;
import dev.carillon.gateway.asset.s3.S3Assets;
import dev.carillon.gateway.asset.s3.S3Config;
import dev.carillon.gateway.catalog.Assets;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.config.AssetKeys;
import dev.carillon.gateway.config.ConfigException;
import dev.carillon.gateway.config.Key;
import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.delivery.AddressGuard;
import dev.carillon.gateway.delivery.DeliveryConfig;
import dev.carillon.gateway.delivery.GuardedClient;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.store.Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The room of kept files, built from settings.
final class KeptFiles implements AutoCloseable {
  private static final Duration LOOKUP = Duration.ofSeconds(5);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /// Signed addresses of large clouds are long.
  private static final int LONGEST_URL = 8_192;

  private final AssetConfig config;
  private final AssetKeeper.Parts parts;
  private final AssetKeeper keeper;
  private final Sweeper sweeper;
  private final Store store;
  private final InstantSource clock;

  /// What it is built on.
  ///
  /// @param secret makes the key of links on the very first start
  /// @param baseUrl what addresses of this gateway begin with
  /// @param isProvider whether an address is a provider's that the operator named, which may stand
  ///   anywhere
  record Ground(
      Store store,
      Catalog catalog,
      InstantSource clock,
      Supplier<byte[]> secret,
      Supplier<String> baseUrl,
      Predicate<URI> isProvider) {}

  KeptFiles(RoomConfigs configs, Ground ground, Tally tally) {
    Settings settings = configs.settings();
    this.store = ground.store();
    this.clock = ground.clock();
    this.config = config(settings);
    boolean local = settings.get(AssetKeys.STORE) == AssetKeys.Kind.LOCAL;
    Path folder = folder(configs);
    Path staging = local ? folder.resolve(".staging") : configs.data().resolve("staging");
    AssetStore kept = local ? new LocalAssets(folder) : new S3Assets(s3(settings), clock);
    byte[] secret = store.access().secret(Links.SECRET_NAME, ground.secret());
    this.parts =
        new AssetKeeper.Parts(
            kept,
            new Staging(staging, bounds(settings)),
            new Links(secret, ground.baseUrl(), clock),
            new GuardedClient(guard(settings), LOOKUP, CONNECT, ground.isProvider()),
            endpoint -> isCopied(ground.catalog(), endpoint),
            tally);
    this.keeper = new AssetKeeper(config, parts, clock);
    this.sweeper =
        new Sweeper(parts, id -> store.tasks().find(id).isPresent(), config.uploads(), clock);
  }

  private static Path folder(RoomConfigs configs) {
    String folder = configs.settings().get(AssetKeys.FOLDER);
    return folder.isEmpty() ? configs.data().resolve("assets") : Path.of(folder).toAbsolutePath();
  }

  private static Staging.Bounds bounds(Settings settings) {
    long most = settings.get(AssetKeys.STAGED_BYTES);
    for (Key<Long> one : List.of(AssetKeys.MAX_BYTES, AssetKeys.UPLOAD_MAX_BYTES)) {
      if (settings.get(one) > most) {
        throw new ConfigException(
            List.of(AssetKeys.STAGED_BYTES.name() + " must be at least " + one.name()));
      }
    }
    return new Staging.Bounds(most, settings.get(AssetKeys.FREE_BYTES));
  }

  private static AddressGuard guard(Settings settings) {
    return new AddressGuard(
        new DeliveryConfig.Addresses(
            settings.get(AssetKeys.ALLOW_HTTP), settings.get(AssetKeys.ALLOW_PRIVATE)),
        LONGEST_URL);
  }

  private static boolean isCopied(Catalog catalog, String endpoint) {
    return catalog
        .byKey(endpoint)
        .map(Endpoint::assets)
        .filter(assets -> assets == Assets.LINK)
        .isEmpty();
  }

  private static S3Config s3(Settings settings) {
    String endpoint = settings.get(AssetKeys.S3_ENDPOINT);
    for (Key<String> needed :
        List.of(AssetKeys.S3_BUCKET, AssetKeys.S3_ACCESS_KEY, AssetKeys.S3_SECRET_KEY)) {
      if (settings.get(needed).isEmpty()) {
        throw new ConfigException(List.of("asset.store is s3, so set " + needed.name()));
      }
    }
    return new S3Config(
        endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint)),
        settings.get(AssetKeys.S3_REGION),
        settings.get(AssetKeys.S3_BUCKET),
        settings.get(AssetKeys.S3_PREFIX),
        new S3Config.Credentials(
            settings.get(AssetKeys.S3_ACCESS_KEY), settings.get(AssetKeys.S3_SECRET_KEY)),
        settings.get(AssetKeys.S3_PATH_STYLE));
  }

  private static AssetConfig config(Settings settings) {
    return new AssetConfig(
        settings.get(AssetKeys.COPY),
        new AssetConfig.Copying(
            settings.get(AssetKeys.MAX_BYTES),
            settings.get(AssetKeys.MAX_FILES),
            settings.get(AssetKeys.COPIES),
            settings.get(AssetKeys.TIMEOUT),
            settings.get(AssetKeys.COPY_FOR),
            FIRST_PAUSE),
        new AssetConfig.Uploads(
            settings.get(AssetKeys.UPLOAD_MAX_BYTES),
            settings.get(AssetKeys.UPLOAD_MAX_FILES),
            settings.get(AssetKeys.UPLOAD_KEEP_FOR),
            settings.get(AssetKeys.UPLOAD_TIMEOUT)),
        settings.get(AssetKeys.LINK_FOR),
        settings.get(Keys.KEEP_FOR));
  }

  /// Deletes the files of a task that was deleted just now.
  TaskId forgotten(TaskId task) {
    Thread.ofVirtual().name("asset-forget").start(() -> keeper.forget(task));
    return task;
  }

  /// What connects to addresses that are somebody else's word.
  GuardedClient guarded() {
    return parts.guarded();
  }

  /// How many bytes lie on our disk until the storage takes them.
  long staged() {
    return parts.staging().bytes();
  }

  AssetKeeper keeper() {
    return keeper;
  }

  Routes addTo(Routes routes, Access access, PlatformAccess platform, Ids ids) {
    new UploadRoutes(
            config.uploads(),
            parts,
            new UploadRoutes.Doors(access, platform),
            new UploadRoutes.Clocks(clock, ids))
        .addTo(routes);
    return new AssetRoutes(keeper, parts.links(), access, store.tasks(), clock).addTo(routes);
  }

  void start() {
    sweeper.start();
  }

  @Override
  public void close() {
    sweeper.close();
    parts.guarded().close();
    parts.store().close();
  }
}
