package dev.carillon.gateway.store.queue;

import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.DeliveryStore.Doors;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Deliveries on their way to be tried, a queue for each destination. New ones come right after
/// their commit; retries, what found no room here and what an earlier process left are read from
/// the database when they are due and their destination takes any.
///
/// Handing out never reads the database: [DispatchReader] does that for one destination at a time.
/// So a million deliveries that wait for a dead receiver cost one small entry here and nothing to
/// the others.
///
/// A delivery that waits here or is being tried is *taken*, and none is taken twice. The lock
/// guards all fields; the database is not read under it.
public final class Dispatches {
  /// When nothing is due.
  public static final long NEVER = DestinationQueue.NEVER;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition toRead = lock.newCondition();
  private final AtomicLong pending = new AtomicLong();
  private final InstantSource clock;
  private final Shelves shelves;
  private final long pollMillis;
  private int reading;

  /// @param mostReady how many are kept here in all
  /// @param pollEvery how often the clock is looked at while nothing happens
  public Dispatches(InstantSource clock, int mostReady, Duration pollEvery) {
    this.clock = clock;
    this.shelves = new Shelves(clock, mostReady, changed, toRead);
    this.pollMillis = Math.max(1, pollEvery.toMillis());
  }

  /// Tells what an earlier process left.
  ///
  /// @param due when the first of a destination's deliveries is due
  /// @param count how many wait in all
  public void left(Map<Destination, Long> due, Set<Destination> closed, long count) {
    locked(() -> {
      pending.addAndGet(count);
      closed.forEach(destination -> shelves.queue(destination).closed = true);
      due.forEach((destination, at) -> shelves.due(shelves.queue(destination), at));
    });
  }

  private void locked(Runnable act) {
    lock.lock();
    try {
      act.run();
    } finally {
      lock.unlock();
    }
  }

  /// Adds a delivery that was just committed.
  public void add(Dispatch dispatch) {
    locked(() -> {
      pending.incrementAndGet();
      DestinationQueue queue = shelves.queue(dispatch.destination());
      // Behind a backlog in the file it waits for its turn there.
      boolean first = queue.fileDue > clock.millis();
      if (queue.taken.contains(dispatch.id())) {
        return;
      }
      if (first && !queue.closed && queue.ready.size() < shelves.most(queue)) {
        shelves.take(queue, dispatch);
        changed.signal();
      } else {
        shelves.due(queue, clock.millis());
      }
    });
  }

  /// Says that deliveries were committed which are only in the file.
  ///
  /// @param count how many more wait than before
  public void due(Destination destination, long at, int count) {
    locked(() -> {
      pending.addAndGet(count);
      shelves.due(shelves.queue(destination), at);
    });
  }

  /// Gives a delivery back.
  ///
  /// @param retryAt when it is due again; empty when it waits for no attempt any more
  public void release(Dispatch dispatch, Optional<Long> retryAt) {
    locked(() -> {
      DestinationQueue queue = shelves.queue(dispatch.destination());
      if (queue.taken.remove(dispatch.id())) {
        queue.stale.remove(dispatch.id());
        if (queue.reading) {
          queue.settledWhileReading.add(dispatch.id());
        }
        retryAt.ifPresent(at -> shelves.due(queue, at));
      }
      shelves.forgetIfIdle(queue);
    });
  }

  /// Gives a delivery back that was not tried, to be the first of its queue again.
  public void putBack(Dispatch dispatch) {
    locked(() -> {
      DestinationQueue queue = shelves.queue(dispatch.destination());
      if (!queue.closed && queue.isAsItWas(dispatch.id())) {
        shelves.takeBack(queue, dispatch);
      } else {
        release(dispatch, Optional.of(clock.millis()));
      }
    });
  }

  /// So many less wait for an attempt.
  public void done(int count) {
    pending.addAndGet(-count);
  }

  /// How many alarms are set: one for each destination at most.
  int alarms() {
    var size = new int[1];
    locked(() -> size[0] = shelves.alarms.size());
    return size[0];
  }

  public int pending() {
    return Math.toIntExact(Math.clamp(pending.get(), 0, Integer.MAX_VALUE));
  }

  /// Offers a destination again that was set aside.
  public void reopen(Destination destination) {
    locked(() -> {
      DestinationQueue queue = shelves.queue(destination);
      if (queue.aside) {
        queue.aside = false;
        shelves.offer(queue);
      }
      shelves.forgetIfIdle(queue);
    });
  }

  /// Hands nothing out to a destination any more, or hands out again.
  public void closed(Destination destination, boolean closed) {
    locked(() -> {
      DestinationQueue queue = shelves.queue(destination);
      queue.closed = closed;
      if (closed) {
        shelves.backToTheFile(queue, 0);
        shelves.due(queue, 0);
      } else {
        shelves.offer(queue);
      }
      shelves.forgetIfIdle(queue);
    });
  }

  /// Says which destinations nothing is handed out to; all others are open.
  public void closedAre(Set<Destination> closed) {
    locked(() -> {
      var were = new HashSet<Destination>();
      shelves.all().stream()
          .filter(queue -> queue.closed)
          .forEach(queue -> were.add(queue.destination));
      were.stream().filter(one -> !closed.contains(one)).forEach(one -> closed(one, false));
      closed.stream().filter(one -> !were.contains(one)).forEach(one -> closed(one, true));
    });
  }

