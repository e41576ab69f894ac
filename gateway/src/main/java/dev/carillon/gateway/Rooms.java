package dev.carillon.gateway;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.FirstApplication;
import dev.carillon.gateway.access.TokenHash;
import dev.carillon.gateway.asset.Links;
import dev.carillon.gateway.asset.MediaRoute;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.catalog.Envelope;
import dev.carillon.gateway.catalog.Estimate;
import dev.carillon.gateway.config.ConfigException;
import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.config.SandboxKeys;
import dev.carillon.gateway.delivery.AddressGuard;
import dev.carillon.gateway.delivery.Courier;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.engine.Engine;
import dev.carillon.gateway.engine.EngineConfig;
import dev.carillon.gateway.engine.Purger;
import dev.carillon.gateway.engine.Worker;
import dev.carillon.gateway.feed.Answers;
import dev.carillon.gateway.feed.FeedConfig;
import dev.carillon.gateway.feed.FeedRoutes;
import dev.carillon.gateway.feed.Foresight;
import dev.carillon.gateway.feed.RecordRoutes;
import dev.carillon.gateway.feed.TaskRoutes;
import dev.carillon.gateway.feed.Waiting;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.WebServer;
import dev.carillon.gateway.intake.Cancellation;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.intake.Retention;
import dev.carillon.gateway.ops.Health;
import dev.carillon.gateway.ops.Metrics;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.upstream.Provider;
import dev.carillon.gateway.upstream.Providers;
import dev.carillon.gateway.upstream.Router;
import dev.carillon.gateway.upstream.Routing;
import dev.carillon.gateway.upstream.Sleeper;
import dev.carillon.gateway.upstream.http.HttpProviders;
import dev.carillon.gateway.upstream.sandbox.Sandbox;
import dev.carillon.gateway.upstream.sandbox.SandboxProvider;
import dev.carillon.gateway.upstream.sandbox.media.Seal;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import dev.carillon.gateway.webhook.Recoverer;
import dev.carillon.gateway.webhook.WebhookLimits;
import dev.carillon.gateway.webhook.Webhooks;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// All rooms of one gateway, built on each other in the order of the walk.
final class Rooms implements AutoCloseable {
  private static final String SANDBOX_KEY = "sandbox";
  private static final String UPSTREAM_SECRET = "upstream";

  /// What waits and pauses are measured by; the calendar is for what is stored or shown.
  private static final SteadyClock STEADY = SteadyClock.SYSTEM;

  private final RoomConfigs configs;
  private final Store store;
  private final FirstApplication first;
  private final Managing managing;
  private Optional<String> firstToken = Optional.empty();
  private final Studio studio;
  private final KeptFiles files;
  private final OpenAiWing openAi;
  private final Foresight foresight;
  private final Waiting waiting;
  private final HttpProviders upstreams;
  private final Router router;
  private final Engine engine;
  private final Purger purger;
  private final Courier courier;
  private final Recoverer recoverer;
  private final ClockWatch clockWatch;
  private final Metrics metrics;
  private final Tally tally;
  private final Health health;
  private final WebServer server;
  private volatile int port;

  Rooms(RoomConfigs configs, InstantSource clock, RandomGenerator secrets, Ids ids) {
    this.configs = configs;
    this.port = configs.http().port();
    Catalog catalog = Catalog.load(Optional.of(configs.catalogFolder()));
    this.store = Stores.sealed(configs, clock, ids, secrets);
    TokenHash tokens =
        new TokenHash(secret(TokenHash.SECRET_NAME, TokenHash.SECRET_BYTES, secrets));
    this.first = new FirstApplication(store.access(), tokens, ids, secrets, clock);
    this.managing =
        new Managing(configs, catalog, store, tokens, new Managing.Sources(clock, secrets, ids));
    Access access = managing.access();
    this.studio =
        new Studio(
            configs.studio(), new Seal(secret(SANDBOX_KEY, TokenHash.SECRET_BYTES, secrets)));
    this.openAi = new OpenAiWing(configs, catalog, studio, clock);
    this.foresight = new Foresight(store, key -> catalog.byKey(key).map(this::expected), clock);
    this.waiting = new Waiting(store, configs.settings().get(Keys.WAIT_HELD));
    this.metrics = new Metrics();
    this.tally = new Tally(metrics);
    this.health = new Health(store::ready);
    this.upstreams = upstreams(clock, secrets);
    this.files = files(catalog, clock, secrets);
    this.router = new Router(sandbox(clock), providers(), routing(catalog), secrets);
    this.engine = engine(catalog, clock);
    this.purger = purger(clock);
    this.courier = courier(catalog, clock, secrets);
    this.recoverer = new Recoverer(store.recoveries());
    this.clockWatch = new ClockWatch(clock, STEADY, store.deliveries()::bringForward);
    gauges(waiting);
    Routes routes = routes(catalog, access, clock, ids);
    new FeedRoutes(configs.feed(clock), access, store, waiting, clock).addTo(routes);
    webhooks(access, secrets, clock, ids).addTo(routes);
    files.addTo(routes, access, managing.platform(), ids);
    this.server = new WebServer(configs.http(), routes, ids, Gateway::translate, metrics);
  }

