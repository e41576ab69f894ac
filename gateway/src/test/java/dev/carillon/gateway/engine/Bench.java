package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/// An engine on a real store, at an upstream whose acts a test gives.
final class Bench implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(20);
  static final Duration LONG = Duration.ofHours(1);
  static final Duration SHORT = Duration.ofMillis(300);

  private static final int MANY = 1_000;

  private final Path folder;
  private final InstantSource clock;
  private final Ids ids;
  private final Owner owner;
  private Optional<Engine> engine = Optional.empty();
  SqliteStore store;

  /// What the upstream does, and which wishes to cancel it heard.
  volatile Work work = (_, _) -> new Outcome.Unknown("nothing was given");

  volatile Stop stop = _ -> CancelAnswer.UNSUPPORTED;
  volatile Runnable told = () -> {};
  volatile boolean tells = true;
  volatile boolean notesFirst;

  /// What tasks ask for.
  volatile String request = "{}";

  final List<Optional<String>> stopped = new CopyOnWriteArrayList<>();

  interface Work {
    Outcome run(Claim claim, Upstream.Progress progress) throws InterruptedException;
  }

  interface Stop {
    CancelAnswer cancel(Claim claim);
  }

  final Upstream upstream =
      new Upstream() {
        @Override
        public Outcome run(Claim claim, Progress progress) throws InterruptedException {
          return work.run(claim, progress);
        }

        @Override
        public boolean tellsBeginning() {
          return tells;
        }

        @Override
        public boolean notesFirst(Claim claim) {
          return notesFirst;
        }

        @Override
        public CancelAnswer cancel(Claim claim) {
          CancelAnswer answer = stop.cancel(claim);
          stopped.add(claim.upstreamRef());
          return answer;
        }

        @Override
        public Optional<String> told(Claim claim, Map<String, String> job) {
          told.run();
          return Optional.empty();
        }
      };

  /// Who is asked, where that is not this upstream.
  Upstream asked = upstream;

  Bench(Path folder) {
    this(folder, InstantSource.system());
  }

  /// @param clock the calendar of all; what is waited for takes real time
  Bench(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
    this.ids = new Ids(clock, new SplittableRandom(7));
    this.owner =
        new Owner(
            new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
    this.store = opened();
    store.access().createAccount(owner.account(), Money.ofCredits("1000"));
    store
        .access()
        .createApplication(
            new Application(
                owner.application(),
                owner.account(),
                "a",
                Optional.empty(),
                Money.ZERO,
                true,
                false,
                clock.instant()));
  }

  private SqliteStore opened() {
    return SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), clock, ids);
  }

  /// Ends the engine and the store, and opens the store again.
  void restart() {
    close();
    engine = Optional.empty();
    store = opened();
  }

  Worker worker(Finalizer finalizer, Duration window) {
    var endings = new Worker.Endings(finalizer, window);
    return new Worker(store, asked, clock, (_, _) -> {}, endings);
  }

  Engine start() {
    return start(Finalizer.NONE, LONG, 4);
  }

  Engine start(Finalizer finalizer, Duration window, int places) {
    Engine made =
        new Engine(new EngineConfig(places, MANY, window), store, worker(finalizer, window));
    engine = Optional.of(made);
    made.start();
    return made;
  }

  Task accepted(Duration patience) {
    return accepted(patience, Optional.empty());
  }

  Task accepted(Duration patience, Optional<Duration> startWithin) {
    TaskId id = new TaskId(ids.next());
    Instant now = clock.instant();
    var terms = new Order.Terms(startWithin.map(now::plus), Optional.empty(), Optional.empty());
    store
        .tasks()
        .accept(
            new Order(
                id,
                owner,
                "midjourney",
                "/midjourney/imagine",
                "imagine",
                "t-" + id,
                now,
                request,
                Optional.empty(),
                Money.ofCredits("1"),
                now.plus(patience),
                terms));
    return task(id);
  }

  Claim claimed() throws InterruptedException {
    return store.tasks().claim(1, SOON).getFirst();
  }

  /// A claim of a task that expired and whose late result is waited for.
  Claim expiredClaim(String ref) throws InterruptedException {
    accepted(Duration.ZERO);
    Claim claim = claimed();
    store.tasks().noteUpstream(claim, ref);
    return expire(claim.at(ref));
  }

  Claim expire(Claim claim) {
    Instant now = clock.instant();
    var expired = new TaskState.Expired(Optional.of(now), now, Reason.TOO_LATE);
    store.tasks().expire(claim, expired);
    return claim.in(expired);
  }

  void wishToCancel(Task task) {
    store.tasks().requestCancel(task.id(), owner.application(), clock.instant());
  }

  Task task(TaskId id) {
    return store.tasks().find(id).orElseThrow();
  }

  TaskState state(Task task) {
    return task(task.id()).state();
  }

  boolean is(Task task, Class<? extends TaskState> state) {
    return state.isInstance(state(task));
  }

  void awaitState(Task task, Class<? extends TaskState> state) {
    Await.until("it is " + state.getSimpleName(), SOON, () -> is(task, state));
  }

  @Override
  public void close() {
    engine.ifPresent(Engine::close);
    store.close();
  }
}
