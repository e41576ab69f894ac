package dev.carillon.gateway.store;

/// The whole port of the ledger, by subject; one adapter a database. `StoreLaws` states what each
/// must keep.
///
/// Every verb may throw [StoreUnavailableException] when the database cannot be reached or written
/// to, in which case it is unknown whether the verb took effect; verbs are idempotent by id, so
/// they may be run again.
public interface Store extends AutoCloseable {

  TaskStore tasks();

  DeliveryStore deliveries();

  EndpointStore endpoints();

  RecoveryStore recoveries();

  FeedStore feed();

  AccessStore access();

  DirectoryStore directory();

  UsageStore usage();

  LimitStore limits();

  /// Tells about changes after their commit.
  Bell bell();

  /// True when a write would be taken now.
  boolean ready();

  /// Finishes the verbs under way, then closes. Twice is harmless.
  @Override
  void close();
}
