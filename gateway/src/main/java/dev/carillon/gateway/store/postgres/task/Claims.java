package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.batch.Writer;
import dev.carillon.gateway.store.postgres.sql.Database;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.task.Doubts.Left;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Hands out tasks to work on: those this node accepted, and those whose owner died.
final class Claims {
  /// How many tasks of dead nodes are known at once.
  private static final int MOST_LEFT = 10_000;

  private static final String STILL_OURS =
      "SELECT open_task.task_id FROM open_task JOIN task ON task.id = open_task.task_id"
          + " AND task.application_id = open_task.application_id"
          + " WHERE open_task.task_id = ANY(?) AND open_task.owner = ? AND task.fence = ?";

  private final Memory memory;
  private final Database database;
  private final Writer writer;
  private final TaskReads reads;
  private final Backlog backlog = new Backlog();
  private volatile boolean due = true;

  Claims(Memory memory, Database database, Writer writer, TaskReads reads) {
    this.memory = memory;
    this.database = database;
    this.writer = writer;
    this.reads = reads;
    memory.node().watch(this::looked);
  }

  /// The node looked around: somebody may have died, or something be in doubt.
  private void looked() {
    if (!memory.node().dead().isEmpty() || !memory.doubts().isEmpty()) {
      due = true;
      memory.handOver().wake();
    }
  }

  List<Claim> claim(int max, Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      if (!memory.node().holdsLease()) {
        return waitForLease(end);
      }
      List<Claim> claims = withLeft(max);
      if (!claims.isEmpty()) {
        return claims;
      }
      List<HandOver.Waiting> taken = memory.handOver().take(max, end - System.nanoTime());
      claims = claims(taken);
      boolean over = taken.isEmpty() && end - System.nanoTime() <= 0;
      if (!claims.isEmpty() || over) {
        return claims;
      }
    }
  }

  /// Nothing is handed out by a node that others may take for dead.
  private List<Claim> waitForLease(long end) throws InterruptedException {
    long nanos = end - System.nanoTime();
    if (nanos > 0) {
      Thread.sleep(Duration.ofNanos(Math.min(nanos, Duration.ofMillis(100).toNanos())));
    }
    return List.of();
  }

  /// What dead nodes left, and of what came since up to half as many: neither waits for all of the
  /// other. Empty when nothing is left.
  private List<Claim> withLeft(int max) throws InterruptedException {
    if (backlog.isEmpty() && !find()) {
      return List.of();
    }
    List<HandOver.Waiting> taken = memory.handOver().take(max / 2, 0);
    boolean rescued = false;
    try {
      var both = new ArrayList<>(rescue(max - taken.size()));
      rescued = true;
      both.addAll(claimsIfAny(taken, both));
      return both;
    } finally {
      if (!rescued) {
        memory.handOver().giveBack(taken);
      }
    }
  }

  /// What was taken over must reach its worker, even where the others cannot be read now.
  private List<Claim> claimsIfAny(List<HandOver.Waiting> taken, List<Claim> rescued) {
    try {
      return claims(taken);
    } catch (StoreUnavailableException later) {
      if (rescued.isEmpty()) {
        throw later;
      }
      return List.of();
    }
  }

  /// Looks for what dead nodes left; false when there is nothing, or it is not time to look.
  private boolean find() {
    if (!due) {
      return false;
    }
    due = false;
    List<UUID> dead = memory.node().dead();
    if (!dead.isEmpty()) {
      backlog.fill(database.read(session -> Rescue.find(session, dead, MOST_LEFT)));
    }
    return !backlog.isEmpty() || !memory.doubts().isEmpty();
  }

  private List<Claim> rescue(int max) {
    List<Left> doubtful = memory.doubts().some(max);
    if (!doubtful.isEmpty()) {
      List<Claim> claims = writer.run(new Rescue(memory, doubtful, true));
      claims.forEach(claim -> memory.doubts().settled(claim.task().id()));
      if (!claims.isEmpty()) {
        return claims;
      }
    }
    while (true) {
      List<Left> left = backlog.take(max);
      if (left.isEmpty()) {
        return List.of();
      }
      try {
        List<Claim> claims = writer.run(new Rescue(memory, left, false));
        if (!claims.isEmpty()) {
          // More may be left than was known at once.
          due |= backlog.isEmpty();
          return claims;
        }
      } catch (StoreUnavailableException failure) {
        backlog.giveBack(left);
        throw failure;
      }
    }
  }

  /// What cannot be read now goes back to where it was taken from: no task is left without an
  /// owner.
  private List<Claim> claims(List<HandOver.Waiting> taken) {
    var claims = new ArrayList<Claim>(taken.size());
    int next = 0;
    try {
      Set<TaskId> lost = lost(taken);
      for (; next < taken.size(); next++) {
        HandOver.Waiting waiting = taken.get(next);
        if (lost.contains(waiting.id())) {
          memory.open().end(waiting.id());
        } else {
          claim(waiting).ifPresent(claims::add);
        }
      }
    } catch (StoreUnavailableException later) {
      memory.handOver().giveBack(taken.subList(next, taken.size()));
      if (claims.isEmpty()) {
        throw later;
      }
    }
    return claims;
  }

  /// Those that were ready when the lease lapsed, and that another node has taken over since.
  private Set<TaskId> lost(List<HandOver.Waiting> taken) {
    int lapses = memory.node().lapses();
    List<TaskId> old =
        taken.stream()
            .filter(waiting -> waiting.lapses() != lapses)
            .map(HandOver.Waiting::id)
            .toList();
    if (old.isEmpty()) {
      return Set.of();
    }
    var lost = new HashSet<>(old);
    database
        .read(session ->
            session
                .sql(STILL_OURS)
                .putIds(old.stream().map(TaskId::value).toList())
                .put(memory.node().id())
                .put(HandOver.Waiting.FENCE)
                .all(Row::uuid))
        .forEach(id -> lost.remove(new TaskId(id)));
    return lost;
  }

  /// Passes over tasks that ended while they waited.
  private Optional<Claim> claim(HandOver.Waiting waiting) {
    if (!memory.open().isCurrent(waiting.id(), HandOver.Waiting.FENCE)) {
      return Optional.empty();
    }
    Optional<Task> task = waiting.task().isPresent() ? waiting.task() : reads.find(waiting.id());
    return task.filter(found -> !found.state().isFinal()).map(HandOver.Waiting::claim);
  }

  /// The newest of what dead nodes left and nobody took over yet.
  List<Task> left(int max) {
    List<UUID> dead = memory.node().dead();
    return dead.isEmpty() ? List.of() : database.read(session -> Rescue.newest(session, dead, max));
  }
}
