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

/// Tasks for which no provider that could do them has a place. Those that the same providers could
/// do stand in one line, and what becomes free goes round between their applications as [Turns] has
/// it: were each to ask again by itself, places would go to those who ask most. While there is a
/// line, a new task joins it. Safe for many threads.
///
/// Nobody tells here which provider has room. So each task that needs its provider no longer lets
/// one of every line through, and from time to time one more is let through as a probe: when it is
/// taken it draws two others, and so on, up to the first ones that are turned away. Those keep
/// their turn, some times.
final class Lines {
  /// So many are let through at once: enough to fill what has become free, and few beside those
  /// that wait.
  private static final int AT_ONCE = 8;

  private static final long TICK_MILLIS = 250;

  /// After so many tries in vain what ends is somebody else's, and a line tries at most once a
  /// tick.
  private static final int MOST_IN_VAIN = 32;

  /// So often a task that tried in vain keeps its turn. One that is always turned away, while
  /// others of its line are not, must not be the only one that tries.
  private static final int MOST_KEPT = 3;

  /// Ends of which nobody made use are remembered, up to so many.
  private static final int MOST_ENDS = 1_000;

  private static final String ONE_LANE = "";

  private final Function<ApplicationId, Turns.Share> shares;
  private final Function<Claim, String> names;
  private final SteadyClock steady;
  private final Map<String, Line> lines = new HashMap<>();
  private final Map<TaskId, Claim> standing = new HashMap<>();
  private final Map<TaskId, Passage> through = new HashMap<>(); // those that were let through
  private final Map<TaskId, Integer> kept = new HashMap<>(); // how often, until it is taken
  private final Semaphore ends = new Semaphore(0); // not yet answered by letting one through

  private static final class Line {
    private final Turns<ApplicationId, Claim> turns;
    private int through;
    private int ends; // for which nobody was let through yet
    private int inVain; // tries since one was taken
    private int taken; // of those that no end let through, whose room may be an end's
    private boolean draws; // until one is turned away, each one taken may draw others
    private Duration probed = Duration.ZERO;
    private Duration fullUntil = Duration.ZERO;

    private Line(Turns<ApplicationId, Claim> turns) {
      this.turns = turns;
    }
  }

  private record Passage(Line line, Tries of) {}

  /// @param byEnd whether ends let them through, and not the guess that there may be room
  /// @param draw whether there may be room for more where one is taken
  /// @param another whether another tries where one is turned away, which may be for a reason of
  ///   its own
  private record Tries(int count, boolean byEnd, boolean draw, boolean another) {
    private static final Tries NONE = ends(0, false);

    private static Tries ends(int count, boolean draw) {
      return new Tries(count, true, draw, true);
    }

    private static Tries probe() {
      return new Tries(1, false, true, true);
    }

    private static Tries drawn(int through) {
      return new Tries(Math.clamp(AT_ONCE - through, 1, 2), false, true, false);
    }

