package dev.carillon.api;

import java.util.Locale;

/// What happened to a task, as named in event feeds and callbacks.
public enum EventType {
  TASK_ACCEPTED,
  TASK_STARTED,
  TASK_PROGRESSED,
  TASK_SUCCEEDED,
  TASK_FAILED,
  TASK_CANCELLED,
  TASK_EXPIRED;

  private final String wire = name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");

  /// The word on the wire, such as `task.succeeded`.
  public String wire() {
    return wire;
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
