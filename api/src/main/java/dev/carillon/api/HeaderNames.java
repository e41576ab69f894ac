package dev.carillon.api;

/// Header names that Carillon adds to HTTP.
public final class HeaderNames {
  /// The id of the task that this answer speaks of; a UUID with dashes.
  public static final String TASK_ID = "Carillon-Task-Id";

  /// The trace id of the request; a UUID with dashes unless the caller chose one.
  public static final String TRACE_ID = "Carillon-Trace-Id";

  /// The estimated time left of a pending task: `low-high` in whole seconds, such as `12-30`.
  public static final String ESTIMATE = "Carillon-Estimate";

  /// A caller's name for a creating request, so that a repeat of it is recognised; 1 to 255 visible
  /// characters.
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /// `true` on an answer about a task that an earlier request created.
  public static final String IDEMPOTENCY_REPLAYED = "Idempotency-Replayed";

  /// The most credits a creating request may cost.
  public static final String MAX_COST = "Carillon-Max-Cost";

  /// How soon work on the task must begin, such as `30s`.
  public static final String START_BY = "Carillon-Start-By";

  /// How soon the task must have ended, such as `10m`.
  public static final String FINISH_BY = "Carillon-Finish-By";

  /// How long the ended task is kept, such as `7d`.
  public static final String KEEP_FOR = "Carillon-Keep-For";

  /// What a call that was answered at once has cost, in credits, such as `0.00042`.
  public static final String CHARGE = "Carillon-Charge";

  private HeaderNames() {}
}