  /// A secret of this gateway, made on its very first start.
  private byte[] secret(String name, int bytes, RandomGenerator secrets) {
    return store.access().secret(name, () -> bytes(secrets, bytes));
  }

  private KeptFiles files(Catalog catalog, InstantSource clock, RandomGenerator secrets) {
    return new KeptFiles(
        configs,
        new KeptFiles.Ground(
            store,
            catalog,
            clock,
            () -> bytes(secrets, Links.SECRET_BYTES),
            this::baseUrl,
            upstreams::isBase),
        tally);
  }

  private Courier courier(Catalog catalog, InstantSource clock, RandomGenerator random) {
    return new Courier(
        configs.delivery(),
        new Courier.Parts(
            store.deliveries(),
            store.endpoints(),
            task -> isNested(catalog, task),
            clock,
            random,
            tally));
  }

  private Purger purger(InstantSource clock) {
    return new Purger(
        store,
        clock,
        configs.settings().get(Keys.KEEP_FOR),
        configs.settings().get(Keys.KEEP_TOMBSTONES));
  }

  /// The sandbox may run faster than life; the first estimates are as fast.
  private Estimate expected(Endpoint endpoint) {
    return router.isRouted(endpoint)
        ? endpoint.estimate()
        : endpoint.estimate().faster(sandboxSpeed());
  }

  private double sandboxSpeed() {
    return configs.settings().get(SandboxKeys.SPEED).doubleValue();
  }

  private HttpProviders upstreams(InstantSource clock, RandomGenerator secrets) {
    byte[] secret = secret(UPSTREAM_SECRET, TokenHash.SECRET_BYTES, secrets);
    var outside = new HttpProviders.Outside(this::keep, () -> files.guarded().client());
    return new HttpProviders(
        configs.upstream(), new HttpProviders.Parts(clock, Sleeper.REAL, tally, secret, outside));
  }

  private String keep(Task task, int index, InputStream bytes)
      throws IOException, InterruptedException {
    return files.keeper().keep(task, index, bytes);
  }

  private List<Provider> providers() {
    List<Provider> providers = new ArrayList<>(upstreams.providers());
    providers.add(openAi.live());
    return providers;
  }

  /// The operator's routes, once they and those of the catalog name nobody and nothing unknown.
  private Routing routing(Catalog catalog) {
    Routing routes = configs.routes();
    Set<String> names = new TreeSet<>(upstreams.known());
    names.addAll(List.of(SandboxProvider.NAME, openAi.live().name()));
    List<String> faults = routes.faults(catalog, names);
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return routes;
  }

  private SandboxProvider sandbox(InstantSource clock) {
    int most = configs.settings().get(SandboxKeys.OPEN_JOBS);
    return new SandboxProvider(
        new Sandbox(studio, sandboxSpeed(), clock, STEADY),
        clock,
        most == 0 ? Integer.MAX_VALUE : most);
  }

  private Engine engine(Catalog catalog, InstantSource clock) {
    Providers upstream = new Providers(catalog, router, this::baseUrl, clock);
    EngineConfig config = configs.engine();
    return new Engine(
        config,
        store,
        new Worker(
            store, upstream, clock, tally, new Worker.Endings(files.keeper(), config.lateWindow())),
        STEADY);
  }

