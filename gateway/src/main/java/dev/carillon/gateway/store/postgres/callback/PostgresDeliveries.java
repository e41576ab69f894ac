package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.store.DeliveryStore;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.queue.Dispatches;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The verbs of callbacks on their way.
public final class PostgresDeliveries implements DeliveryStore {
  /// How long to wait while this node's lease does not hold.
  private static final Duration UNHEARD = Duration.ofMillis(250);

  private static final int PAGE = 256;
  private static final String PENDING = "SELECT count(*) FROM delivery_due";

  private final Ground ground;
  private final Dispatches dispatches;
  private final CallbackCare care;

  /// @param dispatches what of this node's waits
  /// @param care fills them, and is told of endpoints that are switched off
  public PostgresDeliveries(Ground ground, Dispatches dispatches, CallbackCare care) {
    this.ground = ground;
    this.dispatches = dispatches;
    this.care = care;
  }

  @Override
  public List<Dispatch> claimDeliveries(Doors doors, int max, Duration wait)
      throws InterruptedException {
    List<Dispatch> taken = dispatches.take(doors, max, wait.toNanos());
    if (care.owns()) {
      return taken;
    }
    // Others may be trying them by now.
    taken.forEach(this::readAgain);
    Thread.sleep(Math.min(wait.toMillis(), UNHEARD.toMillis()));
    return List.of();
  }

  @Override
  public void reopen(Destination destination) {
    dispatches.reopen(destination);
  }

  @Override
  public void putBack(Dispatch dispatch) {
    if (care.owns()) {
      dispatches.putBack(dispatch);
    } else {
      readAgain(dispatch);
    }
  }

  @Override
  public void readAgain(Dispatch dispatch) {
    dispatches.release(dispatch, Optional.of(ground.clock().millis()));
  }

  @Override
  public void recordAttempt(Dispatch dispatch, Receipt receipt) {
    ground.writer().run(new RecordAttempt(dispatches, care, dispatch, receipt, ground.node()));
  }

  /// Of this node.
  @Override
  public void bringForward(Duration by) {
    new Forward(ground, by).run();
    ground
        .database()
        .read(session -> DueRows.destinations(session, ground.node()))
        .forEach((destination, at) -> dispatches.due(destination, at, 0));
  }

  /// Of all nodes.
  @Override
  public int pendingDeliveries() {
    long count =
        ground.database().read(session -> session.sql(PENDING).one(Row::number)).orElse(0L);
    return Math.toIntExact(Math.min(count, Integer.MAX_VALUE));
  }

  @Override
  public Optional<Delivery> delivery(DeliveryId id, ApplicationId application) {
    return ground.database().read(session -> DeliveryReads.one(session, id, application));
  }

  @Override
  public List<Delivery.Attempt> attempts(DeliveryId id, ApplicationId application) {
    Optional<Delivery> delivery = delivery(id, application);
    return delivery.isEmpty()
        ? List.of()
        : ground.database().read(session -> DeliveryReads.attempts(session, delivery.get()));
  }

  @Override
  public List<Delivery> deliveries(DeliveryQuery query) {
    return ground.database().read(session -> DeliveryReads.page(session, query));
  }

  @Override
  public boolean redeliver(DeliveryId id, ApplicationId application, boolean newId) {
    return again(application, List.of(id.value()), newId, ground.clock().instant()) > 0;
  }

  @Override
  public Redelivered redeliverAll(DeliveryQuery query, boolean dryRun) {
    if (dryRun) {
      int all = ground.database().read(session -> DeliveryReads.count(session, query));
      return new Redelivered(all, Optional.empty());
    }
    Instant now = ground.clock().instant();
    int most = query.limit();
    DeliveryQuery withOneMore = query.page(query.before(), most + 1);
    List<DeliveryId> ids =
        ground.database().read(session -> DeliveryReads.ids(session, withOneMore));
    List<UUID> wanted = ids.stream().limit(most).map(DeliveryId::value).toList();
    int sent = 0;
    for (int from = 0; from < wanted.size(); from += PAGE) {
      List<UUID> page = wanted.subList(from, Math.min(from + PAGE, wanted.size()));
      sent += again(query.application(), page, false, now);
    }
    return Redelivered.of(sent, ids, most);
  }

  private int again(ApplicationId application, List<UUID> ids, boolean newId, Instant now) {
    var redeliver = new Redeliver(ground.node(), application, now);
    return ground
        .writer()
        .run(
            new Act<>(
                needs -> needs.head(application),
                batch -> redeliver.run(batch.session(), ids, newId),
                sent ->
                    sent.due()
                        .forEach(
                            destination -> dispatches.due(destination, now.toEpochMilli(), 0))))
        .count();
  }
}
