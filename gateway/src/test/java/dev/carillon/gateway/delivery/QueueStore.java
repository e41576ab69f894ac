package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.store.DeliveryStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.testkit.Await;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The port of deliveries in memory: destination by destination in turn, with a planned retry due
/// at once. The lock guards all fields.
final class QueueStore implements DeliveryStore {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Destination, ArrayDeque<Dispatch>> due = new LinkedHashMap<>();
  private final Set<Destination> aside = new HashSet<>();
  private final List<Row> rows = new ArrayList<>();
  private final Map<DeliveryId, Integer> sizes = new HashMap<>();
  final AtomicInteger refuse = new AtomicInteger();
  final List<Dispatch> readAgain = new CopyOnWriteArrayList<>();

  record Row(Dispatch dispatch, Receipt receipt) {}

  void add(Dispatch dispatch) {
    lock.lock();
    try {
      due.computeIfAbsent(dispatch.destination(), _ -> new ArrayDeque<>()).add(dispatch);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Dispatch> claimDeliveries(Doors doors, int max, Duration wait)
      throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      List<Dispatch> claimed = claim(doors, max);
      while (claimed.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
        claimed = claim(doors, max);
      }
      return claimed;
    } finally {
      lock.unlock();
    }
  }

  private List<Dispatch> claim(Doors doors, int max) {
    var room = new HashMap<Destination, Integer>();
    var claimed = new ArrayList<Dispatch>();
    boolean more = true;
    while (more) {
      more = false;
      for (var queue : due.entrySet()) {
        Destination destination = queue.getKey();
        if (claimed.size() >= max || aside.contains(destination) || queue.getValue().isEmpty()) {
          continue;
        }
        int left = room.computeIfAbsent(destination, doors::room);
        if (left > 0) {
          claimed.add(queue.getValue().remove());
          room.put(destination, left - 1);
          more = true;
        } else if (claimed.stream().noneMatch(one -> one.destination().equals(destination))) {
          aside.add(destination);
        }
      }
    }
    return claimed;
  }

  @Override
  public void reopen(Destination destination) {
    lock.lock();
    try {
      if (aside.remove(destination)) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void putBack(Dispatch dispatch) {
    lock.lock();
    try {
      due.computeIfAbsent(dispatch.destination(), _ -> new ArrayDeque<>()).addFirst(dispatch);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void readAgain(Dispatch dispatch) {
    readAgain.add(dispatch);
    putBack(dispatch);
  }

  @Override
  public void recordAttempt(Dispatch dispatch, Receipt receipt) {
    if (refuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new StoreUnavailableException("told to refuse");
    }
    lock.lock();
    try {
      rows.add(new Row(dispatch, receipt));
      sizes.merge(dispatch.id(), 1, Integer::sum);
    } finally {
      lock.unlock();
    }
    if (receipt.next() instanceof Receipt.Next.Retry(_, boolean counted)) {
      add(again(dispatch, counted));
    }
  }

  private static Dispatch again(Dispatch one, boolean counted) {
    Dispatch.Tries tries = one.tries();
    var next =
        new Dispatch.Tries(
            tries.attempt() + 1, tries.failures() + (counted ? 1 : 0), tries.since(), tries.copy());
    return new Dispatch(
        one.id(), one.destination(), one.endpoint(), one.url(), one.event(), one.task(), next);
  }

  @Override
  public void bringForward(Duration by) {
    // Its clock is never set back.
  }

  @Override
  public int pendingDeliveries() {
    lock.lock();
    try {
      return due.values().stream().mapToInt(ArrayDeque::size).sum();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Delivery> delivery(DeliveryId id, ApplicationId application) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Delivery.Attempt> attempts(DeliveryId id, ApplicationId application) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Delivery> deliveries(DeliveryQuery query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean redeliver(DeliveryId id, ApplicationId application, boolean newId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Redelivered redeliverAll(DeliveryQuery query, boolean dryRun) {
    throw new UnsupportedOperationException();
  }

  List<Row> rows() {
    lock.lock();
    try {
      return List.copyOf(rows);
    } finally {
      lock.unlock();
    }
  }

  /// How many attempts at a delivery were stored.
  int attempts(Dispatch dispatch) {
    lock.lock();
    try {
      return sizes.getOrDefault(dispatch.id(), 0);
    } finally {
      lock.unlock();
    }
  }

  List<Receipt> awaitRows(Dispatch dispatch, int count, Duration limit) {
    Await.until(count + " attempts", limit, () -> attempts(dispatch) >= count);
    return rows().stream()
        .filter(row -> row.dispatch().id().equals(dispatch.id()))
        .map(Row::receipt)
        .toList();
  }
}
