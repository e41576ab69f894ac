package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;

/// Hears of attempts, for metrics. Called on the attempt's own thread after its row is stored; must
/// not block.
@FunctionalInterface
public interface CourierListener {

  /// An attempt was made and stored.
  void attempted(Dispatch dispatch, Receipt receipt);

  /// A destination is left alone for a while.
  default void circuitOpened(Destination destination) {}

  /// A destination answers again.
  default void circuitClosed(Destination destination) {}

  /// A registered endpoint was switched off, because it failed for days or asked for it.
  default void endpointDisabled(EndpointId endpoint, Standing standing) {}
}
