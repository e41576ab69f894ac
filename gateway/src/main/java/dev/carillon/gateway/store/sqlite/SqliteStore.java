package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.AccessStore;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.DeliveryStore;
import dev.carillon.gateway.store.DirectoryStore;
import dev.carillon.gateway.store.EndpointStore;
import dev.carillon.gateway.store.FeedStore;
import dev.carillon.gateway.store.LimitStore;
import dev.carillon.gateway.store.RecoveryStore;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.UsageStore;
import java.nio.file.Path;
import java.time.InstantSource;

/// The store in one SQLite file, for one process. The package's chapter tells how it works.
public final class SqliteStore implements Store {
  private final Parts parts;

  private SqliteStore(Parts parts) {
    this.parts = parts;
  }

  /// Opens a file, made with its folder when it is not there, and brings it to the newest version.
  /// The store is started; tasks and deliveries that an earlier process left are handed out again.
  ///
  /// @param clock tells when deliveries are due and when credit was given
  /// @param ids makes the ids of deliveries
  /// @throws dev.carillon.gateway.store.StoreUnavailableException when another process has the
  ///   file, or it cannot be opened; the message names it
  public static SqliteStore open(Path file, SqliteConfig config, InstantSource clock, Ids ids) {
    return new SqliteStore(Parts.open(file, config, clock, ids));
  }

  /// Whether a process has this file open now; only one can.
  public static boolean isOpen(Path file) {
    return Database.isOpen(file);
  }

  /// The writer, for tests that make it fail.
  Writer writer() {
    return parts.writer();
  }

  @Override
  public TaskStore tasks() {
    return parts.tasks();
  }

  @Override
  public DeliveryStore deliveries() {
    return parts.deliveries();
  }

  @Override
  public EndpointStore endpoints() {
    return parts.endpoints();
  }

  @Override
  public RecoveryStore recoveries() {
    return parts.recoveries();
  }

  @Override
  public FeedStore feed() {
    return parts.feed();
  }

  @Override
  public AccessStore access() {
    return parts.access();
  }

  @Override
  public DirectoryStore directory() {
    return parts.directory();
  }

  @Override
  public UsageStore usage() {
    return parts.usage();
  }

  @Override
  public LimitStore limits() {
    return parts.limits();
  }

  @Override
  public Bell bell() {
    return parts.bell();
  }

  @Override
  public boolean ready() {
    return parts.writer().ready();
  }

  @Override
  public void close() {
    parts.close();
  }
}
