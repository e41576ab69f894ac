package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.delivery.AddressGuard;
import dev.carillon.gateway.delivery.DeliveryConfig;
import dev.carillon.gateway.delivery.GuardedClient;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.upstream.Job;
import dev.carillon.gateway.upstream.Provider;
import dev.carillon.gateway.upstream.Providers;
import dev.carillon.gateway.upstream.Router;
import dev.carillon.gateway.upstream.Routing;
import dev.carillon.gateway.upstream.Sleeper;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.gateway.upstream.UpstreamListener;
import dev.carillon.gateway.upstream.http.spool.Spool;
import dev.carillon.testkit.HandClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// One task in the hands of the providers, as the engine would hold it: the reference is kept from
/// turn to turn, and time passes only while somebody waits.
final class Desk implements Upstream.Progress, AutoCloseable {
  static final Catalog CATALOG = Catalog.load(Optional.empty());

  private static final int MOST_TURNS = 60;

  private final ProviderConfig config;
  private final HandClock clock;
  private final SplittableRandom random = new SplittableRandom(3);
  private final String endpoint;
  private final String request;
  private final UpstreamListener listener;
  private final List<Integer> shown = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<Integer, byte[]> kept = new ConcurrentHashMap<>();
  private final GuardedClient guarded =
      new GuardedClient(
          new AddressGuard(new DeliveryConfig.Addresses(true, false), 8192),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));
  private volatile Consumer<Desk> whileKeeping = _ -> {};
  private volatile Consumer<Desk> whenNoted = _ -> {};
  private volatile boolean ours = true;
  private Routing routing = Routing.NONE;
  private HttpProviders http;
  private Providers providers;
  private Claim claim;

  Desk(ProviderConfig config, String endpoint, String request) {
    this(config, endpoint, request, UpstreamListener.NONE);
  }

  Desk(ProviderConfig config, String endpoint, String request, UpstreamListener listener) {
    this.config = config;
    this.listener = listener;
    this.clock = new HandClock();
    this.endpoint = endpoint;
    this.request = request;
    this.claim = newClaim();
    this.http = open();
    this.providers = providers();
  }

  private Claim newClaim() {
    Ids ids = new Ids(clock, random);
    Owner owner =
        new Owner(
            new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
    Order order =
        new Order(
            new TaskId(ids.next()),
            owner,
            endpoint.split("/", -1)[1],
            endpoint,
            "type",
            "trace-1",
            clock.instant(),
            request,
            Optional.empty(),
            Money.ZERO,
            clock.instant().plus(Duration.ofHours(2)));
    Task task = new Task(order, new TaskState.Queued(), Task.Settlement.HELD);
    return new Claim(task, 1, 1, Optional.empty());
  }

  /// The task has expired for its caller, and a late result is waited for.
  void expire() {
    var expired =
        new TaskState.Expired(Optional.of(clock.instant()), clock.instant(), Reason.TOO_LATE);
    claim = claim.in(expired);
  }

  /// Another task of the same request.
  void fresh() {
    claim = newClaim();
  }

  /// Keys of a definition, and where its stand-in is.
  static ProviderConfig config(String provider, String url, Path results) {
    Definition definition = Definitions.shipped(provider);
    var environment = new HashMap<String, String>();
    definition.keys().values().forEach(variable -> environment.put(variable, "test-key"));
    definition.baseVariable().ifPresent(variable -> environment.put(variable, url));
    List<String> others = new ArrayList<>(Definitions.names());
    others.remove(provider);
    return new ProviderConfig(
        Optional.empty(),
        environment,
        Map.of(provider, URI.create(url)),
        Set.copyOf(others),
        Optional.empty(),
        results,
        Spool.Limits.DEFAULTS);
  }

  private HttpProviders open() {
    return new HttpProviders(
        config,
        new HttpProviders.Parts(
            clock,
            byHand(clock),
            listener,
            new byte[32],
            new HttpProviders.Outside(this::keep, guarded::client)));
  }

  /// Time passes only while somebody waits.
  static Sleeper byHand(HandClock clock) {
    return new Sleeper() {
      @Override
      public Duration elapsed() {
        return clock.elapsed();
      }

      @Override
      public void sleep(Duration duration) {
        clock.advance(duration);
      }
    };
  }

  private String keep(Task task, int index, InputStream bytes) throws IOException {
    kept.put(index, bytes.readAllBytes());
    whileKeeping.accept(this);
    return "http://gateway.test/assets/" + task.id() + "/b" + index;
  }

  /// What happens while bytes are being kept.
  void whileKeeping(Consumer<Desk> act) {
    whileKeeping = act;
  }

  /// What came as bytes, by the place among the works.
  Map<Integer, byte[]> kept() {
    return kept;
  }

  /// From now on by these routes.
  Desk routed(Map<String, List<String>> routes) {
    routing = new Routing(routes);
    providers = providers();
    return this;
  }

  private Providers providers() {
    Provider nobody =
        new Provider() {
          @Override
          public String name() {
            return "sandbox";
          }

          @Override
          public Outcome run(Job job) {
            throw new AssertionError("the sandbox was asked");
          }
        };
    return new Providers(
        CATALOG,
        new Router(nobody, http.providers(), routing, new SplittableRandom(1)),
        () -> "http://gateway.test",
        clock);
  }

  @Override
  public void at(int percent) {
    shown.add(percent);
  }

  @Override
  public boolean note(String ref) {
    notes.add(ref);
    claim = claim.at(ref);
    whenNoted.accept(this);
    return true;
  }

  @Override
  public boolean isSurelyOurs() {
    return ours;
  }

  /// What happens right after something was noted.
  void whenNoted(Consumer<Desk> act) {
    whenNoted = act;
  }

  /// Whether this process surely has the task still.
  void ours(boolean isIt) {
    ours = isIt;
  }

  /// One turn; the time until the next one passes.
  Outcome turn() throws InterruptedException {
    Outcome outcome = providers.run(claim, this);
    if (outcome instanceof Outcome.Wait(_, var pause, int progress)) {
      shown.add(progress);
      clock.advance(pause);
    } else if (outcome instanceof Outcome.Full(var pause)) {
      clock.advance(pause);
    } else if (outcome instanceof Outcome.Unknown) {
      clock.advance(Duration.ofSeconds(30));
    }
    return outcome;
  }

  /// Turns until it ended, or its fate stays unknown.
  Outcome end() throws InterruptedException {
    Outcome outcome = turn();
    for (int i = 0; i < MOST_TURNS && isOpen(outcome); i++) {
      outcome = turn();
    }
    return outcome;
  }

  private static boolean isOpen(Outcome outcome) {
    return outcome instanceof Outcome.Wait
        || outcome instanceof Outcome.Full
        || outcome instanceof Outcome.Unknown;
  }

  /// The process dies and another one starts: only what was noted is left.
  void restart() {
    http.close();
    http = open();
    providers = providers();
    claim = new Claim(claim.task(), claim.fence() + 1, claim.attempt() + 1, claim.upstreamRef());
  }

  /// As [#restart], and what was noted since then was never written.
  void restartFrom(String ref) {
    claim = claim.at(ref);
    restart();
  }

  CancelAnswer cancel() {
    return providers.cancel(claim);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  List<Integer> shown() {
    return List.copyOf(shown);
  }

  Claim claim() {
    return claim;
  }

  HandClock clock() {
    return clock;
  }

  HttpProviders http() {
    return http;
  }

  Providers upstream() {
    return providers;
  }

  @Override
  public void close() {
    guarded.close();
    http.close();
  }
}