  /// Has what waits for a destination read again before it is handed out, as its endpoint is not
  /// what it was. What is being tried ends as it may.
  public void moved(Destination destination) {
    locked(() -> {
      DestinationQueue queue = shelves.queue(destination);
      shelves.backToTheFile(queue, 0);
      queue.stale.addAll(queue.taken);
      queue.overtaken = queue.reading;
      shelves.offer(queue);
      shelves.forgetIfIdle(queue);
    });
  }

  /// The endpoints that something waits here for, as they were when it was read: one may have been
  /// several.
  public List<WebhookEndpoint> endpoints() {
    var found = new ArrayList<WebhookEndpoint>();
    locked(() ->
        shelves.all().stream()
            .flatMap(queue -> queue.ready.stream())
            .flatMap(dispatch -> dispatch.endpoint().stream())
            .distinct()
            .forEach(found::add));
    return found;
  }

  /// Forgets all that waits, as it is another's now; what is being tried ends as it may.
  public void clear() {
    locked(() -> {
      for (DestinationQueue queue : shelves.all()) {
        shelves.backToTheFile(queue, 0);
        queue.fileDue = NEVER;
        queue.overtaken = queue.reading;
        shelves.forgetIfIdle(queue);
      }
    });
  }

  /// Forgets a destination; what is being tried there ends as it may.
  public void forget(Destination destination) {
    locked(() -> {
      DestinationQueue queue = shelves.queue(destination);
      shelves.backToTheFile(queue, 0);
      queue.fileDue = NEVER;
      queue.closed = false;
      shelves.forgetIfIdle(queue);
    });
  }

  /// Hands out due deliveries, waiting for the first one. While the file is being read for some,
  /// that is waited for in any case.
  public List<Dispatch> take(Doors doors, int max, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    lock.lockInterruptibly();
    try {
      while (true) {
        ring();
        List<Dispatch> some = some(doors, max);
        if (!some.isEmpty()) {
          return some;
        }
        long left = end - System.nanoTime();
        boolean soon = reading > 0 || !shelves.wanted.isEmpty();
        if (left <= 0 && !soon) {
          return List.of();
        }
        long look = TimeUnit.MILLISECONDS.toNanos(untilLook());
        long _ = changed.awaitNanos(soon ? look : Math.min(left, look));
      }
    } finally {
      lock.unlock();
    }
  }

  private long untilLook() {
    return Math.clamp(shelves.alarms.next() - clock.millis(), 1, pollMillis);
  }

  private List<Dispatch> some(Doors doors, int max) {
    var some = new ArrayList<Dispatch>();
    var rooms = new HashMap<DestinationQueue, Integer>();
    var given = new HashSet<DestinationQueue>();
    var full = new ArrayList<DestinationQueue>();
    while (some.size() < max) {
      Optional<DestinationQueue> next = shelves.turns.next();
      if (next.isEmpty()) {
        break;
      }
      DestinationQueue queue = next.get();
      if (queue.ready.isEmpty() || !queue.open()) {
        continue;
      }
      int room = rooms.computeIfAbsent(queue, _ -> doors.room(queue.destination));
      if (room > 0) {
        rooms.put(queue, room - 1);
        given.add(queue);
        some.add(shelves.handOut(queue));
      } else if (given.contains(queue)) {
        // Its room is used up. Whether it is set aside its doors say when they are asked again,
        // since they reopen only what they closed themselves.
        full.add(queue);
      } else {
        queue.aside = true;
        shelves.thin(queue);
      }
    }
    full.forEach(shelves.turns::add);
    return some;
  }

  /// Looks at the queues whose time has come.
  private void ring() {
    shelves.alarms.due(clock.millis()).forEach(shelves::offer);
  }

  /// Waits for a destination of which more is to be read.
  ///
  /// @return what to read; its place is kept until [#read]
  Wish awaitWish() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (shelves.wanted.isEmpty()) {
        toRead.await();
      }
      DestinationQueue queue = shelves.wanted.remove();
      queue.wanted = false;
      queue.reading = true;
      reading++;
      queue.settledWhileReading.clear();
      queue.fileDue = NEVER;
      int room = Math.max(1, shelves.most(queue) - queue.ready.size());
      return new Wish(queue, clock.millis(), room, Set.copyOf(queue.taken));
    } finally {
      lock.unlock();
    }
  }

  /// Takes what was read.
  void read(Wish wish, DispatchReader.Page page) {
    lock.lock();
    try {
      DestinationQueue queue = wish.queue();
      queue.reading = false;
      reading--;
      boolean keeps = !queue.closed && !queue.overtaken;
      page.found().stream()
          .filter(one -> keeps && !queue.settledWhileReading.contains(one.id()))
          .forEach(one -> shelves.take(queue, one));
      long nextDue = page.nextDue(queue::knows);
      queue.settledWhileReading.clear();
      queue.overtaken = false;
      // What was found for one that was closed meanwhile is found again once it opens.
      shelves.due(queue, keeps ? nextDue : wish.now());
      // Told of something earlier while reading: the timer of that may have rung already.
      shelves.offer(queue);
      shelves.forgetIfIdle(queue);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
