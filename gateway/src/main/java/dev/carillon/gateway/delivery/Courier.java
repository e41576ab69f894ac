package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.DeliveryStore;
import dev.carillon.gateway.store.EndpointStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings callbacks to their receivers: takes due deliveries from the store, sends each on its own
/// virtual thread, and stores one row for every attempt.
///
/// One loop claims; it never waits for a receiver. Who may be sent to is decided by [Seats], which
/// the store asks while it hands out. When the process dies, what was claimed is due again at the
/// next start, so a receiver may get a callback twice, with the same `webhook-id` and the same
/// bytes.
public final class Courier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final int CLAIM_AT_MOST = 512;
  private static final Duration CLAIM_WAIT = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration FIRST_STORE_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_STORE_PAUSE = Duration.ofSeconds(2);

  /// For what nothing can be written of, as its secrets cannot be read or something in here broke.
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(10);

  private final DeliveryConfig config;
  private final Parts parts;
  private final AddressGuard guard;
  private final Poster poster;
  private final RetryPlan plan;
  private final RequestWriter writer;
  private final Disabler disabler;
  private final Seats seats;
  private final Set<Thread> sending = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread loop;
  private final Thread ticker;

  /// What a courier works with.
  ///
  /// @param nested true for tasks whose result stands under `data`, see [CallbackBody]
  /// @param random for jitter and first secrets; fit for secrets, safe for many threads
  public record Parts(
      DeliveryStore store,
      EndpointStore endpoints,
      Predicate<Task> nested,
      InstantSource clock,
      RandomGenerator random,
      CourierListener listener) {}

  public Courier(DeliveryConfig config, Parts parts) {
    this(config, parts, Poster.Outside.SYSTEM, System::nanoTime);
  }

  /// @param nanos what circuits and slowness are measured by
  Courier(DeliveryConfig config, Parts parts, Poster.Outside outside, LongSupplier nanos) {
    this.config = config;
    this.parts = parts;
    this.guard = new AddressGuard(config);
    this.poster = new Poster(config, guard, outside, parts.clock());
    this.plan = new RetryPlan(config.retries().pauses(), parts.random());
    this.writer = new RequestWriter(parts.endpoints(), parts.nested(), parts.random());
    this.disabler = new Disabler(parts.endpoints(), config.disableAfter(), parts.listener());
    this.seats = new Seats(config.seats(), nanos, parts.random(), parts.store()::reopen);
    this.loop = Thread.ofVirtual().name("callback-courier").unstarted(this::run);
    this.ticker = Thread.ofVirtual().name("callback-ticker").unstarted(this::tick);
  }

  /// Begins to claim. Twice is harmless; after [#close] it does nothing.
  public synchronized void start() {
    if (stopped.getCount() > 0 && loop.getState() == Thread.State.NEW) {
      config
          .proxy()
          .ifPresent(proxy ->
              LOG.info(
                  "callback.proxy host={} port={}: it resolves the names, so it must refuse private"
                      + " addresses",
                  proxy.host(),
                  proxy.port()));
      loop.start();
      ticker.start();
    }
  }

  /// How many attempts are under way.
  public int inFlight() {
    Seats.Taken taken = seats.taken();
    return taken.quick() + taken.slow();
  }

  /// How many of them are slow.
  public int slowInFlight() {
    return seats.taken().slow();
  }

  /// How many destinations are left alone now, as they failed again and again.
  public int openCircuits() {
    return seats.taken().openCircuits();
  }

  /// Sends test events the way of all callbacks.
  public TestCall testCall() {
    return new TestCall(guard, poster, writer, parts.clock(), parts.random());
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
        ticker.join();
      }
      if (!seats.drain(config.timeouts().shutdownGrace())) {
        sending.forEach(Thread::interrupt);
        var _ = seats.drain(Duration.ofSeconds(1));
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
        int room = Math.min(CLAIM_AT_MOST, seats.awaitRoom());
        take(parts.store().claimDeliveries(seats, room, CLAIM_WAIT));
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

  private void tick() {
    try {
      while (!stopped.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        tickOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tickOnce() {
    try {
      seats.tick();
    } catch (RuntimeException e) {
      LOG.error("callback.broken ticker", e);
    }
  }

  private void take(List<Dispatch> claimed) {
    var left = new ArrayList<Dispatch>();
    for (Dispatch dispatch : claimed) {
      try {
        if (!take(dispatch)) {
          left.add(dispatch);
        }
      } catch (RuntimeException e) {
        LOG.error("callback.broken delivery={}", dispatch.id(), e);
        Thread.ofVirtual().name("callback-fault").start(() -> giveBack(dispatch));
      }
    }
    // The last goes back first, so that they stand in their order again.
    left.reversed().forEach(parts.store()::putBack);
  }

  /// False when there is no seat for it.
  private boolean take(Dispatch dispatch) {
    Optional<Target> target =
        guard.check(dispatch.url().value()) instanceof Verdict.Allowed(var allowed)
            ? Optional.of(allowed)
            : Optional.empty();
    String origin = target.map(Target::origin).orElse("nowhere");
    Optional<Seats.Seat> seat =
        running() ? seats.take(dispatch.destination(), origin) : Optional.empty();
    if (seat.isPresent()) {
      var errand = new Errand(dispatch, target, seat.get());
      Thread.ofVirtual().name("callback").start(() -> attempt(errand));
    }
    return seat.isPresent();
  }

  /// One attempt under way.
  private record Errand(Dispatch dispatch, Optional<Target> target, Seats.Seat seat) {}

  private void attempt(Errand errand) {
    sending.add(Thread.currentThread());
    boolean recorded = false;
    try {
      recorded = tryAndRecord(errand);
    } catch (RuntimeException e) {
      LOG.error("callback.broken delivery={}", errand.dispatch().id(), e);
    } finally {
      if (!recorded) {
        giveBack(errand.dispatch());
      }
      sending.remove(Thread.currentThread());
      seats.stored(errand.seat());
    }
  }

  /// False when nothing is written of it.
  private boolean tryAndRecord(Errand errand) {
    Instant startedAt = parts.clock().instant();
    Posted posted = Posted.unsent("ours_fault");
    try {
      posted = post(errand, startedAt);
    } catch (StoreUnavailableException e) {
      LOG.warn("callback.unsigned delivery={} error={}", errand.dispatch().id(), e.toString());
      return false;
    } catch (RuntimeException e) {
      LOG.error("callback.broken delivery={}", errand.dispatch().id(), e);
    } finally {
      tell(errand.dispatch(), seats.sent(errand.seat(), posted));
    }
    // An attempt cut off by our own stop is as if it had not been: it is due again at the start.
    return !Thread.currentThread().isInterrupted() && record(errand, startedAt, posted);
  }

  /// After a pause, since what broke once may break again at once.
  private void giveBack(Dispatch dispatch) {
    rest(PAUSE_AFTER_FAULT);
    parts.store().readAgain(dispatch);
  }

  private Posted post(Errand errand, Instant now) {
    if (errand.target().isEmpty()) {
      return Posted.unsent(Posted.BLOCKED_URL);
    }
    RequestWriter.Written request = writer.write(errand.dispatch(), now);
    return poster.post(errand.target().get(), request.headers(), request.body());
  }

  private void tell(Dispatch dispatch, Circuit.Change change) {
    Destination destination = dispatch.destination();
    switch (change) {
      case OPENED -> {
        LOG.warn("callback.circuit_opened destination={}", destination.key());
        parts.listener().circuitOpened(destination);
      }
      case CLOSED -> {
        LOG.info("callback.circuit_closed destination={}", destination.key());
        parts.listener().circuitClosed(destination);
      }
      case NONE -> {}
    }
  }

  private boolean record(Errand errand, Instant startedAt, Posted posted) {
    Dispatch dispatch = errand.dispatch();
    Instant now = parts.clock().instant();
    Next next = plan.after(dispatch.tries(), posted, now, deadline(dispatch, startedAt));
    var receipt =
        new Receipt(
            startedAt, posted.took(), posted.status(), posted.failure(), posted.excerpt(), next);
    if (!stored(dispatch, receipt)) {
      return false;
    }
    try {
      log(errand, receipt);
      parts.listener().attempted(dispatch, receipt);
      disabler.look(dispatch, receipt, posted.wish().disable(), now);
    } catch (RuntimeException e) {
      LOG.error("callback.broken delivery={}", dispatch.id(), e);
    }
    return true;
  }

  /// No attempt is planned after the deadline, so one that begins later was held back, as its
  /// endpoint was switched off. It has the rest of its attempts then: one failure right after a
  /// long pause must not cost what waited.
  private Instant deadline(Dispatch dispatch, Instant startedAt) {
    Instant usual = dispatch.tries().since().plus(config.retries().giveUpAfter());
    boolean held = dispatch.endpoint().isPresent() && startedAt.isAfter(usual);
    return held ? Instant.MAX : usual;
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

  private static void log(Errand errand, Receipt receipt) {
    Dispatch dispatch = errand.dispatch();
    LOG.atInfo().log(
        "callback.attempted task={} application={} endpoint={} trace={} delivery={} attempt={}"
            + " status={} failure={} took_ms={} next={} host={}",
        dispatch.task().id(),
        dispatch.task().order().owner().application(),
        dispatch.task().order().endpoint(),
        dispatch.task().order().traceId(),
        dispatch.id(),
        dispatch.attempt(),
        receipt.status(),
        receipt.failure().orElse("-"),
        receipt.took().toMillis(),
        word(receipt.next()),
        errand.target().map(Target::host).orElse("-"));
  }

  private static String word(Next next) {
    return switch (next) {
      case Next.Delivered _ -> "delivered";
      case Next.Retry(var at, _) -> at.toString();
      case Next.Exhausted _ -> "exhausted";
      case Next.Blocked _ -> "blocked";
      case Next.Gone _ -> "gone";
    };
  }
}
