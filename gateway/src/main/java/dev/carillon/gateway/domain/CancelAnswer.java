package dev.carillon.gateway.domain;

import java.util.Locale;

/// What a provider said to the wish to cancel a task it works on.
public enum CancelAnswer {
  /// It was asked and has not said, or will say by the task's outcome.
  PENDING,
  /// It stopped: the task is cancelled.
  CONFIRMED,
  /// It goes on, and so does the task.
  REFUSED,
  /// It cannot be asked, so the task goes on.
  UNSUPPORTED;

  /// The word of the native API, such as `refused`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