  private Webhooks webhooks(Access access, RandomGenerator secrets, InstantSource clock, Ids ids) {
    AddressGuard guard = new AddressGuard(configs.delivery());
    return new Webhooks(
        new Webhooks.Parts(
            WebhookLimits.DEFAULTS,
            access,
            store,
            Outgoing.sending(guard, courier, secrets, clock),
            clock,
            ids));
  }

  private Routes routes(Catalog catalog, Access access, InstantSource clock, Ids ids) {
    FeedConfig feed = configs.feed(clock);
    TaskRoutes natives = new TaskRoutes(feed, access, store, waiting, foresight);
    Intake intake =
        new Intake(
            configs.intake(),
            access,
            store,
            new Intake.Making(ids, clock, task -> foresight.left(task).low()));
    intake.recall(catalog::byKey);
    Cancellation cancellation = new Cancellation(access, store, clock);
    Retention retention = new Retention(configs.intake(), access, store.tasks(), clock);
    Pages pages = new Pages(catalog);
    ServiceDoor door =
        new ServiceDoor(
            catalog,
            intake,
            metrics,
            new Answers(waiting, natives),
            new RecordRoutes(feed, access, store, natives));
    Routes shaped =
        openAi.addTo(
            new Routes(),
            wing(access, intake, retention, pages, new OpenAiWing.Sources(ids, clock)));
    return media(managing.addTo(health.addTo(metrics.addTo(shaped)), catalog), pages)
        .get("/tasks", natives::list)
        .get("/tasks/{id}", natives::get)
        .post("/tasks/{id}/cancel", call -> natives.reply(call, cancellation.cancel(call)))
        .post("/tasks/{id}/keep", call -> natives.reply(call, retention.keep(call)))
        .delete("/tasks/{id}", call -> natives.deleted(files.forgotten(retention.delete(call))))
        .get("/tasks/{id}/events", natives::events)
        .post("/upstream/{provider}/{token}", new NewsDoor(upstreams, engine)::heard)
        .get("/openapi.json", pages::openApi)
        .get("/", pages::home)
        .get("/docs", pages::docs)
        .get("/docs/{asset}", pages::docs)
        .fallback(door, door::route);
  }

  private Routes media(Routes routes, Pages pages) {
    MediaRoute media = new MediaRoute(studio);
    return routes.get(Studio.PATH + "{name}", call -> pages.media(media, call));
  }

  private OpenAiWing.Parts wing(
      Access access, Intake intake, Retention retention, Pages pages, OpenAiWing.Sources sources) {
    return new OpenAiWing.Parts(
        access,
        store,
        intake,
        retention,
        waiting,
        pages,
        files.keeper(),
        metrics,
        tally,
        sources,
        this::baseUrl);
  }

  private void gauges(Waiting waiting) {
    metrics.gauge("carillon.tasks.open", "Tasks that have not ended.", store.tasks()::openTasks);
    metrics.gauge("carillon.tasks.running", "Tasks being worked on.", engine::running);
    metrics.gauge(
        "carillon.tasks.upstream", "Tasks that wait for their provider.", engine::upstream);
    metrics.gauge("carillon.tasks.waiting", "Tasks that wait for their turn.", engine::waiting);
    metrics.gauge(
        "carillon.deliveries.pending",
        "Callbacks that wait.",
        store.deliveries()::pendingDeliveries);
    metrics.gauge("carillon.callbacks.in_flight", "Callbacks being sent.", courier::inFlight);
    metrics.gauge(
        "carillon.callbacks.slow",
        "Callbacks being sent for over a second.",
        courier::slowInFlight);
    metrics.gauge(
        "carillon.circuits.open", "Receivers left alone for a while.", courier::openCircuits);
    metrics.gauge("carillon.asset.copying", "Files being copied.", files.keeper()::copying);
    metrics.gauge("carillon.asset.staged.bytes", "Bytes not stored yet.", files::staged);
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
    managing.start("http://" + configs.reachableHost() + ":" + port);
    openAi.start();
    engine.start();
    courier.start();
    recoverer.start();
    clockWatch.start();
    purger.start();
    files.start();
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
    openAi.close();
    engine.close();
    clockWatch.close();
    recoverer.close();
    courier.close();
    purger.close();
    files.close();
    foresight.close();
    upstreams.close();
    studio.close();
    managing.close();
    store.close();
    metrics.close();
  }
}
