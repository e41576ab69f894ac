package dev.carillon.client.webhook;

import dev.carillon.client.webhook.Inbox.Claim;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Runs the application's code for what is in an inbox, a bounded number of events at once.
///
/// One thread claims, and only when a worker is free, so what is not being run stays in the inbox
/// for other processes. Another extends the leases of what is being run. Safe for many threads.
final class InboxRunner implements AutoCloseable {
  private static final Duration PURGE_EVERY = Duration.ofHours(1);
  private static final int LEASE_BEATS = 3;

  /// How often the end of a run is written again when the inbox fails, with doubling pauses.
  private static final int NOTING_TRIES = 6;

  private static final Duration NOTING_PAUSE = Duration.ofMillis(100);
  private static final Duration INTERRUPTED_GRACE = Duration.ofSeconds(5);

  private final Inbox inbox;
  private final EventHandler handler;
  private final InstantSource clock;
  private final ReceiverListener listener;
  private final Limits limits;
  private final ExecutorService workers;
  private final ScheduledExecutorService beats;
  private final Thread claimer;
  private final Semaphore free;
  private final Semaphore bell = new Semaphore(0);
  private final Set<Run> running = ConcurrentHashMap.newKeySet();
  private boolean started; // guarded by this
  private volatile boolean closing;

  /// The limits of a runner; each is explained at the builder's method of its name.
  record Limits(
      int workers,
      RetryPlan retries,
      Duration lease,
      Duration longestRun,
      Duration poll,
      Duration keep,
      Duration grace) {
    Limits(Receiver.Builder builder) {
      this(
          builder.workers,
          builder.retries,
          builder.lease,
          builder.longestRun,
          builder.poll,
          builder.keep,
          builder.grace);
    }
  }

