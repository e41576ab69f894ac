package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Tasks for which no provider that could do them has a place. Those that the same providers could
/// do stand in one line, and what becomes free goes round between their applications as [Turns] has
/// it: were each to ask again by itself, places would go to those who ask most. While there is a
/// line, a new task joins it. Safe for many threads.
///
/// Nobody tells here which provider has room. So each task that ends lets one of every line
/// through, and a few more are let through from time to time; one that is taken draws the next
/// after it, and one that is turned away does not.
final class Lines {
  /// How many are let through from time to time: enough to fill what has become free, and few
  /// beside those that wait.
  private static final int PROBES = 8;

  private static final long TICK_MILLIS = 250;

  /// After so many tries in vain what ends is somebody else's, and a line tries once a tick.
  private static final int MOST_IN_VAIN = 32;

  private static final String ONE_LANE = "";

  private final Function<ApplicationId, Turns.Share> shares;
  private final Function<Claim, String> names;
  private final SteadyClock steady;
  private final Map<String, Line> lines = new HashMap<>();
  private final Map<TaskId, Claim> standing = new HashMap<>();
  private final Map<TaskId, Line> through = new HashMap<>(); // those that were let through
  private final Semaphore ends = new Semaphore(0); // not yet answered by letting one through

  private static final class Line {
    private final Turns<ApplicationId, Claim> turns;
    private int through;
    private int inVain; // tries since one was taken
    private Duration tried = Duration.ZERO;
    private Duration fullUntil = Duration.ZERO;

    private Line(Turns<ApplicationId, Claim> turns) {
      this.turns = turns;
    }
  }

  /// @param shares of which the weight counts here
  /// @param names of the line in which a task stands: one for those that the same providers can do
  Lines(
      Function<ApplicationId, Turns.Share> shares,
      Function<Claim, String> names,
      SteadyClock steady) {
    this.shares =
        application -> new Turns.Share(shares.apply(application).weight(), Integer.MAX_VALUE);
    this.names = names;
    this.steady = steady;
  }

  /// Whether a task whose turn it is has to stand in line; then it does.
  boolean joins(Claim claim) {
    if (Lateness.isBegun(claim) || isFree(claim)) {
      return false;
    }
    String name = names.apply(claim);
    synchronized (this) {
      Line line = lines.get(name);
      if (line != null) {
        stand(line, claim);
      }
      return line != null;
    }
  }

  private synchronized boolean isFree(Claim claim) {
    return lines.isEmpty() || through.containsKey(claim.task().id());
  }

  /// No provider has a place for a task now: it stands where its age puts it.
  ///
  /// @param pause after which a provider may have a place
  void turnedAway(Claim claim, Duration pause) {
    String name = names.apply(claim);
    synchronized (this) {
      boolean isFirst = !lines.containsKey(name);
      Line line = lines.computeIfAbsent(name, _ -> new Line(line()));
      boolean wasInLine = leave(claim.task().id()) != null;
      stand(line, claim);
      if (wasInLine) {
        line.turns.giveBackTurn(application(claim));
        line.inVain++;
      }
      Duration now = steady.elapsed();
      if (isFirst) { // what ended since it was turned away was told to nobody
        line.fullUntil = now.plus(Duration.ofMillis(Math.min(TICK_MILLIS, pause.toMillis())));
      } else if (line.fullUntil.compareTo(now) <= 0) { // else this one only tried meanwhile
        line.fullUntil = now.plus(pause);
      }
    }
  }

  /// A task's turn is over, and it was not for want of room.
  ///
  /// @param ended whether the task needs its provider no longer
  /// @return those that are let through after it
  synchronized List<Claim> next(Claim claim, boolean ended) {
    List<Claim> next = new ArrayList<>();
    Line line = leave(claim.task().id());
    if (line != null && (ended || Lateness.isBegun(claim))) {
      line.inVain = 0;
      letThrough(line, 1, next);
    }
    forgetEmpty();
    return next;
  }

  /// A task ended and its provider knows, so there may be a place.
  void ended() {
    if (!isEmpty()) { // else nobody has to be woken up, at each end of a task
      ends.release();
    }
  }

  private synchronized boolean isEmpty() {
    return lines.isEmpty();
  }

  /// Waits until somebody may be let through.
  List<Claim> await() throws InterruptedException {
    boolean ended = ends.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
    int more = ended ? 1 + ends.drainPermits() : 0;
    List<Claim> next = new ArrayList<>();
    synchronized (this) {
      Duration now = steady.elapsed();
      for (Line line : lines.values()) {
        letThrough(line, tries(line, more, now), next);
      }
      forgetEmpty();
    }
    return next;
  }

  private static int tries(Line line, int ended, Duration now) {
    boolean rested = now.minus(line.tried).toMillis() >= TICK_MILLIS;
    int tries = 0;
    if (line.fullUntil.compareTo(now) <= 0) {
      tries = rested ? Math.max(1, PROBES - line.through) : Math.min(ended, PROBES);
    } else if (line.inVain < MOST_IN_VAIN) {
      tries = Math.min(ended, PROBES);
    } else if (rested) {
      tries = Math.min(ended, 1);
    }
    line.tried = tries > 0 ? now : line.tried;
    return tries;
  }

  /// A task that may stand here, or may have been let through, is waited for no longer.
  synchronized void left(TaskId task) {
    var _ = leave(task);
    standing.remove(task);
    forgetEmpty();
  }

  synchronized Optional<Claim> find(TaskId task) {
    return Optional.ofNullable(standing.get(task));
  }

  /// Takes all that match out of their lines.
  ///
  /// @param now those that are due by now
  synchronized List<Claim> takeIf(long now, Predicate<Claim> wanted) {
    List<Claim> taken = new ArrayList<>();
    lines.values().forEach(line -> taken.addAll(line.turns.takeIf(now, wanted)));
    taken.removeIf(claim -> standing.remove(claim.task().id()) == null);
    return taken;
  }

  synchronized int size() {
    return standing.size();
  }

  private void stand(Line line, Claim claim) {
    line.turns.add(application(claim), ONE_LANE, claim, age(claim));
    standing.put(claim.task().id(), claim);
  }

  /// Ids begin with the time.
  static long age(Claim claim) {
    return claim.task().id().value().getMostSignificantBits();
  }

  private void letThrough(Line line, int most, List<Claim> next) {
    for (int left = most; left > 0; ) {
      Optional<Claim> polled = line.turns.poll();
      if (polled.isEmpty()) {
        return;
      }
      Claim claim = polled.get();
      line.turns.ended(application(claim), ONE_LANE);
      if (!standing.remove(claim.task().id(), claim)) {
        line.turns.giveBackTurn(application(claim)); // it was cancelled meanwhile
        continue;
      }
      if (through.put(claim.task().id(), line) == null) {
        line.through++;
      }
      next.add(claim);
      left--;
    }
  }

  private @Nullable Line leave(TaskId task) {
    Line line = through.remove(task);
    if (line != null) {
      line.through--;
    }
    return line;
  }

  /// A line in which nobody stands and of which nobody tries is none any more.
  private void forgetEmpty() {
    lines.values().removeIf(line -> line.turns.size() == 0 && line.through <= 0);
  }

  private Turns<ApplicationId, Claim> line() {
    return new Turns<>(shares, claim -> Lateness.first(claim).toEpochMilli());
  }

  private static ApplicationId application(Claim claim) {
    return claim.task().order().owner().application();
  }
}
