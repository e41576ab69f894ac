package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.sql.Database;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/// Looks single tasks up for many who ask: those who come while a look is under way share the next
/// one, which is one statement however many they are. Nobody is answered by a look that began
/// before it asked, and nobody waits for others to come. Its lock guards all fields.
final class Lookups {
  private static final int LOOKS_AT_ONCE = 2;

  /// Their requests and answers stand in memory together, of some megabytes each at worst.
  private static final int MOST_AT_ONCE = 50;

  private static final String BY_IDS =
      "SELECT " + TaskRows.COLUMNS + ", fence FROM task WHERE id = ANY(?)";

  /// With their applications, as a database is told that is spread by these. Two conditions of
  /// their own would let it choose to go through all tasks of those applications.
  private static final String BY_KEYS =
      "SELECT "
          + TaskRows.COLUMNS
          + ", fence FROM task JOIN unnest(?::uuid[], ?::uuid[]) AS v(task_id, of_id)"
          + " ON task.id = v.task_id AND task.application_id = v.of_id";

  private final Database database;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Asked> waiting = new ArrayDeque<>();
  private int looks;

  Lookups(Database database) {
    this.database = database;
  }

  /// A task as its row says.
  ///
  /// @param fence that of the latest claim
  record Found(Task task, long fence) {}

  private record Asked(
      TaskId id, Optional<ApplicationId> application, CompletableFuture<Optional<Found>> answer) {}

  /// The task's row; empty when there is none.
  ///
  /// @throws StoreUnavailableException when the database cannot be read, or the caller is
  ///   interrupted
  Optional<Found> find(TaskId id) {
    return answer(new Asked(id, Optional.empty(), new CompletableFuture<>()));
  }

  /// The row of a task that is this application's.
  ///
  /// @throws StoreUnavailableException as above
  Optional<Found> find(TaskId id, ApplicationId application) {
    return answer(new Asked(id, Optional.of(application), new CompletableFuture<>()))
        .filter(found -> found.task.order().owner().application().equals(application));
  }

  private Optional<Found> answer(Asked asked) {
    if (mustLook(asked)) {
      // On a thread of its own: who interrupts a caller must not break the look of the others.
      Thread.ofVirtual().name("store-lookup").start(this::look);
    }
    try {
      return asked.answer.get();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while waiting to read", stopped);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof StoreUnavailableException) {
        throw new StoreUnavailableException("the database cannot be read now", failure);
      }
      throw new IllegalStateException("task " + asked.id + " cannot be read", failure);
    }
  }

  private boolean mustLook(Asked asked) {
    lock.lock();
    try {
      waiting.add(asked);
      boolean free = looks < LOOKS_AT_ONCE;
      looks += free ? 1 : 0;
      return free;
    } finally {
      lock.unlock();
    }
  }

  /// Looks until nobody waits.
  private void look() {
    for (List<Asked> together = take(); !together.isEmpty(); together = take()) {
      answer(together);
    }
  }

  /// The first that wait. None when nobody does; then this look is over.
  private List<Asked> take() {
    lock.lock();
    try {
      var together = new ArrayList<Asked>();
      while (!waiting.isEmpty() && together.size() < MOST_AT_ONCE) {
        together.add(waiting.remove());
      }
      looks -= together.isEmpty() ? 1 : 0;
      return together;
    } finally {
      lock.unlock();
    }
  }

  private void answer(List<Asked> together) {
    try {
      Map<TaskId, Found> found = read(together);
      together.forEach(asked -> asked.answer.complete(Optional.ofNullable(found.get(asked.id))));
    } catch (StoreUnavailableException unavailable) {
      together.forEach(asked -> asked.answer.completeExceptionally(unavailable));
      refuseTheRest(unavailable);
    } catch (RuntimeException | Error failure) {
      if (together.size() == 1) {
        together.getFirst().answer.completeExceptionally(failure);
      } else {
        // A row that cannot be read is its own asker's trouble alone.
        together.forEach(asked -> answer(List.of(asked)));
      }
    }
  }

  /// Those who came while the database failed would learn the same, each round later than the last.
  private void refuseTheRest(StoreUnavailableException unavailable) {
    lock.lock();
    try {
      waiting.forEach(asked -> asked.answer.completeExceptionally(unavailable));
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }

  private Map<TaskId, Found> read(List<Asked> together) {
    List<UUID> ids = together.stream().map(asked -> asked.id.value()).toList();
    List<UUID> applications =
        together.stream()
            .flatMap(asked -> asked.application.stream())
            .map(ApplicationId::value)
            .toList();
    boolean known = applications.size() == ids.size();
    List<Found> rows =
        database.read(session -> {
          Sql sql = session.sql(known ? BY_KEYS : BY_IDS).putIds(ids);
          return (known ? sql.putIds(applications) : sql)
              .all(row -> new Found(TaskRows.read(row), row.number()));
        });
    var found = new HashMap<TaskId, Found>();
    rows.forEach(row -> found.put(row.task.id(), row));
    return found;
  }
}
