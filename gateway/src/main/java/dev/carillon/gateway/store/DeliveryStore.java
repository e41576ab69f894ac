package dev.carillon.gateway.store;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The verbs of deliveries on their way.
public interface DeliveryStore {

  /// Hands out deliveries that are due and that nobody is trying now, application by application
  /// and destination by destination in turn, so that none waits for another. Waits up to `wait` for
  /// the first; empty when none came.
  ///
  /// A destination that `doors` lets nothing through to is set aside: nothing of it is read or
  /// counted again until [#reopen]. So is an endpoint that is not active, by itself.
  ///
  /// @param max how many at most, at least 1
  List<Dispatch> claimDeliveries(Doors doors, int max, Duration wait) throws InterruptedException;

  /// Says how many may be sent where.
  @FunctionalInterface
  interface Doors {
    /// How many more deliveries to this destination may be handed out now; 0 sets it aside. Asked
    /// on the claiming thread; must be quick and must not call the store.
    int room(Destination destination);
  }

  /// Offers a destination again that was set aside. Harmless for any other; may be called by
  /// anybody who does not hold a lock that [Doors#room] needs.
  void reopen(Destination destination);

  /// Gives back what was handed out just now and not tried. Nothing is written: it is due as
  /// before, and may be handed out again as it is.
  void putBack(Dispatch dispatch);

  /// Gives back what was handed out and not recorded, and may have changed since: its endpoint may
  /// be gone or moved by now, or another node may have it. Nothing is written. If it still waits it
  /// is due as before, and it is read before it is handed out again.
  void readAgain(Dispatch dispatch);

  /// Stores what an attempt came to, with what follows, in one transaction. Waits for the commit.
  /// For an endpoint also its health, and with [Receipt.Next.Gone] its standing.
  ///
  /// @throws StoreUnavailableException when it could not, or nobody knows: the delivery stays
  ///   handed out, so that this may be tried again, until it is given back by [#readAgain]
  void recordAttempt(Dispatch dispatch, Receipt receipt);

  /// The calendar of this process was set back: what waits here for a time of it is due sooner by
  /// that much, at the earliest now, else it would wait for that much longer than it was meant to.
  /// What was written before the calendar was ahead comes early by as much. May be run again.
  void bringForward(Duration by);

  /// How many deliveries wait for an attempt.
  int pendingDeliveries();

  /// A delivery of this application.
  Optional<Delivery> delivery(DeliveryId id, ApplicationId application);

  /// The attempts made at a delivery, oldest first, at most 1,000.
  List<Delivery.Attempt> attempts(DeliveryId id, ApplicationId application);

  /// A page of an application's deliveries, newest first.
  List<Delivery> deliveries(DeliveryQuery query);

  /// Makes a delivery due now with a fresh schedule, whatever became of it before; one that is
  /// pending becomes due now.
  ///
  /// @param newId sends it under a new `webhook-id`, for a receiver that would drop it as a repeat
  /// @return false for an unknown or foreign one, and one whose endpoint was deleted
  boolean redeliver(DeliveryId id, ApplicationId application, boolean newId);

  /// The same for those that match, newest first, no more than the query's limit, in a few
  /// transactions. May be run again after a crash; then what was due before is due again.
  ///
  /// @param dryRun only counts, all that match
  Redelivered redeliverAll(DeliveryQuery query, boolean dryRun);

  /// What was sent again.
  ///
  /// @param count how many
  /// @param rest the cursor to go on from; empty where that were all
  record Redelivered(int count, Optional<DeliveryId> rest) {
    /// The outcome for these ids, of which one more than the limit was asked for.
    public static Redelivered of(int count, List<DeliveryId> ids, int limit) {
      return new Redelivered(
          count, ids.size() > limit ? Optional.of(ids.get(limit - 1)) : Optional.empty());
    }
  }

  /// Which deliveries. Empty fields match all.
  ///
  /// @param createdMin earliest creation, inclusive
  /// @param createdMax latest creation, exclusive
  /// @param before only deliveries with a smaller id: the cursor
  /// @param limit how many at most
  record DeliveryQuery(
      ApplicationId application,
      Optional<TaskId> task,
      Optional<EndpointId> endpoint,
      Optional<DeliveryState> state,
      Optional<EventType> type,
      Optional<Instant> createdMin,
      Optional<Instant> createdMax,
      Optional<DeliveryId> before,
      int limit) {

    /// All of an application's.
    public static DeliveryQuery newest(ApplicationId application, int limit) {
      return new DeliveryQuery(
          application,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          limit);
    }

    /// The same filters from another cursor on.
    public DeliveryQuery page(Optional<DeliveryId> cursor, int most) {
      return new DeliveryQuery(
          application, task, endpoint, state, type, createdMin, createdMax, cursor, most);
    }
  }
}