  InboxRunner(
      Inbox inbox,
      EventHandler handler,
      InstantSource clock,
      ReceiverListener listener,
      Limits limits) {
    this.inbox = inbox;
    this.handler = handler;
    this.clock = clock;
    this.listener = listener;
    this.limits = limits;
    this.free = new Semaphore(limits.workers());
    this.workers = Executors.newFixedThreadPool(limits.workers(), Threads.named("carillon-inbox"));
    this.beats = Executors.newSingleThreadScheduledExecutor(Threads.named("carillon-lease"));
    this.claimer = Threads.named("carillon-claimer").newThread(this::claimAll);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The beats end with the runner and throw nothing.
  synchronized void start() {
    if (started || closing) {
      return;
    }
    started = true;
    long beat = Math.max(1, limits.lease().toMillis() / LEASE_BEATS);
    beats.scheduleWithFixedDelay(this::extendLeases, beat, beat, TimeUnit.MILLISECONDS);
    claimer.start();
  }

  /// Makes the claimer look at once.
  void wake() {
    if (bell.availablePermits() == 0) {
      bell.release();
    }
  }

  private void claimAll() {
    Instant purgeAt = Instant.MIN;
    try {
      while (!closing) {
        if (!clock.instant().isBefore(purgeAt)) {
          purgeAt = clock.instant().plus(PURGE_EVERY);
          purge();
        }
        free.acquire();
        Optional<Claim> claim = closing ? Optional.empty() : claim();
        if (claim.isPresent()) {
          hand(claim.get());
        } else {
          free.release();
          awaitBell();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hand(Claim claim) {
    try {
      workers.execute(() -> work(claim));
    } catch (RejectedExecutionException closed) {
      // Its lease ends, and then it is run by whoever lives.
    }
  }

  private void awaitBell() throws InterruptedException {
    if (!closing && bell.tryAcquire(limits.poll().toMillis(), TimeUnit.MILLISECONDS)) {
      bell.drainPermits();
    }
  }

  private Optional<Claim> claim() {
    try {
      Instant now = clock.instant();
      return inbox.claim(now, now.plus(limits.lease()));
    } catch (RuntimeException why) {
      listener.inboxFailed(why);
      return Optional.empty();
    }
  }

  private void purge() {
    try {
      inbox.purge(clock.instant().minus(limits.keep()));
    } catch (RuntimeException why) {
      listener.inboxFailed(why);
    }
  }

  private void work(Claim claim) {
    var run = new Run(claim, Thread.currentThread(), clock.instant());
    running.add(run);
    try {
      Optional<Throwable> fault = call(claim);
      run.end();
      if (fault.isEmpty()) {
        finish(claim);
      } else {
        fail(claim, fault.get());
      }
    } finally {
      running.remove(run);
      free.release();
    }
  }

  private Optional<Throwable> call(Claim claim) {
    if (claim.attempt() > limits.retries().runs()) {
      return Optional.of(new IllegalStateException("its process died under it too often"));
    }
    try {
      handler.handle(claim);
      return Optional.empty();
    } catch (Throwable why) {
      return Optional.of(why); // Whatever it is, the event must not be forgotten.
    }
  }

  private void finish(Claim claim) {
    boolean noted = note(() -> inbox.done(claim, clock.instant()) || wasMarkedDone(claim));
    if (noted) {
      listener.done(claim);
    } else {
      listener.leaseLost(claim);
    }
  }

  /// The handler may have marked it done in its own transaction.
  private boolean wasMarkedDone(Claim claim) {
    return inbox
        .find(claim.event().id())
        .filter(standing -> standing.state() == Inbox.State.DONE)
        .filter(standing -> standing.attempts() == claim.attempt())
        .isPresent();
  }

  private void fail(Claim claim, Throwable why) {
    Instant now = clock.instant();
    // A run that was cut short by closing is no fault of the application's.
    Optional<Instant> retryAt =
        closing && why instanceof InterruptedException
            ? Optional.of(now)
            : limits.retries().after(claim.attempt()).map(now::plus);
    if (!note(() -> inbox.failed(claim, now, retryAt, String.valueOf(why)))) {
      listener.leaseLost(claim);
    } else if (retryAt.isPresent()) {
      listener.failed(claim, why);
    } else {
      listener.givenUp(claim, why);
    }
  }

  /// Writes the end of a run, again and again while the inbox fails: were it not written, the event
  /// would be run once more when its lease ends.
  private boolean note(BooleanSupplier write) {
    long pause = NOTING_PAUSE.toMillis();
    for (int tries = 1; ; tries++) {
      try {
        return write.getAsBoolean();
      } catch (RuntimeException why) {
        listener.inboxFailed(why);
        if (tries == NOTING_TRIES) {
          return false;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      pause *= 2;
    }
  }

  private void extendLeases() {
    for (Run run : running) {
      try {
        Instant now = clock.instant();
        if (Duration.between(run.since, now).compareTo(limits.longestRun()) > 0
            || !inbox.extend(run.claim, now.plus(limits.lease()))) {
          run.interrupt();
        }
      } catch (RuntimeException why) {
        listener.inboxFailed(why);
      }
    }
  }

  @Override
  public void close() {
    boolean wasStarted;
    synchronized (this) {
      closing = true;
      wasStarted = started;
    }
    bell.release();
    free.release();
    try {
      if (wasStarted) {
        // After the claimer's end nobody gives the workers anything to do.
        claimer.join(limits.grace().toMillis());
        claimer.interrupt();
      }
      workers.shutdown();
      if (!workers.awaitTermination(limits.grace().toMillis(), TimeUnit.MILLISECONDS)) {
        running.forEach(Run::interrupt);
        if (!workers.awaitTermination(INTERRUPTED_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
          workers.shutdownNow();
        }
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      beats.shutdownNow();
    }
  }

  /// An event being run. The lock keeps a late interrupt from hitting the thread's next event.
  private static final class Run {
    private final Claim claim;
    private final Thread thread;
    private final Instant since;
    private boolean ended;

    Run(Claim claim, Thread thread, Instant since) {
      this.claim = claim;
      this.thread = thread;
      this.since = since;
    }

    synchronized void interrupt() {
      if (!ended) {
        thread.interrupt();
      }
    }

    /// The application's code has returned; an interrupt meant for it is cleared.
    synchronized boolean end() {
      ended = true;
      return Thread.interrupted();
    }
  }
}
