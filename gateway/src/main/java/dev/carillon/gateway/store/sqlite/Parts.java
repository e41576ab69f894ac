package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.queue.DispatchReader;
import dev.carillon.gateway.store.queue.Dispatches;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;

/// The store's parts, put together by hand and taken apart in reverse order.
record Parts(
    Database database,
    Writer writer,
    Readers readers,
    DispatchReader dispatchReader,
    SqliteTasks tasks,
    SqliteDeliveries deliveries,
    SqliteEndpoints endpoints,
    SqliteRecoveries recoveries,
    SqliteFeed feed,
    SqliteAccess access,
    SqliteDirectory directory,
    SqliteUsage usage,
    SqliteLimits limits,
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
    List<Rescue.Left> left =
        readers.atLength(session -> session.sql(Rescue.LEFT).all(Rescue.Left::read));
    var fanOut = new FanOut(clock, ids);
    var memory = memory(config, clock, left, fanOut);
    readers.shortly(session -> recall(session, memory.dispatches()));

    var known = new KnownCallers();
    var books = new Books(new Balances(known::changed), new Positions(), new EndpointBook());
    var writer = new Writer(database, config, books, memory.notes()::due);
    var ending = new Ending(fanOut);
    var reads = new TaskReads(readers, memory.hot(), memory.open());
    var endpoints = new SqliteEndpoints(memory, writer, readers, books.endpoints());
    var reader =
        new DispatchReader(
            memory.dispatches(),
            wish -> readers.atLength(session -> DueRows.page(session, wish, books.endpoints())));
    var parts =
        new Parts(
            database,
            writer,
            readers,
            reader,
            new SqliteTasks(memory, writer, readers, reads, new Backlog(left), ending),
            new SqliteDeliveries(memory, writer, readers, clock),
            endpoints,
            new SqliteRecoveries(memory, writer, readers, clock, fanOut),
            new SqliteFeed(writer, readers, books.positions(), clock),
            new SqliteAccess(writer, readers, reads, known, ending),
            new SqliteDirectory(writer, readers, known, clock),
            new SqliteUsage(readers),
            new SqliteLimits(writer, readers),
            memory.bell());
    writer.start();
    reader.start();
    endpoints.dropDeleted(readers.shortly(EndpointRows::deleted));
    return parts;
  }

  private static Memory memory(
      SqliteConfig config, InstantSource clock, List<Rescue.Left> left, FanOut fanOut) {
    var bell = new Bell();
    var dispatches = new Dispatches(clock, config.readyDispatches(), config.pollEvery());
    return new Memory(
        new OpenTasks(config.openTasks(), left),
        new HotTasks(config.hotBytes()),
        new HandOver(config.queuedBytes()),
        new RunningNotes(config.noteEvery(), fanOut, bell, dispatches),
        dispatches,
        bell);
  }

  private static long recall(Session session, Dispatches dispatches) throws SQLException {
    long count = DueRows.count(session);
    dispatches.left(DueRows.destinations(session), EndpointRows.closed(session), count);
    return count;
  }

  /// The writer is closed last of those with connections, so that it moves the log into the file.
  @Override
  public void close() {
    dispatchReader.close();
    readers.close();
    writer.close();
    database.close();
  }
}
