package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// An attempt that was made, to be stored.
///
/// @param owner the node that made it: when the delivery is another's by now, nothing is stored
record Attempted(Dispatch dispatch, Receipt receipt, UUID owner) {
  UUID application() {
    return dispatch.event().application().value();
  }

  UUID id() {
    return dispatch.id().value();
  }

  Instant end() {
    return receipt.startedAt().plus(receipt.took());
  }

  /// When it is due again; empty when it waits for no attempt any more.
  Optional<Instant> retryAt() {
    return receipt.next() instanceof Next.Retry(var at, _) ? Optional.of(at) : Optional.empty();
  }

  /// Whether it uses an attempt up that is followed by another.
  boolean counted() {
    return receipt.next() instanceof Next.Retry(_, boolean counts) && counts;
  }

  int state() {
    return DeliveryCodes.code(receipt.next());
  }

  Optional<String> excerpt() {
    return receipt.excerpt().isEmpty() ? Optional.empty() : Optional.of(receipt.excerpt());
  }
}
