package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.Tombstone;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The verbs of a task's life.
public interface TaskStore {

  /// Takes in an order: task and hold in one transaction. After it returned [Accepted.Taken] the
  /// promise holds that the task ends once. An order whose id was accepted before is not accepted
  /// again and holds nothing twice.
  Accepted accept(Order order);

  /// Takes in an order that carries an idempotency key. The key is kept in the same transaction and
  /// for as long as the task; an order whose key the application used before is not accepted.
  ///
  /// @param fingerprint tells whether an order with the same key is the same request
  Accepted accept(Order order, Fingerprint fingerprint);

  /// Takes in an order where its application has room for one more task. One whose key is known
  /// needs none.
  ///
  /// @param fingerprint of an order with an idempotency key
  Accepted accept(Order order, Optional<Fingerprint> fingerprint, Room room);

  /// How many tasks an application may have open, the new one included.
  ///
  /// @param application over all services
  /// @param service of the order's service
  record Room(int application, int service) {
    /// As many as the store takes.
    public static final Room ENOUGH = new Room(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /// What accepting an order came to.
  sealed interface Accepted {
    /// Durable, and this node owns it.
    record Taken(Task task) implements Accepted {}

    /// An earlier order with this key and fingerprint became this task; nothing was written.
    record Replayed(Task task) implements Accepted {}

    /// The key was used for another request; nothing was written.
    record KeyReused() implements Accepted {}

    /// The balances do not cover the price; nothing was written.
    record UsedUp() implements Accepted {}

    /// The spending limit of the token does not cover the price; nothing was written.
    record OverLimit() implements Accepted {}

    /// The application has as many open tasks as it may have; nothing was written.
    ///
    /// @param ofService whether it is those of the order's service that are too many
    record NoRoom(boolean ofService) implements Accepted {}

    /// Too many tasks are open, or too many writes wait; nothing was written.
    record Full() implements Accepted {}
  }

  /// Hands out tasks to work on: those this node accepted, in order, and those whose owner died, of
  /// the latter one of each application in turn. None of the two waits for all of the other. Waits
  /// up to `wait` for the first; empty when none came.
  ///
  /// @param max how many at most, at least 1
  List<Claim> claim(int max, Duration wait) throws InterruptedException;

  /// Stores the provider's own job id before it is waited for, so that a crash resumes the wait.
  /// False when the claim is stale.
  boolean noteUpstream(Claim claim, String upstreamRef);

  /// A question about the claims that are good when this is called: whether they surely are still.
  /// No once this process gave no sign of life for so long, if only in between, that another one
  /// may have taken its tasks over. Answered at once, without the database.
  default BooleanSupplier hold() {
    return () -> true;
  }

  /// Shows that a task runs. Readers of this node see it at once; within about a second it is
  /// durable with its event, unless the task ended before. Does not wait; a stale claim is ignored.
  void noteRunning(Claim claim, TaskState.Running running);

  /// Ends a task, parks it as indeterminate, or keeps its provider's answer while that is
  /// finalized: state, event, money and, when it ended and has a callback URL, its delivery, in one
  /// transaction. A result that costs less than is held ([Answer#costOf]) charges that and gives
  /// the rest back. Empty when the claim is stale: then nothing changed.
  Optional<Task> settle(Claim claim, TaskState next);

  /// Ends a task whose provider still works: as [#settle], and its late result is waited for from
  /// then on, over crashes, until [#settleLate] or [#endWait].
  Optional<Task> expire(Claim claim, TaskState.Expired expired);

  /// Gives an expired task the result that came late: state, event, money and deliveries in one
  /// transaction. What was released is taken again in full, or nothing changes but that it is no
  /// longer waited for.
  Late settleLate(Claim claim, TaskState.Succeeded succeeded);

  /// What a late result came to.
  sealed interface Late {
    /// The task succeeded, and is charged.
    record Settled(Task task) implements Late {}

    /// The balances, or the token's spending limit, do not cover it: the task stays expired.
    record UsedUp() implements Late {}

    /// Nobody waits for it under this claim; nothing was written.
    record Stale() implements Late {}
  }

  /// Nobody waits for a late result of this claim's task any longer.
  ///
  /// @return false when nobody waited under this claim
  boolean endWait(Claim claim);

  /// Hands out, once, the expired tasks whose late result a dead process waited for, with a greater
  /// fence and one attempt more; empty when there are no others.
  List<Claim> claimLate(int max);

  /// Cancels an open task of this application and releases its hold; a later write of its worker
  /// changes nothing. An ended task is returned as it is; empty for an unknown or foreign one.
  Optional<Task> cancel(TaskId id, ApplicationId application, Instant now);

  /// Cancels a task as its provider confirmed, where that was asked about what is true: empty, and
  /// nothing changed, when the claim is stale, the task ended, or its reference is another by now.
  Optional<Task> cancel(Claim claim, Instant now);

  /// The task of a claim as it stands now; empty when the claim is stale, or the task is gone.
  Optional<Task> current(Claim claim);

  /// Cancels as [#cancel] does while no work has begun. Of a task that is worked on, or that a
  /// provider may know of, it notes that its provider is to be asked, and rings the bell: the task
  /// comes back with [CancelAnswer#PENDING].
  Optional<Task> requestCancel(TaskId id, ApplicationId application, Instant now);

  /// Stores what a provider said to the wish to cancel, where that did not end the task. Empty when
  /// the claim is stale, or the task ended.
  Optional<Task> noteCancellation(Claim claim, CancelAnswer answer);

  /// Keeps a task of this application for longer; never for less long. Empty for an unknown or
  /// foreign one.
  Optional<Task> keep(TaskId id, ApplicationId application, Keeping keeping);

  /// How long to keep a task.
  ///
  /// @param now the time of the wish
  /// @param span how long from now, or from its end while it is open
  /// @param usual what tasks without a wish of their own are kept for after their end
  record Keeping(Instant now, Duration span, Duration usual) {}

  /// The task with this id, of whichever application.
  Optional<Task> find(TaskId id);

  /// The task that an order of this application with this idempotency key became.
  Optional<Task> findByKey(ApplicationId application, IdempotencyKey key);

  /// What is left of a deleted task of this application; empty once that is forgotten, too.
  Optional<Tombstone> tombstone(TaskId id, ApplicationId application);

  /// The newest task of this application and service with this trace id.
  Optional<Task> findByTrace(ApplicationId application, String service, String traceId);

  /// Tasks of this application by id; unknown and foreign ones are left out. At most 1,000 ids.
  List<Task> findAll(ApplicationId application, Collection<TaskId> ids);

  /// A page of an application's tasks, newest first.
  List<Task> list(TaskQuery query);

  /// A page of an application's videos, by an index of their own.
  List<Task> videos(VideoQuery query);

  /// The oldest open tasks of an application, or of one of its services, oldest first.
  List<Task> oldestOpen(ApplicationId application, Optional<String> service, int max);

  /// How many tasks match, counted up to `bound`.
  int count(TaskQuery query, int bound);

  /// The durable events of a task after a sequence number, oldest first; the accepting one
  /// (sequence 1) included.
  ///
  /// @param after a sequence number; 0 for all
  List<Event> events(TaskId id, int after, int max);

  /// Forgets an ended task of this application, with its events, deliveries and idempotency key;
  /// ledger rows stay, and a tombstone.
  ///
  /// @return false when it is unknown, foreign or still open, or its callback is on its way
  boolean remove(TaskId id, ApplicationId application);

  /// Tasks that a dead process left open and nobody has claimed yet, the newest first.
  ///
  /// @param max how many at most
  List<Task> left(int max);

  /// How many tasks are open, on all nodes that share the store.
  int openTasks();

  /// How many tasks of an application are open, on all nodes; exact.
  int openTasks(ApplicationId application);

  /// How many of its tasks of one service are open.
  int openTasks(ApplicationId application, String service);

  /// Removes tasks that ended before a time, or whose own time to be kept is over, as [#remove]
  /// does.
  ///
  /// @return how many were removed, at most `max`
  int purge(Instant endedBefore, int max);

  /// Forgets tombstones of tasks that were deleted before a time.
  ///
  /// @return how many, at most `max`
  int forgetTombstones(Instant deletedBefore, int max);

  /// Which tasks to list. Empty fields match all.
  ///
  /// @param service the catalog's service
  /// @param type the record's type
  /// @param open true for open tasks only, false for ended ones only
  /// @param createdMin earliest creation, inclusive, to the millisecond
  /// @param createdMax latest creation, inclusive, to the millisecond
  /// @param before only tasks with a smaller id: the cursor
  /// @param offset how many matches to pass over
  /// @param limit how many to return at most
  record TaskQuery(
      ApplicationId application,
      Optional<String> service,
      Optional<String> type,
      Optional<Boolean> open,
      Optional<Instant> createdMin,
      Optional<Instant> createdMax,
      Optional<TaskId> before,
      int offset,
      int limit) {

    /// The newest tasks of an application.
    public static TaskQuery newest(ApplicationId application, int limit) {
      return new TaskQuery(
          application,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          limit);
    }
  }
}
