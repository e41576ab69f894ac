package dev.carillon.gateway.domain;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.time.Instant;

/// Something that happened to a task, durable and in order.
///
/// @param position the event's place in the whole feed; only grows
/// @param sequence its place within the task, from 1
/// @param progress whole percent at that moment, 0 to 100
public record Event(
    long position,
    TaskId task,
    ApplicationId application,
    int sequence,
    EventType type,
    Instant at,
    int progress) {

  /// The id that receivers know it by, in callbacks and in the feed: `webhook-id`.
  public String id() {
    return "msg_" + task.toString().replace("-", "") + "_" + sequence;
  }
}
