package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One claim being worked on: its thread, and why it was interrupted if it was.
final class Run {
  private static final Logger log = LoggerFactory.getLogger(Run.class);

  enum Stop {
    CANCELLED,
    LATE,
    SHUTDOWN
  }

  private volatile Claim claim;
  private final boolean resumed;
  private final EarlyLeave early;
  private volatile boolean inDoubt;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Stop stop;
  private volatile boolean finishing;
  private boolean expiring;
  private volatile boolean expired;
  private boolean inPlace = true;
  private boolean over;
  private boolean sharing;
  private volatile boolean turnedAway;
  private volatile boolean leftEarly;

  /// @param resumed whether it goes on with work that was begun and waited
  Run(Claim claim, boolean resumed, EarlyLeave early) {
    this.claim = claim;
    this.resumed = resumed;
    this.early = early;
    this.finishing = claim.task().state() instanceof TaskState.Finalizing;
    this.expired = claim.task().state() instanceof TaskState.Expired;
    this.expiring = expired;
    this.sharing = !expired;
  }

  /// Whether something was sent of which nobody knows yet what it became: interrupting it now would
  /// leave its fate open.
  boolean inDoubt() {
    return inDoubt;
  }

  void inDoubt(boolean isIt) {
    inDoubt = isIt;
  }

  boolean resumed() {
    return resumed;
  }

  /// No provider had a place for it.
  void turnedAway() {
    turnedAway = true;
  }

  boolean wasTurnedAway() {
    return turnedAway;
  }

  /// The provider's part is over: gives its place back before the end is stored, unless too many
  /// have done so that are not stored yet.
  ///
  /// @param giveBack of the place itself; those who wait for one hear of it after that
  void leaveProvider(Runnable giveBack) {
    if (early.take()) {
      leftEarly = true;
      try {
        giveBack.run();
      } finally {
        early.tell();
      }
    }
  }

  /// Whether those who wait for a place at a provider have heard of this one's.
  boolean hasLeftEarly() {
    return leftEarly;
  }

  /// The claim's work stands elsewhere now.
  void now(Claim changed) {
    claim = changed;
  }

  Claim claim() {
    return claim;
  }

  synchronized void start(Runnable work) {
    Thread made = Thread.ofVirtual().name("task-" + claim.task().id()).unstarted(work);
    thread = made;
    made.start();
    if (stop != null) {
      made.interrupt();
    }
  }

  /// The provider gave its outcome: from now on nothing may keep it from being stored.
  synchronized void returned() {
    thread = null;
    Thread.interrupted();
  }

  /// Whether it is to be ended for its caller now; true once, until that is [#notExpired].
  synchronized boolean expire() {
    boolean first = !expiring;
    expiring = true;
    return first;
  }

  /// Whether its task has expired for its caller, or is being ended at this moment.
  synchronized boolean isExpiring() {
    return expiring;
  }

  synchronized void notExpired() {
    expiring = false;
  }

  /// Its task has expired for its caller, and a late result is waited for.
  ///
  /// @return false when its work is over, and it did not know of that
  synchronized boolean goesLate() {
    expired |= !over;
    return expired;
  }

  /// Its work is over.
  ///
  /// @return whether what it came to is late
  synchronized boolean finish() {
    over = true;
    if (leftEarly) {
      early.stored();
    }
    return expired;
  }

  /// Whether what it comes to is a late result.
  boolean isLate() {
    return expired;
  }

  /// Gives the place in the engine back; true once.
  synchronized boolean leave() {
    boolean held = inPlace;
    inPlace = false;
    return held;
  }

  /// Gives back its share of what its application may run; true once.
  synchronized boolean giveUpShare() {
    boolean held = sharing;
    sharing = false;
    return held;
  }

  /// Whether the provider is done, and only its files are copied.
  boolean isFinishing() {
    return finishing;
  }

  /// The provider is done, and the work goes on with what may be interrupted again.
  synchronized void goesOn() {
    finishing = true;
    thread = Thread.currentThread();
    if (stop != null) {
      Thread.currentThread().interrupt();
    }
  }

  void cancel() {
    interrupt(Stop.CANCELLED);
  }

  void late() {
    interrupt(Stop.LATE);
  }

  void shutDown() {
    interrupt(Stop.SHUTDOWN);
  }

  /// Says why the work ended without an outcome. That the store is away, or that somebody was
  /// interrupted who waited for it, is no mistake in here.
  void logUnfinished(Throwable why) {
    if (why instanceof StoreUnavailableException) {
      log.warn("task.unfinished task={} reason=\"{}\"", claim.task().id(), why.getMessage());
    } else {
      log.error("task.unfinished task={}", claim.task().id(), why);
    }
  }

  /// Why the work was interrupted; an interrupt of unknown origin counts as a shutdown, since that
  /// leaves the task for the next start.
  Stop reason() {
    return Objects.requireNonNullElse(stop, Stop.SHUTDOWN);
  }

  /// Whether it was told to stop; an interrupt without that comes from nobody who knows the task.
  boolean isStopped() {
    return stop != null;
  }

  boolean isCancelled() {
    return stop == Stop.CANCELLED;
  }

  private synchronized void interrupt(Stop why) {
    if (stop == null) {
      stop = why;
      Thread running = thread;
      if (running != null) {
        running.interrupt();
      }
    }
  }
}
