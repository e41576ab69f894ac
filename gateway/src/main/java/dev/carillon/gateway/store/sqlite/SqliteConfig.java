package dev.carillon.gateway.store.sqlite;

import java.time.Duration;

/// The limits of the SQLite store.
///
/// @param openTasks how many tasks may be open at once; beyond, orders are refused as full
/// @param waitingVerbs how many writes may wait for the writer; beyond, they are refused
/// @param batch how many writes are committed together at most
/// @param checkpointPages pages of 4 KiB in the write-ahead log before they move to the file
/// @param readConnections how many reads run at once
/// @param hotBytes bytes of recent tasks kept in memory for readers, about
/// @param queuedBytes bytes of tasks kept in memory while they wait to be claimed, about; those
///   beyond are read again from the file
/// @param readyDispatches deliveries kept in memory while they wait to be claimed; those beyond are
///   found again in the file
/// @param noteEvery how often running tasks' progress is written
/// @param pollEvery how often waiting for deliveries looks at the clock again
public record SqliteConfig(
    int openTasks,
    int waitingVerbs,
    int batch,
    int checkpointPages,
    int readConnections,
    long hotBytes,
    long queuedBytes,
    int readyDispatches,
    Duration noteEvery,
    Duration pollEvery) {

  public SqliteConfig {
    requirePositive("openTasks", openTasks);
    requirePositive("waitingVerbs", waitingVerbs);
    requirePositive("batch", batch);
    requirePositive("checkpointPages", checkpointPages);
    requirePositive("readConnections", readConnections);
    requirePositive("readyDispatches", readyDispatches);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, not " + value);
    }
  }

  public static SqliteConfig defaults() {
    return new SqliteConfig(
        200_000,
        16_384,
        512,
        10_000,
        4,
        64L << 20,
        64L << 20,
        8_192,
        Duration.ofSeconds(1),
        Duration.ofMillis(250));
  }

  /// These limits with another bound on open tasks.
  public SqliteConfig withOpenTasks(int most) {
    return new SqliteConfig(
        most,
        waitingVerbs,
        batch,
        checkpointPages,
        readConnections,
        hotBytes,
        queuedBytes,
        readyDispatches,
        noteEvery,
        pollEvery);
  }

  /// These limits with another interval of writing progress.
  public SqliteConfig withNoteEvery(Duration every) {
    return new SqliteConfig(
        openTasks,
        waitingVerbs,
        batch,
        checkpointPages,
        readConnections,
        hotBytes,
        queuedBytes,
        readyDispatches,
        every,
        pollEvery);
  }

  /// These limits with another bound on waiting writes.
  public SqliteConfig withWaitingVerbs(int most) {
    return new SqliteConfig(
        openTasks,
        most,
        batch,
        checkpointPages,
        readConnections,
        hotBytes,
        queuedBytes,
        readyDispatches,
        noteEvery,
        pollEvery);
  }

  /// These limits with other bounds on what waits in memory.
  public SqliteConfig withWaitingInMemory(long bytesToClaim, int dispatches) {
    return new SqliteConfig(
        openTasks,
        waitingVerbs,
        batch,
        checkpointPages,
        readConnections,
        hotBytes,
        bytesToClaim,
        dispatches,
        noteEvery,
        pollEvery);
  }
}
