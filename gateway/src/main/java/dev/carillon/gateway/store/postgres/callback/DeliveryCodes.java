package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Receipt.Next;

/// How states of deliveries stand in the database.
final class DeliveryCodes {
  static final int PENDING = 0;
  static final int DELIVERED = 1;
  static final int EXHAUSTED = 2;
  static final int BLOCKED = 3;
  static final int GONE = 4;
  static final int DROPPED = 5;

  private DeliveryCodes() {}

  static int code(Next next) {
    return switch (next) {
      case Next.Retry _ -> PENDING;
      case Next.Delivered _ -> DELIVERED;
      case Next.Exhausted _ -> EXHAUSTED;
      case Next.Blocked _ -> BLOCKED;
      case Next.Gone _ -> GONE;
    };
  }

  static int code(DeliveryState state) {
    return switch (state) {
      case PENDING -> PENDING;
      case DELIVERED -> DELIVERED;
      case EXHAUSTED -> EXHAUSTED;
      case BLOCKED -> BLOCKED;
      case GONE -> GONE;
      case DROPPED -> DROPPED;
    };
  }

  static DeliveryState state(int code) {
    return switch (code) {
      case PENDING -> DeliveryState.PENDING;
      case DELIVERED -> DeliveryState.DELIVERED;
      case EXHAUSTED -> DeliveryState.EXHAUSTED;
      case BLOCKED -> DeliveryState.BLOCKED;
      case GONE -> DeliveryState.GONE;
      case DROPPED -> DeliveryState.DROPPED;
      default -> throw new IllegalStateException("no delivery has the state " + code);
    };
  }
}
