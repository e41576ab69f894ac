package dev.carillon.api;

/// Header names that Carillon adds to HTTP.
public final class HeaderNames {
  /// The id of the task that this answer speaks of; a UUID with dashes.
  public static final String TASK_ID = "Carillon-Task-Id";

  /// The trace id of the request; a UUID with dashes unless the caller chose one.
  public static final String TRACE_ID = "Carillon-Trace-Id";

  /// The estimated time left of a pending task: `low-high` in whole seconds, such as `12-30`.
  public static final String ESTIMATE = "Carillon-Estimate";

  private HeaderNames() {}
}
