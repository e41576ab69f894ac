package dev.carillon.gateway.catalog;

/// How an endpoint answers when the caller asks for nothing special (contract section 2.1).
public enum Style {
  /// The POST waits, bounded, and answers with the complete result.
  INLINE,
  /// The POST answers with the task id at once.
  TASK,
  /// A small helper that always answers with its result; it is kept as a task all the same.
  DIRECT
}
