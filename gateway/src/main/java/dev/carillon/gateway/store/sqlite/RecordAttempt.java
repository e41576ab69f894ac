package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.sqlite.DeliveryRows.Stored;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Stores an attempt and what it says of its endpoint; the delivery may be claimed again once that
/// is durable.
final class RecordAttempt extends Verb<Stored> {
  /// How old the time of the last success may be, so that a healthy endpoint costs no write.
  private static final Duration SUCCESS_GRAIN = Duration.ofMinutes(1);

  private final Memory memory;
  private final Dispatch dispatch;
  private final Receipt receipt;
  private boolean gone;

  RecordAttempt(Memory memory, Dispatch dispatch, Receipt receipt) {
    this.memory = memory;
    this.dispatch = dispatch;
    this.receipt = receipt;
  }

  @Override
  Stored run(Transaction transaction) throws SQLException {
    gone = false;
    Stored stored = DeliveryRows.recordAttempt(transaction.session(), dispatch, receipt);
    if (stored != Stored.NOTHING && dispatch.endpoint().isPresent()) {
      Optional<WebhookEndpoint> endpoint =
          transaction
              .endpoints()
              .of(transaction.session(), dispatch.endpoint().get().application())
              .stream()
              .filter(known -> known.id().equals(dispatch.endpoint().get().id()))
              .findFirst();
      if (endpoint.isPresent()) {
        judge(transaction, endpoint.get());
      }
    }
    return stored;
  }

  private void judge(Transaction transaction, WebhookEndpoint endpoint) throws SQLException {
    Instant end = receipt.startedAt().plus(receipt.took());
    WebhookEndpoint judged = endpoint.with(health(endpoint.health(), end));
    if (receipt.next() instanceof Next.Gone && endpoint.standing() == Standing.ACTIVE) {
      judged = judged.in(Standing.GONE);
      gone = true;
      EndpointEvents.insert(transaction, judged, EventType.ENDPOINT_DISABLED, end);
    }
    if (!judged.equals(endpoint)) {
      EndpointRows.update(transaction.session(), judged);
      transaction.endpoints().changed(judged.application());
    }
  }

  private Health health(Health before, Instant end) {
    if (receipt.failure().isEmpty()) {
      boolean recent =
          before.succeededAt().filter(at -> at.plus(SUCCESS_GRAIN).isAfter(end)).isPresent();
      return before.failingSince().isEmpty() && recent
          ? before
          : new Health(Optional.empty(), 0, Optional.of(end));
    }
    boolean ours = receipt.next() instanceof Next.Retry(_, boolean counted) && !counted;
    return ours
        ? before
        : new Health(
            Optional.of(before.failingSince().orElse(end)),
            before.failures() + 1,
            before.succeededAt());
  }

  @Override
  void committed(Stored stored) {
    Optional<Long> retryAt =
        receipt.next() instanceof Next.Retry(var at, _)
            ? Optional.of(at.toEpochMilli())
            : Optional.empty();
    if (stored == Stored.OVERTAKEN) {
      // Due since it was sent again.
      retryAt = Optional.of(receipt.startedAt().toEpochMilli());
    }
    if (stored == Stored.DECIDED && retryAt.isEmpty()) {
      memory.dispatches().done(1);
    }
    memory.dispatches().release(dispatch, retryAt);
    if (gone) {
      memory.dispatches().closed(dispatch.destination(), true);
      memory.bell().ringFeed(dispatch.event().application());
    }
  }
}
