package dev.carillon.gateway.store.postgres.directory;

/// Tells all nodes, this one included, what changed; after the commit. A node that does not hear it
/// finds out within a second.
public interface Told {
  /// Tokens or applications changed.
  void directory();

  /// The limits of an application changed.
  void limits();
}
