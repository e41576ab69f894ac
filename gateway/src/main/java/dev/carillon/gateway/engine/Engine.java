package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes claimed tasks to their end. Three loops: one takes claims from the store, one gives turns
/// to applications and starts work, one watches deadlines.
public final class Engine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final int CLAIM_BATCH = 256;
  private static final Duration CLAIM_WAIT = Duration.ofSeconds(1);
  private static final Duration ANSWER_GRACE = Duration.ofSeconds(15);
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  /// Waiting tasks that are looked at once more at the same time.
  private static final int LOOKS = 2_000;

  private static final Duration DEADLINE_ROUND = Duration.ofMillis(250);

  /// How many rounds later it is looked again for late results that a dead node waited for.
  private static final int LATE_ROUNDS = 20;

  private final Store store;
  private final Worker worker;
  private final Semaphore slots;

  private final Turns<ApplicationId, Claim> waiting;
  private final Lines lines; // those that had their turn and found no room
  private final EarlyLeave early;
  private final Semaphore looks = new Semaphore(LOOKS);
  private final Waits waits;
  private final Watch watch;
  private final Queue<Claim> claimed = new ArrayDeque<>(); // of the loop that claims
  private final Map<TaskId, Run> runs = new ConcurrentHashMap<>();
  private final List<Thread> loops = new ArrayList<>();
  private Optional<Bell.Listening> listening = Optional.empty();
  private volatile boolean open = true;
  private final Rounds rounds = new Rounds(() -> open, CLAIM_WAIT);
  private int roundsToLate; // of the loop that watches deadlines

  /// An engine that waits by the machine's steady clock.
  public Engine(EngineConfig config, Store store, Worker worker) {
    this(config, store, worker, SteadyClock.SYSTEM);
  }

  /// @param steady what waits and pauses are measured by
  public Engine(EngineConfig config, Store store, Worker worker, SteadyClock steady) {
    this.store = store;
    this.worker = worker;
    int places = config.runningTasks();
    this.slots = new Semaphore(places);
    this.waits = new Waits(worker.clock(), steady);
    this.watch = new Watch(this, worker, steady);
    worker.late().seats().limit(places);
    Function<ApplicationId, Turns.Share> shares =
        application -> config.share(store.limits(), application);
    this.waiting = new Turns<>(shares, claim -> Lateness.first(claim).toEpochMilli());
    this.lines = new Lines(shares, worker::line, steady);
    this.early = new EarlyLeave(lines::ended);
  }

  /// Begins to work. Twice is harmless.
  public synchronized void start() {
    if (!loops.isEmpty()) {
      return;
    }
    listening = Optional.of(store.bell().listenToAll(this::heed));
    loops.add(rounds.start("engine-claim", this::claimRound));
    loops.add(rounds.start("engine-turn", this::startNext));
    loops.add(rounds.start("engine-waits", this::resumeNext));
    loops.add(rounds.start("engine-lines", () -> lines.await().forEach(this::admit)));
    loops.add(rounds.start("engine-deadline", this::watchDeadlines));
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
            waits.put(next, Duration.ZERO);
          }
        });
  }

  /// How many claimed tasks wait for their turn, or for a place at a provider.
  public int waiting() {
    return waiting.size() + lines.size();
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
    var _ = Patience.isSoon(ANSWER_GRACE, () -> runs.values().stream().noneMatch(Run::inDoubt));
  }

  private void awaitRuns() {
    if (!Patience.isSoon(CLOSE_GRACE, runs::isEmpty)) {
      log.warn("engine.close.late running={}", runs.size());
    }
  }

  private void claimRound() throws InterruptedException {
    if (claimed.isEmpty()) {
      claimed.addAll(store.tasks().claim(CLAIM_BATCH, CLAIM_WAIT));
    }
    while (!claimed.isEmpty()) {
      enqueue(worker.found(claimed.element()));
      claimed.remove();
    }
  }

  /// Turns are an application's; each of its services has a lane.
  void enqueue(Claim claim) {
    Order order = claim.task().order();
    // In this order: a deadline that passes in between has to find it in the queue. One that was
    // taken out in between is looked for once, in vain.
    waiting.add(order.owner().application(), order.service(), claim);
    watch.waits(claim);
  }

  /// One that was let through its line goes before what else its application has.
  private void admit(Claim claim) {
    Order order = claim.task().order();
    long ahead = Lines.age(claim) - Long.MAX_VALUE;
    waiting.add(order.owner().application(), order.service(), claim, ahead);
    watch.waits(claim);
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
    if (lines.joins(claim)) {
      watch.waits(claim); // its deadline may have been looked for while it stood nowhere
      ended(claim);
      slots.release();
      return;
    }
    Run run = new Run(claim, false, early);
    runs.put(claim.task().id(), run);
    watch.hasTurn(claim);
    launch(run);
  }

  private void launch(Run run) {
    try {
      watch.began(run);
      run.start(() -> work(run));
    } catch (Throwable unstarted) {
      waits.put(run.claim(), CLAIM_WAIT);
      over(run);
      throw unstarted;
    }
  }

  private void work(Run run) {
    Optional<Duration> again = Optional.empty();
    try {
      if (open) {
        again = worker.work(run);
      }
    } catch (Throwable unfinished) {
      // Closing, or a bug: the task is still open, so it gets another turn here or at the next
      // start.
      run.logUnfinished(unfinished);
      if (run.isLate() || run.resumed()) {
        again = Optional.of(CLAIM_WAIT);
      } else {
        again(run.claim());
      }
    } finally {
      try {
        end(run, again);
      } finally {
        over(run);
      }
    }
  }

  /// Whoever looks for a task finds it here as long as it is nowhere else.
  private void over(Run run) {
    runs.remove(run.claim().task().id(), run);
    watch.ended(run);
    if (run.leave()) {
      place(run).release();
    }
  }

  /// A task that has expired waits without a share of what its application may run.
  private void end(Run run, Optional<Duration> again) {
    TaskId id = run.claim().task().id();
    boolean late = run.finish();
    boolean full = run.wasTurnedAway() && !late;
    if (full) {
      lines.turnedAway(run.claim(), again.orElse(CLAIM_WAIT)).forEach(this::admit);
      watch.waits(run.claim());
    } else {
      again.ifPresent(
          pause -> waits.put(late ? worker.late().expired(run.claim()) : run.claim(), pause));
      lines.next(run.claim(), again.isEmpty()).forEach(this::admit);
    }
    // Who heard of its end before that did not find it waiting.
    boolean over = again.isEmpty() || (run.isCancelled() && waits.take(id).isPresent());
    if ((late && over) || run.isCancelled()) {
      worker.left(id);
      worker.late().seats().leave(id);
      lines.left(id);
      tellEnd(Optional.of(run));
    }
    if (late || over || full) {
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
    Optional<Run> run;
    try {
      run = waits.takeDue(this::resumed);
    } catch (InterruptedException stopping) {
      looks.release();
      throw stopping;
    }
    run.ifPresentOrElse(this::launch, looks::release);
  }

  /// One that nobody took is no look: it may be submitted now, so it waits for a place again.
  private Optional<Run> resumed(Claim claim) {
    if (!Lateness.isBegun(claim)) {
      enqueue(claim);
      ended(claim);
      return Optional.empty();
    }
    Run run = new Run(claim, true, early);
    runs.put(claim.task().id(), run);
    return Optional.of(run);
  }

  private void again(Claim claim) {
    rounds.pause();
    if (open) {
      enqueue(claim);
    }
  }

  /// The claim of a task that is worked on or waits for its provider; tasks go from one to the
  /// other.
  private Optional<Claim> claim(TaskId id) {
    return running(id).or(() -> waits.find(id)).or(() -> lines.find(id)).or(() -> running(id));
  }

  private Optional<Claim> running(TaskId id) {
    return Optional.ofNullable(runs.get(id)).map(Run::claim);
  }

  /// Hears of every change, so it only hands over.
  private void heed(Task task) {
    if (Canceller.isWanted(task)) {
      worker.askToCancel(task.id(), this::claim, waits::hasten);
    }
    if (task.state() instanceof TaskState.Cancelled) {
      Run run = runs.get(task.id());
      if (run != null) {
        run.cancel();
      }
      worker.unpark(task.id());
      lines.left(task.id());
      waits
          .take(task.id())
          .filter(claim -> !(claim.task().state() instanceof TaskState.Expired))
          .ifPresent(this::ended);
    }
    // Of one that expired somebody may still wait for the result.
    if (task.state().isFinal() && !(task.state() instanceof TaskState.Expired)) {
      worker.left(task.id());
      tellEnd(Optional.ofNullable(runs.get(task.id())));
    }
  }

  /// Unless it was told before: who waits would try in vain for a place that is taken.
  private void tellEnd(Optional<Run> run) {
    if (run.filter(Run::hasLeftEarly).isEmpty()) {
      lines.ended();
    }
  }

  private void watchDeadlines() throws InterruptedException {
    if (--roundsToLate <= 0) {
      watch.takeUpLate();
      worker.late().seats().keep(this::has);
      roundsToLate = LATE_ROUNDS;
    }
    Thread.sleep(DEADLINE_ROUND);
    watch.round();
  }

  private boolean has(TaskId task) {
    // Asked twice: it may go from waiting to running between the two questions.
    return runs.containsKey(task) || waits.find(task).isPresent() || runs.containsKey(task);
  }

  boolean isOver(Run run) {
    return runs.get(run.claim().task().id()) != run;
  }

  List<Claim> takeWaiting(Instant now, Predicate<Claim> wanted) {
    List<Claim> taken = new ArrayList<>(waiting.takeIf(now.toEpochMilli(), wanted));
    taken.addAll(lines.takeIf(now.toEpochMilli(), wanted));
    taken.forEach(claim -> lines.left(claim.task().id()));
    return taken;
  }

  /// Looks at once at what a provider may have made.
  void waitFor(Claim claim) {
    waits.put(claim, Duration.ZERO);
  }

  /// A run whose task expired for its caller works on without its place and its share.
  void wentLate(Run run) {
    if (run.leave()) {
      giveUpShare(run);
      place(run).release();
    }
  }

  private Semaphore place(Run run) {
    return run.resumed() ? looks : slots;
  }
}
