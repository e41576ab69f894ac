package dev.carillon.client.webhook;

import java.util.Optional;

/// An event as it goes into an [Inbox] and comes out of it.
///
/// @param id the `webhook-id`
/// @param type such as `task.succeeded`; empty when the body names none
/// @param body the bytes that came
@SuppressWarnings("ArrayRecordComponent")
public record InboxEvent(String id, Optional<String> type, byte[] body) {
  /// The longest id an inbox takes.
  public static final int LONGEST_ID = 255;

  /// Checks the id.
  ///
  /// @throws IllegalArgumentException for an empty or too long id
  public InboxEvent {
    if (id.isBlank() || id.length() > LONGEST_ID) {
      throw new IllegalArgumentException("an event's id has 1 to " + LONGEST_ID + " characters");
    }
  }

  static InboxEvent of(Verified verified) {
    return new InboxEvent(verified.id(), verified.type(), verified.body());
  }
}
