package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.EndpointId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes deliveries due now, in a new round.
final class Redeliver extends Verb<Integer> {
  private final Memory memory;
  private final List<Delivery> deliveries;
  private final boolean newId;
  private final Instant now;
  private final Set<Destination> due = new HashSet<>();
  private int more;

  Redeliver(Memory memory, List<Delivery> deliveries, boolean newId, Instant now) {
    this.memory = memory;
    this.deliveries = deliveries;
    this.newId = newId;
    this.now = now;
  }

  /// How many were found, and their endpoints too.
  @Override
  Integer run(Transaction transaction) throws SQLException {
    due.clear();
    more = 0;
    int found = 0;
    for (Delivery delivery : deliveries) {
      ApplicationId application = delivery.event().application();
      Optional<DeliveryState> before =
          exists(transaction, delivery.endpoint(), application)
              ? state(transaction, new DeliveryRows.Key(application, delivery.id()))
              : Optional.empty();
      if (before.isPresent()) {
        var _ =
            DeliveryRows.again(
                transaction.session(),
                new DeliveryRows.Key(application, delivery.id()),
                newId,
                now);
        more += before.get() == DeliveryState.PENDING ? 0 : 1;
        due.add(delivery.destination());
        found++;
      }
    }
    return found;
  }

  private static boolean exists(
      Transaction transaction, Optional<EndpointId> endpoint, ApplicationId application)
      throws SQLException {
    return endpoint.isEmpty()
        || transaction.endpoints().of(transaction.session(), application).stream()
            .anyMatch(one -> one.id().equals(endpoint.get()));
  }

  private static Optional<DeliveryState> state(Transaction transaction, DeliveryRows.Key key)
      throws SQLException {
    return transaction
        .sql("SELECT state FROM delivery WHERE application_id = ? AND id = ?")
        .put(key.application().value())
        .put(key.id().value())
        .one(row -> DeliveryRows.state(row.integer()));
  }

  @Override
  void committed(Integer found) {
    memory.dispatches().done(-more);
    due.forEach(destination -> memory.dispatches().due(destination, now.toEpochMilli(), 0));
  }
}
