package dev.carillon.gateway.catalog;

/// What stands around an endpoint's business fields (contract sections 2.1 and 4).
public enum Envelope {
  /// `success`, `task_id` and `trace_id` stand beside the business fields, inline and in callbacks.
  FULL,
  /// The inline answer is the business fields alone; the callback is as [#FULL].
  BARE,
  /// The inline answer is the business fields alone; the callback nests them under `data`.
  NESTED
}
