package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Bell;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The store's parts, put together by hand and taken apart in reverse order.
record Parts(
    Database database,
    Writer writer,
    Readers readers,
    SqliteTasks tasks,
    SqliteDeliveries deliveries,
    SqliteAccess access,
    Bell bell)
    implements AutoCloseable {

  static Parts open(Path file, SqliteConfig config, InstantSource clock, Ids ids) {
    var database = Database.open(file, config.checkpointPages());
    var readers = new Readers(database, config.readConnections());
    try {
      return assemble(database, readers, config, clock, ids);
    } catch (RuntimeException failure) {
      readers.close();
      database.close();
      throw failure;
    }
  }

  private static Parts assemble(
      Database database, Readers readers, SqliteConfig config, InstantSource clock, Ids ids) {
    List<Long> left = readers.shortly(session -> session.sql(Rescue.LEFT).all(Row::number));
    int pending = readers.shortly(DeliveryRows::pending);

    var bell = new Bell();
    var notes = new RunningNotes(config.noteEvery());
    var dispatches = new Dispatches(clock, config, pending);
    var memory =
        new Memory(
            new OpenTasks(config.openTasks(), left.size()),
            new HotTasks(config.hotBytes()),
            new HandOver(config.queuedBytes()),
            notes,
            dispatches,
            bell);

    var known = new KnownCallers();
    var writer = new Writer(database, config, new Balances(known::changed), notes::due);
    var ending = new Ending(clock, ids);
    var reads = new TaskReads(readers, memory.hot(), memory.open());
    var access = new SqliteAccess(writer, readers, reads, known, ending);
    var tasks = new SqliteTasks(memory, writer, readers, reads, new Backlog(left), ending);
    var deliveries = new SqliteDeliveries(dispatches, writer, readers, clock);
    writer.start();
    return new Parts(database, writer, readers, tasks, deliveries, access, bell);
  }

  /// The writer is closed last of those with connections, so that it moves the log into the file.
  @Override
  public void close() {
    readers.close();
    writer.close();
    database.close();
  }
}
