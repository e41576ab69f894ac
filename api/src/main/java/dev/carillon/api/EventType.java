package dev.carillon.api;

import java.util.Locale;

/// What happened to a task or an endpoint, as named in event feeds and callbacks.
public enum EventType {
  TASK_ACCEPTED,
  TASK_STARTED,
  TASK_PROGRESSED,
  TASK_SUCCEEDED,
  TASK_FAILED,
  TASK_CANCELLED,
  TASK_EXPIRED,
  /// A registered endpoint is sent nothing any more; what it misses waits.
  ENDPOINT_DISABLED,
  /// A registered endpoint is sent again what it missed.
  ENDPOINT_ENABLED;

  private final String wire = name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");

  /// The word on the wire, such as `task.succeeded`.
  public String wire() {
    return wire;
  }

  /// True for the events after which nothing more happens to a task.
  public boolean endsTask() {
    return switch (this) {
      case TASK_SUCCEEDED, TASK_FAILED, TASK_CANCELLED, TASK_EXPIRED -> true;
      case TASK_ACCEPTED, TASK_STARTED, TASK_PROGRESSED, ENDPOINT_DISABLED, ENDPOINT_ENABLED ->
          false;
    };
  }

  /// The type with this wire word.
  ///
  /// @throws IllegalArgumentException for a word that is none
  public static EventType ofWire(String wire) {
    for (EventType type : values()) {
      if (type.wire.equals(wire)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no event type is called " + wire);
  }
}
