package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Receipt;
import dev.carillon.gateway.domain.Receipt.Next;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.store.DeliveryStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings callbacks to their receivers: takes due deliveries from the store, sends each on its own
/// virtual thread, and stores one row for every attempt.
///
/// One loop claims; it never waits for a receiver. When the process dies, what was claimed is due
/// again at the next start, so a receiver may get a callback twice, with the same `webhook-id` and
/// the same bytes.
public final class Courier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final int CLAIM_AT_MOST = 512;
  private static final int PUTTING_OFF = 256;
  private static final Duration CLAIM_WAIT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMillis(250); // for a batch
  private static final Duration FIRST_STORE_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_STORE_PAUSE = Duration.ofSeconds(2);

  private final DeliveryConfig config;
  private final Parts parts;
  private final AddressGuard guard;
  private final Poster poster;
  private final RetryPlan plan;
  private final Lanes lanes;
  private final Set<Thread> sending = ConcurrentHashMap.newKeySet();
  private final Semaphore puttingOff = new Semaphore(PUTTING_OFF);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread loop;

  /// What a courier works with.
  ///
  /// @param nested true for tasks whose result stands under `data`, see [CallbackBody]
  /// @param random for jitter; safe for many threads
  public record Parts(
      DeliveryStore store,
      Predicate<Task> nested,
      InstantSource clock,
      RandomGenerator random,
      CourierListener listener) {}

  public Courier(DeliveryConfig config, Parts parts) {
    this(config, parts, AddressGuard.systemResolver());
  }

  Courier(DeliveryConfig config, Parts parts, GuardedDns.Resolver resolver) {
    this.config = config;
    this.parts = parts;
    this.guard = new AddressGuard(config);
    this.poster = new Poster(config, guard, resolver, parts.clock());
    this.plan = new RetryPlan(config.retries().pauses(), parts.random());
    this.lanes = new Lanes(config.lanes());
    this.loop = Thread.ofVirtual().name("callback-courier").unstarted(this::run);
  }

  /// Begins to claim. Twice is harmless; after [#close] it does nothing.
  public synchronized void start() {
    if (stopped.getCount() > 0 && loop.getState() == Thread.State.NEW) {
      loop.start();
    }
  }

  /// How many attempts are under way.
  public int inFlight() {
    return lanes.inFlight();
  }

  /// How many claimed deliveries wait for their destination.
  public int waiting() {
    return lanes.waiting();
  }

  /// Stops claiming, waits the grace for attempts under way, then interrupts them; what was not
  /// tried stays due in the store. Twice is harmless.
  @Override
  public synchronized void close() {
    if (stopped.getCount() == 0) {
      return;
    }
    stopped.countDown();
    loop.interrupt();
    try {
      if (loop.getState() != Thread.State.NEW) {
        loop.join();
      }
      if (!lanes.drain(config.timeouts().shutdownGrace())) {
        sending.forEach(Thread::interrupt);
        var _ = lanes.drain(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      sending.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
    poster.close();
  }

  private boolean running() {
    return stopped.getCount() > 0;
  }

  private void run() {
    Duration pause = FIRST_STORE_PAUSE;
    while (running()) {
      try {
        int room = Math.min(CLAIM_AT_MOST, lanes.awaitRoom());
        List<Dispatch> dispatches = parts.store().claimDeliveries(room, CLAIM_WAIT);
        long patience = System.nanoTime() + PATIENCE.toNanos();
        for (Dispatch dispatch : dispatches) {
          take(dispatch, patience);
        }
        pause = FIRST_STORE_PAUSE;
      } catch (InterruptedException e) {
        // Closing interrupts; the loop's condition decides.
      } catch (RuntimeException e) {
        LOG.warn("callback.claim_failed error={}", e.toString());
        rest(pause);
        pause = longerPause(pause);
      }
    }
  }

  private void take(Dispatch dispatch, long patience) throws InterruptedException {
    Optional<Target> target =
        guard.check(dispatch.url().value()) instanceof Verdict.Allowed(var allowed)
            ? Optional.of(allowed)
            : Optional.empty();
    var entry = new Lanes.Entry(dispatch, target);
    Optional<Duration> backlog = lanes.offer(entry, patience);
    if (backlog.isPresent()) {
      putOff(entry, backlog.get());
    }
    pump();
  }

  private void pump() {
    for (var next = lanes.next(); next.isPresent(); next = lanes.next()) {
      Lanes.Entry entry = next.get();
      Thread.ofVirtual().name("callback").start(() -> attempt(entry));
    }
  }

  private void attempt(Lanes.Entry entry) {
    sending.add(Thread.currentThread());
    try {
      Dispatch dispatch = entry.dispatch();
      Instant startedAt = parts.clock().instant();
      Posted posted = Posted.unsent("ours_fault");
      try {
        posted = post(entry);
      } catch (RuntimeException e) {
        LOG.error("callback.broken delivery={}", dispatch.id(), e);
      } finally {
        lanes.sent(entry, posted.took());
        pump();
      }
      // An attempt cut off by our own stop is as if it had not been: it is due again at the start.
      if (!Thread.currentThread().isInterrupted()) {
        store(entry, startedAt, posted);
      }
    } catch (RuntimeException e) {
      LOG.error("callback.broken delivery={}", entry.dispatch().id(), e);
    } finally {
      sending.remove(Thread.currentThread());
      lanes.stored();
      pump();
    }
  }

  private Posted post(Lanes.Entry entry) {
    if (entry.target().isEmpty()) {
      return Posted.unsent(Posted.BLOCKED_URL);
    }
    Dispatch dispatch = entry.dispatch();
    byte[] body = CallbackBody.of(dispatch.task(), parts.nested().test(dispatch.task()));
    Map<String, String> headers =
        Map.of(
            "webhook-id", dispatch.id().toString(),
            "webhook-attempt", Integer.toString(dispatch.attempt()));
    return poster.post(entry.target().get(), headers, body);
  }

  private void store(Lanes.Entry entry, Instant startedAt, Posted posted) {
    Dispatch dispatch = entry.dispatch();
    Instant now = parts.clock().instant();
    Next next = plan.after(charged(dispatch, posted), posted, now, deadline(dispatch.task()));
    record(entry, receipt(startedAt, posted, next));
  }

  /// Too many wait for this destination already. Storing waits for a commit, so it is handed over:
  /// the loop must go on for the others.
  private void putOff(Lanes.Entry entry, Duration backlog) throws InterruptedException {
    Instant now = parts.clock().instant();
    Next next = plan.putOff(backlog, now);
    Receipt receipt = receipt(now, Posted.unsent("ours_capacity"), next);
    puttingOff.acquire();
    Thread.ofVirtual()
        .name("callback-put-off")
        .start(() -> {
          try {
            record(entry, receipt);
          } finally {
            puttingOff.release();
          }
        });
  }

  private static Receipt receipt(Instant startedAt, Posted posted, Next next) {
    return new Receipt(startedAt, posted.took(), posted.status(), posted.failure(), next);
  }

  private void record(Lanes.Entry entry, Receipt receipt) {
    if (!stored(entry.dispatch(), receipt)) {
      return;
    }
    log(entry, receipt);
    parts.listener().attempted(entry.dispatch(), receipt);
  }

  /// Which attempt this is in the receiver's account: those that failed by our fault do not count.
  private int charged(Dispatch dispatch, Posted posted) {
    if (dispatch.attempt() == 1 || posted.failure().isEmpty() || posted.blocked()) {
      return dispatch.attempt();
    }
    try {
      long ours =
          parts.store().attempts(dispatch.task().id()).stream()
              .flatMap(attempt -> attempt.receipt().failure().stream())
              .filter(failure -> failure.startsWith(Posted.OURS))
              .count();
      return Math.max(1, dispatch.attempt() - (int) ours);
    } catch (StoreUnavailableException e) {
      return dispatch.attempt();
    }
  }

  private Instant deadline(Task task) {
    Instant end = task.state() instanceof Ended ended ? ended.at() : task.order().finishBy();
    return end.plus(config.retries().giveUpAfter());
  }

  /// Tries until the store takes it or the courier stops: the receiver's answer must not be
  /// forgotten because a disk was full for a while.
  private boolean stored(Dispatch dispatch, Receipt receipt) {
    Duration pause = FIRST_STORE_PAUSE;
    while (true) {
      try {
        parts.store().recordAttempt(dispatch, receipt);
        return true;
      } catch (StoreUnavailableException e) {
        LOG.warn("callback.store_failed delivery={} error={}", dispatch.id(), e.toString());
      }
      if (!running()) {
        return false;
      }
      rest(pause);
      pause = longerPause(pause);
    }
  }

  private void rest(Duration pause) {
    try {
      var _ = stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration longerPause(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_STORE_PAUSE) < 0 ? doubled : LONGEST_STORE_PAUSE;
  }

  private static void log(Lanes.Entry entry, Receipt receipt) {
    Dispatch dispatch = entry.dispatch();
    LOG.atInfo().log(
        "callback.attempted task={} delivery={} attempt={} status={} failure={} took_ms={}"
            + " next={} host={}",
        dispatch.task().id(),
        dispatch.id(),
        dispatch.attempt(),
        receipt.status(),
        receipt.failure().orElse("-"),
        receipt.took().toMillis(),
        word(receipt.next()),
        entry.target().map(Target::host).orElse("-"));
  }

  private static String word(Next next) {
    return switch (next) {
      case Next.Delivered _ -> "delivered";
      case Next.Retry(var at) -> at.toString();
      case Next.Exhausted _ -> "exhausted";
      case Next.Blocked _ -> "blocked";
    };
  }
}