    private Tries instead() {
      return new Tries(1, byEnd, draw, false);
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

  /// No provider has a place for a task now. It stands among those of its application where its age
  /// puts it.
  ///
  /// @param pause after which a provider may have a place
  /// @return who is let through in its stead
  List<Claim> turnedAway(Claim claim, Duration pause) {
    String name = names.apply(claim);
    List<Claim> next = new ArrayList<>();
    synchronized (this) {
      boolean isFirst = !lines.containsKey(name);
      Line line = lines.computeIfAbsent(name, _ -> new Line(line()));
      leave(claim.task().id())
          .ifPresentOrElse(tried -> standAgain(line, tried, claim, next), () -> stand(line, claim));
      Duration now = steady.elapsed();
      if (isFirst) { // what ended since it was turned away was told to nobody
        line.fullUntil = now.plus(Duration.ofMillis(Math.min(TICK_MILLIS, pause.toMillis())));
      } else if (line.fullUntil.compareTo(now) <= 0) { // else this one only tried meanwhile
        line.fullUntil = now.plus(pause);
      }
    }
    return next;
  }

  /// The other one is let through before it stands again, as it may stand first.
  private void standAgain(Line line, Passage tried, Claim claim, List<Claim> next) {
    line.inVain++;
    boolean isTaken = tried.of.byEnd && line.taken > 0;
    line.taken -= isTaken ? 1 : 0; // by one of those, so there is no room for another either
    boolean another = !isTaken && tried.of.another && line.inVain < MOST_IN_VAIN;
    line.draws &= another && letThrough(line, tried.of.instead(), next) > 0;
    int inVain = kept.merge(claim.task().id(), 1, Integer::sum);
    if (inVain <= MOST_KEPT) {
      line.turns.giveBack(application(claim), ONE_LANE, claim, age(claim));
      standing.put(claim.task().id(), claim);
    } else {
      kept.remove(claim.task().id());
      stand(line, claim);
    }
  }

  /// A task's turn is over, and it was not for want of room.
  ///
  /// @param ended whether the task needs its provider no longer
  /// @return those that are let through after it
  synchronized List<Claim> next(Claim claim, boolean ended) {
    List<Claim> next = new ArrayList<>();
    kept.remove(claim.task().id());
    leave(claim.task().id()).ifPresent(passage -> goOn(passage, claim, ended, next));
    forgetEmpty();
    return next;
  }

  private void goOn(Passage passage, Claim claim, boolean ended, List<Claim> next) {
    Line line = passage.line;
    if (!ended && !Lateness.isBegun(claim)) {
      line.ends++; // it made no use of what was free
      return;
    }
    line.inVain = 0;
    line.taken = Math.min(line.taken + (passage.of.byEnd ? 0 : 1), MOST_ENDS);
    if (line.ends > 0) { // more came at once than may try at once
      line.ends -= letThrough(line, Tries.ends(Math.min(line.ends, 2), false), next);
    } else if (passage.of.draw && line.draws) {
      letThrough(line, Tries.drawn(line.through), next);
    }
  }

  /// A task needs its provider no longer, so there may be a place.
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
        line.ends = Math.min(line.ends + more, MOST_ENDS);
        Tries tries = tries(line, now);
        line.ends -= Math.min(line.ends, letThrough(line, tries, next));
      }
      forgetEmpty();
    }
    return next;
  }

  private static Tries tries(Line line, Duration now) {
    boolean rested = now.minus(line.probed).toMillis() >= TICK_MILLIS;
    line.taken = rested ? 0 : line.taken; // whose room that was has tried by now
    int tries = Math.min(line.ends, AT_ONCE);
    if (rested && line.fullUntil.compareTo(now) <= 0) {
      line.probed = now;
      line.draws = true;
      return tries > 0 ? Tries.ends(tries, true) : Tries.probe();
    }
    if (line.inVain < MOST_IN_VAIN) {
      return Tries.ends(tries, false);
    }
    line.ends = 0;
    if (rested && tries > 0) {
      line.probed = now;
      return Tries.ends(1, false);
    }
    return Tries.NONE;
  }

  /// A task that may stand here, or may have been let through, is waited for no longer.
  synchronized void left(TaskId task) {
    leave(task).ifPresent(passage -> passage.line.ends++);
    standing.remove(task);
    kept.remove(task);
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

  /// How many were let through.
  private int letThrough(Line line, Tries tries, List<Claim> next) {
    for (int left = tries.count; left > 0; ) {
      Optional<Claim> polled = line.turns.poll();
      if (polled.isEmpty()) {
        return tries.count - left;
      }
      Claim claim = polled.get();
      line.turns.ended(application(claim), ONE_LANE);
      if (!standing.remove(claim.task().id(), claim)) {
        line.turns.giveBackTurn(application(claim)); // it was cancelled meanwhile
        continue;
      }
      if (through.put(claim.task().id(), new Passage(line, tries)) == null) {
        line.through++;
      }
      next.add(claim);
      left--;
    }
    return tries.count;
  }

  private Optional<Passage> leave(TaskId task) {
    Optional<Passage> passage = Optional.ofNullable(through.remove(task));
    passage.ifPresent(left -> left.line.through--);
    return passage;
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
