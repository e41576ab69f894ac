package dev.carillon.client.webhook;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// An inbox in memory: for tests, and for programs that can ask the feed for everything after a
/// restart. A crash loses it.
///
/// It holds at most [#CAPACITY] open events, then refuses more, and knows at most [#REMEMBERED]
/// closed ones, then forgets the oldest. `synchronized` guards all fields.
public final class MemoryInbox implements Inbox {
  /// How many open events there are at most unless told otherwise.
  public static final int CAPACITY = 10_000;

  /// How many ids of closed events are known at most unless told otherwise.
  public static final int REMEMBERED = 500_000;

  private static final Comparator<Due> BY_TIME =
      Comparator.comparing(Due::at).thenComparingLong(Due::number);

  private final int capacity;
  private final int remembered;
  private final Map<String, Entry> open = new HashMap<>();
  private final TreeSet<Due> due = new TreeSet<>(BY_TIME);
  private final LinkedHashMap<String, Closed> closed = new LinkedHashMap<>();
  private final Map<String, String> cursors = new HashMap<>();
  private long number;

  private record Due(Instant at, long number, String id) {}

  private record Entry(InboxEvent event, Standing standing, Due due) {}

  private record Closed(Instant at, Standing standing) {}

  /// One with the usual bounds.
  public MemoryInbox() {
    this(CAPACITY, REMEMBERED);
  }

  /// One with other bounds.
  ///
  /// @param capacity how many open events there are at most
  /// @param remembered how many ids of closed events are known at most
  public MemoryInbox(int capacity, int remembered) {
    if (capacity < 1 || remembered < 1) {
      throw new IllegalArgumentException("an inbox has room for at least one event");
    }
    this.capacity = capacity;
    this.remembered = remembered;
  }

  @Override
  public synchronized Put put(InboxEvent event, Instant now) {
    if (open.containsKey(event.id()) || closed.containsKey(event.id())) {
      return Put.KNOWN;
    }
    if (open.size() >= capacity) {
      return Put.FULL;
    }
    enter(event, new Standing(State.NEW, 0, Optional.of(now), Optional.empty()), now);
    return Put.TAKEN;
  }

  @Override
  public synchronized Optional<Claim> claim(Instant now, Instant leaseUntil) {
    if (due.isEmpty() || due.first().at().isAfter(now)) {
      return Optional.empty();
    }
    Entry entry = leave(due.first().id());
    Standing before = entry.standing();
    int attempt = before.attempts() + 1;
    enter(
        entry.event(),
        new Standing(State.RUNNING, attempt, Optional.of(leaseUntil), before.error()),
        leaseUntil);
    return Optional.of(new Claim(entry.event(), attempt));
  }

  @Override
  public synchronized boolean extend(Claim claim, Instant leaseUntil) {
    if (!isNewest(claim)) {
      return false;
    }
    Entry entry = leave(claim.event().id());
    Standing before = entry.standing();
    enter(
        entry.event(),
        new Standing(State.RUNNING, before.attempts(), Optional.of(leaseUntil), before.error()),
        leaseUntil);
    return true;
  }

  @Override
  public synchronized boolean done(Claim claim, Instant now) {
    if (!isNewest(claim)) {
      return false;
    }
    leave(claim.event().id());
    close(
        claim.event().id(),
        now,
        new Standing(State.DONE, claim.attempt(), Optional.empty(), Optional.empty()));
    return true;
  }

  @Override
  public synchronized boolean failed(
      Claim claim, Instant now, Optional<Instant> retryAt, String error) {
    if (!isNewest(claim)) {
      return false;
    }
    Entry entry = leave(claim.event().id());
    var standing = new Standing(State.FAILED, claim.attempt(), retryAt, Optional.of(error));
    if (retryAt.isPresent()) {
      enter(entry.event(), standing, retryAt.get());
    } else {
      close(claim.event().id(), now, standing);
    }
    return true;
  }

  @Override
  public synchronized Optional<Standing> find(String id) {
    Entry entry = open.get(id);
    if (entry != null) {
      return Optional.of(entry.standing());
    }
    return Optional.ofNullable(closed.get(id)).map(Closed::standing);
  }

  @Override
  public synchronized long open() {
    return open.size();
  }

  @Override
  public synchronized int purge(Instant before) {
    int count = closed.size();
    closed.values().removeIf(entry -> entry.at().isBefore(before));
    return count - closed.size();
  }

  @Override
  public synchronized Optional<String> cursor(String feed) {
    return Optional.ofNullable(cursors.get(feed));
  }

  @Override
  public synchronized void moveCursor(String feed, String cursor) {
    cursors.put(feed, cursor);
  }

  private boolean isNewest(Claim claim) {
    Entry entry = open.get(claim.event().id());
    return entry != null
        && entry.standing().state() == State.RUNNING
        && entry.standing().attempts() == claim.attempt();
  }

  private void enter(InboxEvent event, Standing standing, Instant at) {
    var place = new Due(at, number++, event.id());
    due.add(place);
    open.put(event.id(), new Entry(event, standing, place));
  }

  private Entry leave(String id) {
    Entry entry = open.remove(id);
    if (entry == null) {
      throw new IllegalStateException("no open event " + id);
    }
    due.remove(entry.due());
    return entry;
  }

  private void close(String id, Instant now, Standing standing) {
    closed.put(id, new Closed(now, standing));
    Iterator<String> oldest = closed.keySet().iterator();
    while (closed.size() > remembered) {
      oldest.next();
      oldest.remove();
    }
  }
}
