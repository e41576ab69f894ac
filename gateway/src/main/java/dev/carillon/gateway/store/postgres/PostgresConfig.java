package dev.carillon.gateway.store.postgres;

import dev.carillon.gateway.store.postgres.sql.PostgresUrl;
import java.time.Duration;

/// The limits of the PostgreSQL store.
///
/// @param url the database
/// @param writers how many threads commit batches of writes, one connection each
/// @param readConnections how many reads run at once
/// @param openTasks how many tasks may be open at once, over all nodes; beyond, orders are refused
///   as full
/// @param waitingVerbs how many writes may wait for the writers; beyond, they are refused
/// @param batch how many writes are committed together at most
/// @param batchBytes about how many bytes they may carry
/// @param hotBytes bytes of ended tasks kept in memory for readers, about
/// @param queuedBytes bytes of tasks kept in memory while they wait to be claimed, about
/// @param listen whether other nodes are heard by `LISTEN`; false behind a proxy that pools
///   transactions, where changes are looked for instead
/// @param times how long and how often
public record PostgresConfig(
    PostgresUrl url,
    int writers,
    int readConnections,
    int openTasks,
    int waitingVerbs,
    int batch,
    long batchBytes,
    long hotBytes,
    long queuedBytes,
    boolean listen,
    Times times) {

  /// How long and how often.
  ///
  /// @param lease how long a node that cannot be heard is taken to be alive
  /// @param look how often what dead nodes left, and what no bell told, is looked for
  /// @param note how often running tasks' progress is written
  /// @param statement the longest a statement may take
  /// @param lock the longest it may wait for a lock
  /// @param connect the longest to wait for a connection
  public record Times(
      Duration lease,
      Duration look,
      Duration note,
      Duration statement,
      Duration lock,
      Duration connect) {
    public static final Times USUAL =
        new Times(
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
  }

  public PostgresConfig {
    requirePositive("writers", writers);
    requirePositive("readConnections", readConnections);
    requirePositive("openTasks", openTasks);
    requirePositive("waitingVerbs", waitingVerbs);
    requirePositive("batch", batch);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, not " + value);
    }
  }

  public static PostgresConfig of(PostgresUrl url) {
    return new PostgresConfig(
        url, 2, 10, 200_000, 16_384, 512, 8L << 20, 64L << 20, 64L << 20, true, Times.USUAL);
  }

  /// These limits with another bound on open tasks.
  public PostgresConfig withOpenTasks(int most) {
    return new PostgresConfig(
        url,
        writers,
        readConnections,
        most,
        waitingVerbs,
        batch,
        batchBytes,
        hotBytes,
        queuedBytes,
        listen,
        times);
  }

  /// These limits, hearing other nodes or not.
  public PostgresConfig withListen(boolean hear) {
    return new PostgresConfig(
        url,
        writers,
        readConnections,
        openTasks,
        waitingVerbs,
        batch,
        batchBytes,
        hotBytes,
        queuedBytes,
        hear,
        times);
  }

  /// These limits with other times.
  public PostgresConfig withTimes(Times others) {
    return new PostgresConfig(
        url,
        writers,
        readConnections,
        openTasks,
        waitingVerbs,
        batch,
        batchBytes,
        hotBytes,
        queuedBytes,
        listen,
        others);
  }
}
