package dev.carillon.gateway.domain.callback;

import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Task;
import java.time.Instant;
import java.util.Optional;

/// The right to try one delivery once.
///
/// @param destination the queue it stands in, from which it was handed out
/// @param endpoint the registered endpoint it goes to, as it is now; empty for the task's own
///   `callback_url`
/// @param url where to POST: the endpoint's URL of now, or the task's
/// @param event what it tells of; with the task it decides the bytes, which are the same on every
///   attempt
/// @param task for an event that ended it, the ended task; otherwise the task in any state
public record Dispatch(
    DeliveryId id,
    Destination destination,
    Optional<WebhookEndpoint> endpoint,
    CallbackUrl url,
    Event event,
    Task task,
    Tries tries) {

  /// How often it was tried.
  ///
  /// @param attempt the number of the attempt this will be, from 1, over the delivery's whole life
  /// @param failures how many attempts failed by the receiver's fault since `since`
  /// @param since when it was made, or sent again by hand
  /// @param copy 0; higher when it was sent again under a new `webhook-id`
  public record Tries(int attempt, int failures, Instant since, int copy) {
    /// A new delivery.
    public static Tries first(Instant since) {
      return new Tries(1, 0, since, 0);
    }
  }

  public int attempt() {
    return tries.attempt;
  }

  /// The `webhook-id`: the event's, and another one for a copy.
  public String webhookId() {
    return tries.copy == 0 ? event.id() : event.id() + "_" + tries.copy;
  }
}
