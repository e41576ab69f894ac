package dev.carillon.gateway.catalog;

/// What a template's path finds where there is no value to write.
enum Gap {
  /// There is no such value; its key is left out.
  MISSING,
  /// Written as JSON `null`.
  NULL
}
