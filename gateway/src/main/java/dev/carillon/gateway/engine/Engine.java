package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.LimitStore;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes claimed tasks to their end. Three loops: one takes claims from the store, one gives turns
/// to applications and starts work, one watches deadlines.
public final class Engine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final int CLAIM_BATCH = 256;
  private static final Duration CLAIM_WAIT = Duration.ofSeconds(1);
  private static final Duration ANSWER_GRACE = Duration.ofSeconds(15);
  private static final long ANSWER_NAP_MILLIS = 20;
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  /// Waiting tasks that are looked at once more at the same time.
  private static final int LOOKS = 2_000;

  private static final Duration DEADLINE_ROUND = Duration.ofMillis(250);

  /// How many rounds later it is looked again for late results that a dead node waited for.
  private static final int LATE_ROUNDS = 20;

  private final Store store;
  private final Worker worker;
  private final int places;
  private final Semaphore slots;

  /// Runs on threads of their own whose task has expired and whose late result is waited for. They
  /// have left their places, so they delay nobody.
  private final Semaphore lateSlots;

  private final Turns<ApplicationId, Claim> waiting;
  private final Semaphore looks = new Semaphore(LOOKS);
  private final Waits waits;
  private final Map<TaskId, Run> runs = new ConcurrentHashMap<>();
  private final List<Thread> loops = new ArrayList<>();
  private Optional<Bell.Listening> listening = Optional.empty();
  private volatile boolean open = true;
  private int roundsToLate; // of the loop that watches deadlines

  public Engine(EngineConfig config, Store store, Worker worker) {
    this.store = store;
    this.worker = worker;
    this.places = config.runningTasks();
    this.slots = new Semaphore(places);
    this.lateSlots = new Semaphore(places);
    this.waits = new Waits(worker.clock());
    this.waiting = new Turns<>(application -> share(config, store.limits(), application));
  }

  /// Several nodes hold to a limit together: each runs its part of it.
  private static Turns.Share share(EngineConfig config, LimitStore store, ApplicationId of) {
    Limits limits = store.of(of);
    int most = limits.runningTasks().orElse(config.runningPerApplication());
    return new Turns.Share(
        limits.weight().orElse(1),
        most == Integer.MAX_VALUE ? most : store.portion(most),
        service -> limits.service(service).runningTasks().map(store::portion).orElse(Integer.MAX_VALUE));
  }

  /// Begins to work. Twice is harmless.
  public synchronized void start() {
    if (!loops.isEmpty()) {
      return;
    }
    listening = Optional.of(store.bell().listenToAll(this::heed));
    loops.add(loop("engine-claim", this::claimRound));
    loops.add(loop("engine-turn", this::startNext));
    loops.add(loop("engine-waits", this::resumeNext));
    loops.add(loop("engine-deadline", this::watchDeadlines));
  }

  /// How many tasks run now, parked ones not counted.
  public int running() {
    return runs.size();
  }

  /// How many tasks wait for their provider; none of them holds a place or a thread.
  public int upstream() {
    return waits.size();
  }

  /// News of a provider about a task's job: if it waits, it is looked at now.
  ///
  /// @param job what they tell about which job it is
  public void heard(TaskId task, Map<String, String> job) {
    waits
        .take(task)
        .ifPresent(claim -> {
          Claim next = claim;
          try {
            next = worker.told(claim, job);
          } finally {
            waits.put(next, worker.now());
          }
        });
  }

  /// How many claimed tasks wait for their turn.
  public int waiting() {
    return waiting.size();
  }

  /// Stops taking tasks and interrupts those that run; they are taken up again after a start.
  @Override
  public synchronized void close() {
    if (!open) {
      return;
    }
    open = false;
    listening.ifPresent(Bell.Listening::close);
    loops.forEach(Thread::interrupt);
    runs.values().stream().filter(run -> !run.inDoubt()).forEach(Run::shutDown);
    awaitAnswers();
    runs.values().forEach(Run::shutDown);
    worker.close();
    awaitRuns();
  }

  /// What is being submitted gets the time to hear its answer, so that a restart does not have to
  /// wonder what became of it.
  private void awaitAnswers() {
    try {
      for (long left = ANSWER_GRACE.toMillis();
          left > 0 && runs.values().stream().anyMatch(Run::inDoubt);
          left -= ANSWER_NAP_MILLIS) {
        Thread.sleep(ANSWER_NAP_MILLIS);
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }

  /// All places are free again when no work is under way.
  private void awaitRuns() {
    try {
      if (!slots.tryAcquire(places, CLOSE_GRACE.toSeconds(), TimeUnit.SECONDS)
          || !lateSlots.tryAcquire(places, CLOSE_GRACE.toSeconds(), TimeUnit.SECONDS)
          || !looks.tryAcquire(LOOKS, CLOSE_GRACE.toSeconds(), TimeUnit.SECONDS)) {
        log.warn("engine.close.late running={}", runs.size());
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Round {
    void run() throws InterruptedException;
  }

  private Thread loop(String name, Round round) {
    return Thread.ofVirtual()
        .name(name)
        .start(() -> {
          while (open) {
            try {
              round.run();
            } catch (InterruptedException stopping) {
              return;
            } catch (StoreUnavailableException later) {
              log.warn("engine.waiting loop={} reason=\"{}\"", name, later.getMessage());
              pause();
            } catch (RuntimeException bug) {
              log.error("engine.failed loop={}", name, bug);
              pause();
            }
          }
        });
  }

  private void pause() {
    try {
      Thread.sleep(CLAIM_WAIT);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void claimRound() throws InterruptedException {
    for (Claim claim : store.tasks().claim(CLAIM_BATCH, CLAIM_WAIT)) {
      enqueue(claim);
    }
  }

  /// Turns are an application's; each of its services has a lane.
  private void enqueue(Claim claim) {
    Order order = claim.task().order();
    waiting.add(order.owner().application(), order.service(), claim);
  }

  private void startNext() throws InterruptedException {
    slots.acquire();
    Claim claim;
    try {
      claim = waiting.take();
    } catch (InterruptedException stopping) {
      slots.release();
      throw stopping;
    }
    Run run = new Run(claim);
    runs.put(claim.task().id(), run);
    run.start(() -> work(run));
  }

  private void work(Run run) {
    Optional<Instant> again = Optional.empty();
    try {
      if (open) {
        again = worker.work(run);
      }
    } catch (RuntimeException unfinished) {
      // Closing, or a bug: the task is still open, so it gets another turn here or at the next
      // start.
      log.error("task.unfinished task={}", run.claim().task().id(), unfinished);
      if (run.isLate()) {
        again = Optional.of(worker.now().plus(CLAIM_WAIT));
      } else {
        again(run.claim());
      }
    } finally {
      runs.remove(run.claim().task().id(), run);
      end(run, again);
      if (run.leave()) {
        (run.resumed() ? looks : slots).release();
      } else {
        lateSlots.release();
      }
    }
  }

  /// A task that has expired waits without a share of what its application may run.
  private void end(Run run, Optional<Instant> again) {
    boolean late = run.isLate();
    if (again.isPresent()) {
      waits.put(late ? worker.late().expired(run.claim()) : run.claim(), again.get());
    } else if (late) {
      worker.left(run.claim().task().id());
    }
    if (again.isEmpty() || late) {
      giveUpShare(run);
    }
  }

  private void giveUpShare(Run run) {
    if (run.giveUpShare()) {
      ended(run.claim());
    }
  }

  private void ended(Claim claim) {
    Order order = claim.task().order();
    waiting.ended(order.owner().application(), order.service());
  }

  /// Goes on with the task whose time has come. It keeps its share of what its application may run.
  private void resumeNext() throws InterruptedException {
    looks.acquire();
    Claim claim;
    try {
      claim = waits.takeDue();
    } catch (InterruptedException stopping) {
      looks.release();
      throw stopping;
    }
    Run run = new Run(claim, true);
    runs.put(claim.task().id(), run);
    run.start(() -> work(run));
  }

  private void again(Claim claim) {
    pause();
    if (open) {
      enqueue(claim);
    }
  }

  /// Hears of every change, so it only hands over.
  private void heed(Task task) {
    if (Canceller.isWanted(task)) {
      Optional<Claim> claim = Optional.ofNullable(runs.get(task.id())).map(Run::claim);
      worker.askToCancel(claim.or(() -> waits.find(task.id())), task.id());
    }
    if (task.state() instanceof TaskState.Cancelled) {
      Run run = runs.get(task.id());
      if (run != null) {
        run.cancel();
      }
      worker.unpark(task.id());
      waits
          .take(task.id())
          .filter(claim -> !(claim.task().state() instanceof TaskState.Expired))
          .ifPresent(this::ended);
    }
    if (task.state().isFinal()) {
      worker.left(task.id());
    }
  }

  private void watchDeadlines() throws InterruptedException {
    if (--roundsToLate <= 0) {
      takeUpLate();
      roundsToLate = LATE_ROUNDS;
    }
    Thread.sleep(DEADLINE_ROUND);
    runs.values().forEach(this::watch);
    waiting.takeIf(worker.lateness()::isLateToStart).forEach(this::expireWaiting);
    worker.expireParked();
  }

  /// One that only looks at what it waits for is expired at its next look.
  private void watch(Run run) {
    if (worker.lateness().isTooLate(run.claim())) {
      run.late();
    } else if (!worker.lateness().isLate(run.claim())
        || (run.resumed() && !run.isFinishing())
        || !run.expire()) {
      return;
    } else if (run.isFinishing()) {
      run.late(); // what is only being copied was made in time
    } else {
      Thread.ofVirtual().name("expire-" + run.claim().task().id()).start(() -> expire(run));
    }
  }

  /// Ends a task for its caller and lets its provider work on, where there is room for that.
  private void expire(Run run) {
    if (!worker.lateness().countsLate(run.claim()) || !lateSlots.tryAcquire()) {
      run.late();
      return;
    }
    boolean awaited = false;
    try {
      awaited = worker.late().expireAwaited(run.claim());
    } catch (StoreUnavailableException later) {
      log.warn("engine.waiting loop=expire reason=\"{}\"", later.getMessage());
      run.notExpired();
    }
    if (awaited) {
      run.goesLate();
    }
    if (awaited && run.leave()) {
      giveUpShare(run);
      slots.release();
    } else {
      lateSlots.release();
    }
  }

  /// A task that a dead process worked on may get its result late, too.
  private void expireWaiting(Claim claim) {
    try {
      if (worker.late().mayCome(claim) && worker.late().expireAwaited(claim)) {
        waits.put(worker.late().expired(claim), worker.now());
      } else {
        worker.expireWaiting(claim);
      }
    } catch (StoreUnavailableException later) {
      log.warn("engine.waiting loop=expire reason=\"{}\"", later.getMessage());
      enqueue(claim);
    }
  }

  /// Waits on for what a dead process waited for; after the start that may be another node.
  private void takeUpLate() {
    boolean more = true;
    while (open && more) {
      List<Claim> claims = store.tasks().claimLate(CLAIM_BATCH);
      for (Claim claim : claims) {
        if (worker.late().mayCome(claim)) {
          waits.put(claim, worker.now());
        } else {
          worker.late().endWait(claim);
        }
      }
      more = !claims.isEmpty();
    }
  }
}
