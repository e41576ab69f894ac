package dev.carillon.gateway.catalog;

/// In which form a service shows a task under `/{service}/tasks` (contract sections 3.2 and 3.4).
public enum TaskShape {
  /// The generic record: `{id, request, response, created_at, …}` without a top-level `status`.
  GENERIC,
  /// Top-level `status` and `progress{percent,stage,message}`; an unknown id is 404 `not_found`.
  MAESTRO,
  /// Flat `{task_id, state, progress, …}`; an unknown id is 404 `no_task`.
  DIGITAL_HUMAN,
  /// Everything wrapped in `task`.
  MINIMAX,
  /// `{success, task_id, status: processing|ready, token, solution}`.
  CAPTCHA,
  /// The answer's own fields at the top with a `state` (headshots, qrart).
  FLAT
}
