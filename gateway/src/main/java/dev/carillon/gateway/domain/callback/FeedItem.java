package dev.carillon.gateway.domain.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Task;
import java.time.Instant;

/// Something in an application's feed of events.
public sealed interface FeedItem {
  /// Its place in the feed; only grows.
  long position();

  /// An event of a task.
  ///
  /// @param task as it is now
  record OfTask(Event event, Task task) implements FeedItem {
    @Override
    public long position() {
      return event.position();
    }
  }

  /// A registered endpoint was switched off or on.
  record OfEndpoint(
      long position,
      WebhookEndpoint.Standing standing,
      EndpointId endpoint,
      EventType type,
      Instant at)
      implements FeedItem {

    /// The id that readers of the feed know it by.
    public String id() {
      return "msg_" + endpoint.toString().replace("-", "") + "_" + position;
    }
  }
}
