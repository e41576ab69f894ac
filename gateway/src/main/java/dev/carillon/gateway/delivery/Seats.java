package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.store.DeliveryStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Who may send now. An attempt takes a seat of its destination and of its origin while it sends,
/// and one of the node until its row is stored. Safe for many threads; the lock guards all fields,
/// and the store is never called under it.
///
/// The node has quick and slow seats. An attempt that sends for longer than a second moves to a
/// slow seat, and a destination known to be slow starts on one, so however many receivers hang,
/// they leave the quick seats to the others.
///
/// A destination without room is *aside*: the store hands out nothing of it until it is reopened,
/// which happens when a good part of its window is free, or else at the next [#tick].
final class Seats implements DeliveryStore.Doors {
  private static final int LOOKED_AT = 64;
  private static final int REOPENED_PART = 4; // of the window is free

  private final DeliveryConfig.Seats limits;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Consumer<Destination> reopen;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Destination, Lane> lanes = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<String, Origin> origins = new HashMap<>();
  private final Set<Lane> aside = new LinkedHashSet<>();
  private final ArrayDeque<Seat> starting = new ArrayDeque<>(); // on quick seats, oldest first
  private Set<Destination> reopened = new LinkedHashSet<>(); // to be told at the next tick
  private int quick;
  private int slow;
  private int open; // circuits that are not closed

  /// The right to make one attempt.
  static final class Seat {
    private final Lane lane;
    private final Origin origin;
    private final int begun;
    private final long since;
    private boolean onSlow;
    private boolean countedSlow;
    private boolean sent;
    private boolean stored;

    private Seat(Lane lane, Origin origin, long since, boolean onSlow) {
      this.lane = lane;
      this.origin = origin;
      this.begun = lane.circuit.begin();
      this.since = since;
      this.onSlow = onSlow;
    }
  }

  /// @param nanos a clock such as `System.nanoTime()`
  /// @param random for the circuits; used under the lock
  /// @param reopen tells the store that a destination has room again
  Seats(
      DeliveryConfig.Seats limits,
      LongSupplier nanos,
      RandomGenerator random,
      Consumer<Destination> reopen) {
    this.limits = limits;
    this.nanos = nanos;
    this.random = random;
    this.reopen = reopen;
  }

  @Override
  public int room(Destination destination) {
    lock.lock();
    try {
      Lane lane = lane(destination);
      int room = room(lane);
      if (room <= 0) {
        setAside(lane);
      } else {
        leaveOrigin(lane);
      }
      return Math.max(0, room);
    } finally {
      lock.unlock();
    }
  }

  /// Takes a seat for a delivery that was handed out; empty when there is none, as another of the
  /// same origin took it, or the destination's origin was not known before.
  Optional<Seat> take(Destination destination, String originName) {
    lock.lock();
    try {
      Lane lane = lane(destination);
      Origin origin = originOf(lane, originName);
      boolean onSlow = lane.slow();
      if (room(lane) <= 0 || (!onSlow && quick >= limits.quick())) {
        return Optional.empty();
      }
      var seat = new Seat(lane, origin, nanos.getAsLong(), onSlow);
      origin.take(lane);
      lane.seats++;
      if (onSlow) {
        slow++;
      } else {
        quick++;
        starting.add(seat);
      }
      return Optional.of(seat);
    } finally {
      lock.unlock();
    }
  }

  /// The attempt was sent and came to this. The seats of its destination and origin are free.
  Circuit.Change sent(Seat seat, Posted posted) {
    var told = new ArrayList<Destination>();
    lock.lock();
    try {
      Lane lane = seat.lane;
      seat.sent = true;
      lane.seats--;
      lane.slowSeats -= seat.countedSlow ? 1 : 0;
      seat.origin.free(lane);
      Circuit.Change change = lane.learn(posted, seat.begun, nanos.getAsLong());
      switch (change) {
        case OPENED -> open++;
        case CLOSED -> open--;
        case NONE -> {}
      }
      if (room(lane) * REOPENED_PART >= lane.window()) {
        tell(lane, told);
      }
      seat.origin
          .first(aside::contains)
          .filter(other -> room(other) > 0)
          .ifPresent(other -> tell(other, told));
      forgetIfIdle(seat.origin);
      return change;
    } finally {
      lock.unlock();
      told.forEach(reopen);
    }
  }

