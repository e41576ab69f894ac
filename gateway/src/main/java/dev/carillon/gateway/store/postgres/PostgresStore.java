package dev.carillon.gateway.store.postgres;

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
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.UsageStore;
import dev.carillon.gateway.store.postgres.sql.Faults;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.UUID;

/// The store in PostgreSQL, for many nodes. The package's chapter tells how it works.
public final class PostgresStore implements Store {
  private final Parts parts;

  private PostgresStore(Parts parts) {
    this.parts = parts;
  }

  /// Opens a database and brings it to the newest version. The store is started, as a new node.
  ///
  /// @param clock tells when deliveries are due and when credit was given
  /// @param ids makes the ids of deliveries and of the node
  /// @throws dev.carillon.gateway.store.StoreUnavailableException when the database cannot be
  ///   reached, or was made by a newer Carillon; the message names it
  public static PostgresStore open(PostgresConfig config, InstantSource clock, Ids ids) {
    return new PostgresStore(Parts.open(config, clock, ids));
  }

  /// Whether it is worth to try again after [#open] failed: the database is away or not ready,
  /// rather than of another version or refusing us.
  public static boolean mayBeBack(StoreUnavailableException failure) {
    return failure.getCause() instanceof SQLException cause && Faults.mayBeBack(cause);
  }

  /// This node's id.
  UUID node() {
    return parts.ground().node();
  }

  /// The name of its database.
  String database() {
    return parts.ground().config().url().database();
  }

  /// Ends as a process that is killed does: nothing more is written, no lease is given back. For
  /// tests.
  void kill() {
    parts.kill();
  }

  @Override
  public TaskStore tasks() {
    return parts.tasks();
  }

  @Override
  public DeliveryStore deliveries() {
    return parts.others().deliveries();
  }

  @Override
  public EndpointStore endpoints() {
    return parts.others().endpoints();
  }

  @Override
  public RecoveryStore recoveries() {
    return parts.others().recoveries();
  }

  @Override
  public FeedStore feed() {
    return parts.others().feed();
  }

  @Override
  public AccessStore access() {
    return parts.others().access();
  }

  @Override
  public DirectoryStore directory() {
    return parts.others().directory();
  }

  @Override
  public UsageStore usage() {
    return parts.others().usage();
  }

  @Override
  public LimitStore limits() {
    return parts.others().limits();
  }

  @Override
  public Bell bell() {
    return parts.ground().bell();
  }

  @Override
  public boolean ready() {
    // Who writes nothing learns by its lease that the database is away.
    return parts.ground().writer().ready() && parts.taskPart().node().holdsLease();
  }

  @Override
  public void close() {
    parts.close();
  }
}
