package dev.carillon.gateway.store.postgres;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.postgres.batch.AfterCommit;
import dev.carillon.gateway.store.postgres.batch.Writer;
import dev.carillon.gateway.store.postgres.sql.Database;
import dev.carillon.gateway.store.postgres.task.TaskPart;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.UUID;

/// The store's parts, put together by hand and taken apart in reverse order.
record Parts(Ground ground, TaskPart taskPart, TaskStore tasks, OtherPorts others)
    implements AutoCloseable {
  private static final long MOST_IDLE_MILLIS = 250;

  static Parts open(PostgresConfig config, InstantSource clock, Ids ids) {
    PostgresConfig.Times times = config.times();
    var bounds =
        new Database.Bounds(
            config.readConnections(),
            times.statement(),
            times.lock(),
            times.connect(),
            !config.listen());
    Database database = Database.open(config.url(), bounds);
    try {
      return assemble(database, config, clock, ids);
    } catch (RuntimeException failure) {
      database.close();
      throw failure.getCause() instanceof SQLException cause
          ? Database.unopened(config.url(), cause)
          : failure;
    }
  }

  /// @throws RuntimeException when it cannot be started; whatever had been is ended
  private static Parts assemble(
      Database database, PostgresConfig config, InstantSource clock, Ids ids) {
    UUID node = ids.next();
    var bell = new Bell();
    var afterCommit = new AfterCommit();
    var tasks = tasks(database, config, node, bell);
    var writer =
        new Writer(
            database,
            limits(config),
            new Writer.Sources(node, clock, ids),
            afterCommit,
            tasks::notes);
    var ground = new Ground(node, config, clock, ids, database, writer, afterCommit, bell);
    var others = OtherPorts.on(ground, tasks);
    var parts = new Parts(ground, tasks, tasks.tasks(database, writer, clock), others);
    try {
      tasks.start(afterCommit);
      writer.start();
      others.start();
      return parts;
    } catch (RuntimeException failure) {
      parts.kill();
      throw failure;
    }
  }

  private static Writer.Limits limits(PostgresConfig config) {
    return new Writer.Limits(
        config.writers(),
        config.waitingVerbs(),
        config.batch(),
        config.batchBytes(),
        Math.clamp(config.times().note().toMillis(), 1, MOST_IDLE_MILLIS));
  }

  private static TaskPart tasks(Database database, PostgresConfig config, UUID node, Bell bell) {
    PostgresConfig.Times times = config.times();
    return new TaskPart(
        database,
        node,
        bell,
        new TaskPart.Limits(
            config.hotBytes(), config.queuedBytes(), config.openTasks(), config.listen()),
        new TaskPart.Pace(times.lease(), times.look(), times.note()));
  }

  /// Ends without giving anything back.
  void kill() {
    ground.database().hurry();
    others.close();
    ground.writer().kill();
    taskPart.kill();
    ground.database().close();
  }

  /// The lease is given back after the last write.
  @Override
  public void close() {
    ground.database().hurry();
    others.close();
    ground.writer().close();
    taskPart.close();
    ground.database().close();
  }
}