  /// The attempt's row is stored. The seat of the node is free.
  void stored(Seat seat) {
    lock.lock();
    try {
      seat.stored = true;
      if (seat.onSlow) {
        slow--;
      } else {
        quick--;
      }
      while (!starting.isEmpty() && starting.getFirst().stored) {
        starting.removeFirst();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// To be called every tenth of a second or so: moves what became slow to slow seats and reopens
  /// what has room.
  void tick() {
    var told = new ArrayList<Destination>();
    lock.lock();
    try {
      moveSlow();
      // Told twice, as the first time may have come before the store had set it aside.
      told.addAll(reopened);
      reopened.stream()
          .flatMap(destination -> Optional.ofNullable(lanes.get(destination)).stream())
          .filter(lane -> !aside.contains(lane))
          .forEach(Seats::leaveOrigin);
      reopened = new LinkedHashSet<>();
      for (Lane lane : List.copyOf(aside)) {
        if (room(lane) > 0) {
          tell(lane, told);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    told.forEach(reopen);
  }

  /// Waits until a quick seat is free, and says how many are.
  int awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (quick >= limits.quick()) {
        changed.await();
      }
      return limits.quick() - quick;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until nobody is in flight; false when `limit` passed first.
  boolean drain(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = limit.toNanos();
      while (quick + slow > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return quick + slow == 0;
    } finally {
      lock.unlock();
    }
  }

  /// How many seats of the node are taken, and how many circuits are not closed.
  Taken taken() {
    lock.lock();
    try {
      return new Taken(quick, slow, open);
    } finally {
      lock.unlock();
    }
  }

  /// Figures of one moment.
  record Taken(int quick, int slow, int openCircuits) {}

  private int room(Lane lane) {
    int room = lane.room(nanos.getAsLong());
    if (room > 0 && lane.origin.isPresent()) {
      room = Math.min(room, lane.origin.get().room(lane));
    }
    if (lane.slow()) {
      return Math.min(room, limits.slow() - slow);
    }
    if (lane.proven || slow <= limits.slow() / 2) {
      return room;
    }
    // When many hang already, one that never answered shows with a single attempt how it is; and
    // when no slow seat is left, half of the quick ones are for those that did answer.
    boolean full = slow >= limits.slow() && quick >= limits.quick() / 2;
    return full ? 0 : Math.min(room, 1 - lane.seats);
  }

  private void moveSlow() {
    long latest = nanos.getAsLong() - DeliveryConfig.QUICK.toNanos();
    while (!starting.isEmpty()) {
      Seat seat = starting.getFirst();
      if (!seat.stored && (seat.since - latest > 0 || slow >= limits.slow())) {
        return;
      }
      starting.removeFirst();
      if (!seat.stored) {
        quick--;
        slow++;
        seat.onSlow = true;
        seat.countedSlow = !seat.sent;
        seat.lane.slowSeats += seat.sent ? 0 : 1;
      }
    }
  }

  private void setAside(Lane lane) {
    aside.add(lane);
    lane.origin.filter(origin -> origin.room(lane) <= 0).ifPresent(origin -> origin.await(lane));
  }

  private void tell(Lane lane, List<Destination> told) {
    if (aside.remove(lane)) {
      told.add(lane.destination);
      reopened.add(lane.destination);
    }
  }

  /// Until it asks again or the next tick, one that was told keeps its share of its origin.
  private static void leaveOrigin(Lane lane) {
    lane.origin.ifPresent(origin -> origin.leave(lane));
  }

  private Lane lane(Destination destination) {
    Lane known = lanes.get(destination);
    if (known != null) {
      return known;
    }
    if (lanes.size() >= DeliveryConfig.REMEMBERED_DESTINATIONS) {
      forgetOne();
    }
    var lane = new Lane(destination, limits, random);
    lanes.put(destination, lane);
    return lane;
  }

  /// Forgets the one that was used least recently and sends nothing now.
  private void forgetOne() {
    Iterator<Lane> eldest = lanes.values().iterator();
    for (int looked = 0; looked < LOOKED_AT && eldest.hasNext(); looked++) {
      Lane lane = eldest.next();
      if (lane.seats == 0) {
        eldest.remove();
        open -= lane.circuit.closed() ? 0 : 1;
        if (aside.remove(lane)) {
          reopened.add(lane.destination);
        }
        lane.origin.ifPresent(origin -> {
          origin.leave(lane);
          forgetIfIdle(origin);
        });
        return;
      }
    }
  }

  /// An endpoint's URL may have changed since its last attempt.
  private Origin originOf(Lane lane, String name) {
    Optional<Origin> before = lane.origin;
    if (before.isPresent() && before.get().name.equals(name) && origins.get(name) == before.get()) {
      return before.get();
    }
    before.ifPresent(other -> other.leave(lane));
    Origin origin = origins.computeIfAbsent(name, made -> new Origin(made, limits.perOrigin()));
    lane.origin = Optional.of(origin);
    return origin;
  }

  private void forgetIfIdle(Origin origin) {
    if (origin.idle()) {
      origins.remove(origin.name, origin);
    }
  }
}
