package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
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
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);
  private static final Duration DEADLINE_ROUND = Duration.ofMillis(250);

  private final Store store;
  private final Worker worker;
  private final int places;
  private final Semaphore slots;
  private final Turns<ApplicationId, Claim> waiting;
  private final Map<TaskId, Run> runs = new ConcurrentHashMap<>();
  private final List<Thread> loops = new ArrayList<>();
  private Optional<Bell.Listening> listening = Optional.empty();
  private volatile boolean open = true;

  public Engine(EngineConfig config, Store store, Worker worker) {
    this.store = store;
    this.worker = worker;
    this.places = config.runningTasks();
    this.slots = new Semaphore(places);
    this.waiting = new Turns<>(application -> share(config, store.limits().of(application)));
  }

  private static Turns.Share share(EngineConfig config, Limits limits) {
    return new Turns.Share(
        limits.weight().orElse(1), limits.runningTasks().orElse(config.runningPerApplication()));
  }

  /// Begins to work. Twice is harmless.
  public synchronized void start() {
    if (!loops.isEmpty()) {
      return;
    }
    listening = Optional.of(store.bell().listenToAll(this::heed));
    loops.add(loop("engine-claim", this::claimRound));
    loops.add(loop("engine-turn", this::startNext));
    loops.add(loop("engine-deadline", this::watchDeadlines));
  }

  /// How many tasks run now, parked ones not counted.
  public int running() {
    return runs.size();
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
    runs.values().forEach(Run::shutDown);
    worker.close();
    awaitRuns();
  }

  /// All places are free again when no work is under way.
  private void awaitRuns() {
    try {
      if (!slots.tryAcquire(places, CLOSE_GRACE.toSeconds(), TimeUnit.SECONDS)) {
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
      waiting.add(claim.task().order().owner().application(), claim);
    }
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
    try {
      if (open) {
        worker.work(run);
      }
    } catch (RuntimeException unfinished) {
      // Closing, or a bug: the task is still open, so it gets another turn here or at the next
      // start.
      log.error("task.unfinished task={}", run.claim().task().id(), unfinished);
      again(run.claim());
    } finally {
      runs.remove(run.claim().task().id(), run);
      waiting.ended(run.claim().task().order().owner().application());
      slots.release();
    }
  }

  private void again(Claim claim) {
    pause();
    if (open) {
      waiting.add(claim.task().order().owner().application(), claim);
    }
  }

  /// Hears of every change, so it only hands over.
  private void heed(Task task) {
    if (Canceller.isWanted(task)) {
      worker.askToCancel(Optional.ofNullable(runs.get(task.id())), task.id());
    }
    if (task.state() instanceof TaskState.Cancelled) {
      Run run = runs.get(task.id());
      if (run != null) {
        run.cancel();
      }
      worker.unpark(task.id());
    }
  }

  private void watchDeadlines() throws InterruptedException {
    Thread.sleep(DEADLINE_ROUND);
    runs.values().forEach(worker::expireIfLate);
    waiting.takeIf(worker::isLateToStart).forEach(worker::expireWaiting);
    worker.expireParked();
  }
}
