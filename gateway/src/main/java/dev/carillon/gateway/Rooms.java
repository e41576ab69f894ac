package dev.carillon.gateway;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.FirstApplication;
import dev.carillon.gateway.access.TokenHash;
import dev.carillon.gateway.asset.MediaRoute;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.catalog.Envelope;
import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.delivery.Courier;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.engine.Engine;
import dev.carillon.gateway.engine.Purger;
import dev.carillon.gateway.engine.Worker;
import dev.carillon.gateway.feed.Answers;
import dev.carillon.gateway.feed.Foresight;
import dev.carillon.gateway.feed.RecordRoutes;
import dev.carillon.gateway.feed.TaskRoutes;
import dev.carillon.gateway.feed.Waiting;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.WebServer;
import dev.carillon.gateway.intake.Cancellation;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.ops.Health;
import dev.carillon.gateway.ops.Metrics;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.gateway.upstream.Providers;
import dev.carillon.gateway.upstream.Sleeper;
import dev.carillon.gateway.upstream.sandbox.Sandbox;
import dev.carillon.gateway.upstream.sandbox.SandboxProvider;
import dev.carillon.gateway.upstream.sandbox.media.Seal;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// All rooms of one gateway, built on each other in the order of the walk.
final class Rooms implements AutoCloseable {
  private static final String SANDBOX_KEY = "sandbox";

  private final RoomConfigs configs;
  private final Store store;
  private final FirstApplication first;
  private Optional<String> firstToken = Optional.empty();
  private final Studio studio;
  private final Foresight foresight;
  private final Waiting waiting;
  private final Engine engine;
  private final Purger purger;
  private final Courier courier;
  private final Metrics metrics;
  private final Tally tally;
  private final Health health;
  private final WebServer server;
  private volatile int port;

  Rooms(RoomConfigs configs, InstantSource clock, RandomGenerator secrets, Ids ids) {
    this.configs = configs;
    this.port = configs.http().port();
    Catalog catalog = Catalog.load(Optional.of(configs.catalogFolder()));
    this.store = SqliteStore.open(configs.database(), configs.store(), clock, ids);
    TokenHash tokens =
        new TokenHash(
            store.secret(TokenHash.SECRET_NAME, () -> bytes(secrets, TokenHash.SECRET_BYTES)));
    this.first = new FirstApplication(store, tokens, ids, secrets, clock);
    Access access = new Access(configs.access(), tokens, store::findByTokenHash, clock);
    this.studio =
        new Studio(
            configs.studio(),
            new Seal(store.secret(SANDBOX_KEY, () -> bytes(secrets, TokenHash.SECRET_BYTES))));
    this.foresight = new Foresight(store, catalog::byKey, clock);
    this.waiting = new Waiting(store, configs.settings().get(Keys.WAIT_HELD));
    this.metrics = new Metrics();
    this.tally = new Tally(metrics);
    this.health = new Health(store::ready);
    this.engine = engine(catalog, clock);
    this.purger = new Purger(store, clock, configs.settings().get(Keys.KEEP_FOR));
    this.courier =
        new Courier(
            configs.delivery(),
            new Courier.Parts(store, task -> isNested(catalog, task), clock, secrets, tally));
    gauges(waiting);
    Routes routes = routes(catalog, access, waiting, clock, ids);
    this.server = new WebServer(configs.http(), routes, ids, Gateway::translate, metrics);
  }

  private Engine engine(Catalog catalog, InstantSource clock) {
    double speed = configs.settings().get(Keys.SANDBOX_SPEED).doubleValue();
    Sandbox sandbox = new Sandbox(studio, speed, clock, Sleeper.REAL);
    Providers upstream =
        new Providers(catalog, List.of(new SandboxProvider(sandbox, clock)), this::baseUrl);
    return new Engine(configs.engine(), store, new Worker(store, upstream, clock, tally));
  }

  private Routes routes(
      Catalog catalog, Access access, Waiting waiting, InstantSource clock, Ids ids) {
    TaskRoutes natives = new TaskRoutes(configs.feed(), access, store, waiting, foresight);
    Intake intake = new Intake(configs.intake(), access, store, ids);
    Cancellation cancellation = new Cancellation(access, store, clock);
    Pages pages = new Pages(catalog);
    MediaRoute media = new MediaRoute(studio);
    return health
        .addTo(metrics.addTo(new Routes()))
        .get("/tasks", natives::list)
        .get("/tasks/{id}", natives::get)
        .post("/tasks/{id}/cancel", call -> natives.reply(call, cancellation.cancel(call)))
        .get("/tasks/{id}/events", natives::events)
        .get(Studio.PATH + "{name}", call -> pages.media(media, call))
        .get("/openapi.json", pages::openApi)
        .get("/", pages::home)
        .get("/docs", pages::docs)
        .get("/docs/{asset}", pages::docs)
        .fallback(
            new ServiceDoor(
                catalog,
                intake,
                metrics,
                new Answers(waiting, natives),
                new RecordRoutes(configs.feed(), access, store, natives)));
  }

  private void gauges(Waiting waiting) {
    metrics.gauge("carillon.tasks.open", "Tasks that have not ended.", store::openTasks);
    metrics.gauge("carillon.tasks.running", "Tasks being worked on.", engine::running);
    metrics.gauge("carillon.deliveries.pending", "Callbacks that wait.", store::pendingDeliveries);
    metrics.gauge("carillon.waits.held", "Requests that wait for a task.", waiting::held);
  }

  private static byte[] bytes(RandomGenerator random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private String baseUrl() {
    return configs.publicUrl().orElseGet(() -> "http://" + configs.reachableHost() + ":" + port);
  }

  private static boolean isNested(Catalog catalog, Task task) {
    return catalog
        .byKey(task.order().endpoint())
        .map(Endpoint::envelope)
        .filter(envelope -> envelope == Envelope.NESTED)
        .isPresent();
  }

  /// Listens first: where that fails, no work begins, and the first token, which is shown once, is
  /// not made yet.
  int start() {
    port = server.start();
    firstToken =
        first.create(Money.ofCredits(configs.settings().get(Keys.FIRST_CREDIT).toPlainString()));
    engine.start();
    courier.start();
    purger.start();
    health.serving(true);
    return port;
  }

  Optional<String> firstToken() {
    return firstToken;
  }

  @Override
  public void close() {
    health.serving(false);
    waiting.close();
    server.close();
    engine.close();
    courier.close();
    purger.close();
    foresight.close();
    studio.close();
    store.close();
    metrics.close();
  }
}
