package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import dev.carillon.gateway.store.postgres.task.Node;
import dev.carillon.gateway.store.queue.DispatchReader;
import dev.carillon.gateway.store.queue.Dispatches;
import dev.carillon.gateway.store.queue.Wish;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a node's queues of callbacks true to the database: fills them, takes over what dead nodes
/// left, and follows what other nodes switch off and on. It looks about once a second, and at once
/// when [#look] is called.
///
/// The lock guards the fields, and that what an older reading says of endpoints is not put over
/// what this node has just committed.
public final class CallbackCare implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackCare.class);

  /// After so many rounds all that this node owns is looked for, should the answer to a commit have
  /// been lost, and what waits for deleted endpoints is dropped.
  private static final int ROUNDS_BETWEEN_RECALLS = 20;

  private final Ground ground;
  private final Node node;
  private final Dispatches dispatches;
  private final Dropping dropping;
  private final DispatchReader reader;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private volatile int cleared; // the lapses of the lease after which all that waited was forgotten
  private int recalled; // those after which it was looked for again; of the caring thread
  private long switches;
  private boolean wanted;
  private boolean closing;

  /// @param dispatches what of this node's waits
  public CallbackCare(Ground ground, Node node, Dispatches dispatches) {
    this.ground = ground;
    this.node = node;
    this.dispatches = dispatches;
    this.dropping = new Dropping(ground);
    this.reader = new DispatchReader(dispatches, this::page);
    this.thread = Thread.ofVirtual().name("callback-care").unstarted(this::loop);
    ground.afterCommit().onDispatch(dispatches::add);
    ground
        .afterCommit()
        .onDue(destination -> dispatches.due(destination, ground.clock().millis(), 0));
  }

  /// Finds what there is to do, then goes on by itself.
  public void start() {
    round(0);
    reader.start();
    thread.start();
  }

  /// Looks at once.
  public void look() {
    lock.lock();
    try {
      wanted = true;
      asked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Told of a destination that this node's commit switched off or on.
  void switched(Destination destination, boolean off) {
    lock.lock();
    try {
      switches++;
      dispatches.closed(destination, off);
    } finally {
      lock.unlock();
    }
  }

  /// Told that this node's commit changed where callbacks of a destination go, or with what.
  void moved(Destination destination) {
    dispatches.moved(destination);
  }

  /// Whether what waits here is this node's. After a lapse it may be others', until it was
  /// forgotten.
  boolean owns() {
    // In this order: a lapse is counted before the lease is said to hold again.
    return node.holdsLease() && node.lapses() == cleared;
  }

  private DispatchReader.Page page(Wish wish) {
    DueRows.Part part =
        ground.database().read(session -> DueRows.page(session, ground.node(), wish));
    if (!part.orphans().isEmpty()) {
      dropping.drop(wish.destination(), part.orphans().stream().map(DeliveryId::value).toList());
    }
    return part.page();
  }

  private void loop() {
    for (int count = 1; awaitRound(); count++) {
      round(count % ROUNDS_BETWEEN_RECALLS);
    }
  }

  /// False when there is none any more.
  private boolean awaitRound() {
    long nanos = ground.config().times().look().toNanos();
    lock.lock();
    try {
      while (!wanted && !closing && nanos > 0) {
        nanos = asked.awaitNanos(nanos);
      }
      wanted = false;
      return !closing;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void round(int number) {
    try {
      int lapses = node.lapses();
      if (lapses != cleared) {
        dispatches.clear();
        cleared = lapses;
      }
      followEndpoints();
      takeOver();
      if (lapses != recalled || number == 0) {
        recall();
        recalled = lapses;
      }
      followMoves();
    } catch (StoreUnavailableException later) {
      LOG.debug("callbacks are cared for in the next round", later);
    } catch (RuntimeException bug) {
      LOG.error("cannot care for callbacks", bug);
    }
  }

  private void followEndpoints() {
    long before = switches();
    Set<Destination> closed = ground.database().read(EndpointRows::closed);
    lock.lock();
    try {
      if (switches == before) {
        dispatches.closedAre(closed);
      }
    } finally {
      lock.unlock();
    }
  }

  /// What other nodes changed is seen by what waits here, which is little.
  private void followMoves() {
    List<WebhookEndpoint> held = dispatches.endpoints();
    if (held.isEmpty()) {
      return;
    }
    var now = new HashMap<EndpointId, WebhookEndpoint>();
    ground
        .database()
        .read(session -> EndpointRows.all(session, held, false))
        .forEach(endpoint -> now.put(endpoint.id(), endpoint));
    held.stream()
        .filter(one -> now.containsKey(one.id()) && !one.isSentAs(now.get(one.id())))
        .map(WebhookEndpoint::destination)
        .distinct()
        .forEach(dispatches::moved);
  }

  private long switches() {
    lock.lock();
    try {
      return switches;
    } finally {
      lock.unlock();
    }
  }

  private void takeOver() {
    List<UUID> dead = ground.database().read(session -> TakeOver.dead(session, ground.node()));
    for (UUID node : dead) {
      TakeOver.Taken taken;
      do {
        taken = ground.writer().run(TakeOver.of(ground.node(), node));
        tell(taken.due());
        if (taken.count() > 0) {
          LOG.info("callbacks.taken_over from={} count={}", node, taken.count());
        }
      } while (taken.count() == TakeOver.PART);
    }
  }

  private void recall() {
    tell(ground.database().read(session -> DueRows.destinations(session, ground.node())));
    ground.database().read(EndpointRows::deleted).forEach(dropping::drop);
  }

  private void tell(Map<Destination, Long> due) {
    due.forEach((destination, at) -> dispatches.due(destination, at, 0));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      asked.signalAll();
    } finally {
      lock.unlock();
    }
    reader.close();
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join();
      }
    } catch (InterruptedException kept) {
      Thread.currentThread().interrupt();
    }
  }
}
