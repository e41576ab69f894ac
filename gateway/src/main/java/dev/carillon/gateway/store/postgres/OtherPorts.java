package dev.carillon.gateway.store.postgres;

import dev.carillon.gateway.store.postgres.callback.CallbackCare;
import dev.carillon.gateway.store.postgres.callback.PostgresDeliveries;
import dev.carillon.gateway.store.postgres.callback.PostgresEndpoints;
import dev.carillon.gateway.store.postgres.callback.PostgresFeed;
import dev.carillon.gateway.store.postgres.callback.PostgresRecoveries;
import dev.carillon.gateway.store.postgres.callback.Secrets;
import dev.carillon.gateway.store.postgres.directory.PostgresAccess;
import dev.carillon.gateway.store.postgres.directory.PostgresDirectory;
import dev.carillon.gateway.store.postgres.directory.PostgresLimits;
import dev.carillon.gateway.store.postgres.directory.PostgresUsage;
import dev.carillon.gateway.store.postgres.task.TaskPart;
import dev.carillon.gateway.store.queue.Dispatches;

/// All ports but that of tasks, on one ground.
record OtherPorts(
    PostgresDeliveries deliveries,
    PostgresEndpoints endpoints,
    PostgresRecoveries recoveries,
    PostgresFeed feed,
    PostgresAccess access,
    PostgresDirectory directory,
    PostgresUsage usage,
    PostgresLimits limits,
    CallbackCare care,
    Changes changes)
    implements AutoCloseable {
  /// How many callbacks are kept in memory while they wait to be handed out.
  private static final int READY = 4_096;

  static OtherPorts on(Ground ground, TaskPart tasks) {
    var dispatches = new Dispatches(ground.clock(), READY, ground.config().times().look());
    var care = new CallbackCare(ground, tasks.node(), dispatches);
    var secrets = new Secrets(ground);
    var changes = new Changes(ground.bell(), tasks::say, care, secrets);
    tasks.onWord(changes::heard, changes::mayHaveMissedSome);
    var limits = new PostgresLimits(ground, changes, tasks.node()::portion);
    changes.onLimits(limits::forgetAll);
    return new OtherPorts(
        new PostgresDeliveries(ground, dispatches, care),
        new PostgresEndpoints(ground, care, secrets, changes::endpoints),
        new PostgresRecoveries(ground, dispatches),
        new PostgresFeed(ground),
        new PostgresAccess(ground, changes),
        new PostgresDirectory(ground, changes),
        new PostgresUsage(ground),
        limits,
        care,
        changes);
  }

  /// Begins to hand out callbacks.
  void start() {
    care.start();
  }

  @Override
  public void close() {
    care.close();
  }
}
