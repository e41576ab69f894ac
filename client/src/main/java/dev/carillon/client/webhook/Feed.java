package dev.carillon.client.webhook;

/// Another way by which events reach an inbox than callbacks, such as a
/// [dev.carillon.client.FeedReconciler]. Starting twice and closing twice is harmless.
public interface Feed extends AutoCloseable {
  /// Begins to bring events.
  void start();

  /// Brings no more.
  @Override
  void close();
}
