package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.queue.Dispatches;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.PriorityBlockingQueue;

/// Running states that were shown and are to be written: the first of a task a second later, and
/// then at most one a second. What it went through in between, and tasks that ended meanwhile, are
/// never written. Each waits by itself: were all written at once, all else would wait for them.
final class RunningNotes {
  private static final int MOST_AT_ONCE = 200;

  /// Only a task that is queued or running: one that was parked meanwhile stays so.
  private static final String UPDATE =
      "UPDATE task SET state = 3, started_at = ?, progress = ?,"
          + " next_sequence = next_sequence + ?"
          + " WHERE id = ? AND fence = ? AND state <= 3 RETURNING next_sequence, application_id,"
          + " CASE WHEN flags & 1 THEN callback_url END";

  private final Queue<Noted> noted =
      new PriorityBlockingQueue<>(16, (a, b) -> Long.signum(a.dueNanos - b.dueNanos));
  private final long everyNanos;
  private final FanOut fanOut;
  private final Bell bell;
  private final Dispatches dispatches;

  private record Noted(OpenTask task, long dueNanos) {}

  RunningNotes(Duration every, FanOut fanOut, Bell bell, Dispatches dispatches) {
    this.everyNanos = every.toNanos();
    this.fanOut = fanOut;
    this.bell = bell;
    this.dispatches = dispatches;
  }

  void add(OpenTask task) {
    noted.add(new Noted(task, task.writtenNanos() + everyNanos));
  }

  /// What is to be written now, as one verb.
  ///
  /// @param last true when the store closes: then also what is not due yet
  Optional<Write> due(boolean last) {
    long now = System.nanoTime();
    var notes = new ArrayList<OpenTask.Note>();
    while (notes.size() < MOST_AT_ONCE) {
      Noted next = noted.poll();
      if (next == null) {
        break;
      }
      if (!last && next.dueNanos - now > 0) {
        noted.add(next);
        break;
      }
      next.task.take().ifPresent(notes::add);
    }
    return notes.isEmpty() ? Optional.empty() : Optional.of(new Write(notes, last));
  }

  /// Writes running states and their events.
  final class Write extends Verb<Boolean> {
    private final List<OpenTask.Note> notes;
    private final boolean last;
    private final List<FanOut.Written> made = new ArrayList<>();
    private final Set<ApplicationId> told = new HashSet<>();

    /// Whether there may be more to write now.
    boolean isFull() {
      return notes.size() == MOST_AT_ONCE;
    }

    private Write(List<OpenTask.Note> notes, boolean last) {
      this.notes = notes;
      this.last = last;
    }

    @Override
    Boolean run(Transaction transaction) throws SQLException {
      made.clear();
      told.clear();
      for (OpenTask.Note note : notes) {
        write(transaction, note);
      }
      return true;
    }

    private void write(Transaction transaction, OpenTask.Note note) throws SQLException {
      Instant startedAt = note.running().startedAt();
      int progress = note.running().progress();
      int events = note.first() && progress > 0 ? 2 : 1;
      Optional<Updated> updated =
          transaction
              .sql(UPDATE)
              .put(startedAt)
              .put(progress)
              .put(events)
              .put(note.task().id().value())
              .put(note.task().fence())
              .one(row ->
                  new Updated(
                      row.integer(),
                      new ApplicationId(row.uuid()),
                      row.maybeText().map(CallbackUrl::new)));
      if (updated.isEmpty()) {
        return;
      }
      var rows = new EventRows(note.task().id(), updated.get().application);
      int sequence = updated.get().nextSequence - events;
      told.add(updated.get().application);
      if (note.first()) {
        Event event = rows.insert(transaction, sequence++, EventType.TASK_STARTED, startedAt, 0);
        made.addAll(fanOut.underWay(transaction, event));
      }
      if (!note.first() || progress > 0) {
        Event event =
            rows.insert(transaction, sequence, EventType.TASK_PROGRESSED, note.at(), progress);
        if (note.task().mayTell(note.at())) {
          made.addAll(fanOut.underWay(transaction, event));
        }
        if (updated.get().url.isPresent()) {
          made.add(fanOut.step(transaction, event, updated.get().url.get()));
        }
      }
    }

    @Override
    void committed(Boolean result) {
      notes.forEach(note -> note.task().written(note.running()));
      made.forEach(written -> written.tell(dispatches));
      told.forEach(bell::ringFeed);
    }

    @Override
    void failed() {
      for (OpenTask.Note note : notes) {
        if (!last && note.task().again()) {
          noted.add(new Noted(note.task(), System.nanoTime() + everyNanos));
        }
      }
    }
  }

  /// @param url of a task whose callback URL hears of each step
  private record Updated(int nextSequence, ApplicationId application, Optional<CallbackUrl> url) {}
}
