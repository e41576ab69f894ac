package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Receipt;

/// Hears of attempts, for metrics. Called on the attempt's own thread after its row is stored; must
/// not block.
@FunctionalInterface
public interface CourierListener {

  /// An attempt was made and stored.
  void attempted(Dispatch dispatch, Receipt receipt);
}
