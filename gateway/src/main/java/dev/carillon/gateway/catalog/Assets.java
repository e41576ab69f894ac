package dev.carillon.gateway.catalog;

/// What becomes of the files of an endpoint's results.
public enum Assets {
  /// They are copied into the gateway's storage before the task is called done.
  COPY,
  /// They stay where the provider put them, and answers tell its addresses.
  LINK
}
