package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Receipt;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.DeliveryStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The port of callbacks in memory, with a planned retry due at once.
final class QueueStore implements DeliveryStore {
  private final BlockingQueue<Dispatch> due = new LinkedBlockingQueue<>();
  private final List<Row> rows = new ArrayList<>(); // guarded by itself
  final AtomicInteger refuse = new AtomicInteger();

  record Row(Dispatch dispatch, Receipt receipt) {}

  void add(Dispatch dispatch) {
    due.add(dispatch);
  }

  @Override
  public List<Dispatch> claimDeliveries(int max, Duration wait) throws InterruptedException {
    var claimed = new ArrayList<Dispatch>();
    Dispatch first = due.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      claimed.add(first);
      due.drainTo(claimed, max - 1);
    }
    return claimed;
  }

  @Override
  public void recordAttempt(Dispatch dispatch, Receipt receipt) {
    if (refuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new StoreUnavailableException("told to refuse");
    }
    synchronized (rows) {
      rows.add(new Row(dispatch, receipt));
    }
    if (receipt.next() instanceof Receipt.Next.Retry) {
      add(new Dispatch(dispatch.id(), dispatch.url(), dispatch.attempt() + 1, dispatch.task()));
    }
  }

  @Override
  public List<Attempt> attempts(TaskId task) {
    return rows().stream()
        .filter(row -> row.dispatch().task().id().equals(task))
        .map(row -> new Attempt(row.dispatch().attempt(), row.receipt()))
        .toList();
  }

  @Override
  public int pendingDeliveries() {
    return due.size();
  }

  List<Row> rows() {
    synchronized (rows) {
      return List.copyOf(rows);
    }
  }

  List<Receipt> awaitRows(Dispatch dispatch, int count, Duration limit) {
    Await.until(count + " attempts", limit, () -> rowsOf(dispatch).size() >= count);
    return rowsOf(dispatch);
  }

  private List<Receipt> rowsOf(Dispatch dispatch) {
    return rows().stream()
        .filter(row -> row.dispatch().id().equals(dispatch.id()))
        .map(Row::receipt)
        .toList();
  }
}
