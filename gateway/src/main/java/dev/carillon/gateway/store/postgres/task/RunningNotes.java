package dev.carillon.gateway.store.postgres.task;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Queued;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.LockedTask;
import dev.carillon.gateway.store.postgres.batch.Needs;
import dev.carillon.gateway.store.postgres.batch.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Running states that were shown and are to be written, at most one a task, about once a second.
/// What a task went through in between, and tasks that ended meanwhile, are never written.
final class RunningNotes {
  private static final int MOST_AT_ONCE = 2_000;

  private final ConcurrentLinkedQueue<OpenTask> noted = new ConcurrentLinkedQueue<>();
  private final long everyNanos;
  private final Ringer ringer;
  private long lastNanos = System.nanoTime(); // of the first writer's thread

  RunningNotes(Duration every, Ringer ringer) {
    this.everyNanos = every.toNanos();
    this.ringer = ringer;
  }

  void add(OpenTask task) {
    noted.add(task);
  }

  /// What is to be written now, as one verb.
  ///
  /// @param last true when the store closes: then also what is not due yet
  Optional<Write> due(boolean last) {
    long now = System.nanoTime();
    if (noted.isEmpty() || (!last && now - lastNanos < everyNanos)) {
      return Optional.empty();
    }
    var notes = new ArrayList<OpenTask.Note>();
    while (notes.size() < MOST_AT_ONCE) {
      OpenTask next = noted.poll();
      if (next == null) {
        lastNanos = now;
        break;
      }
      next.take().ifPresent(notes::add);
    }
    return notes.isEmpty() ? Optional.empty() : Optional.of(new Write(notes, last));
  }

  /// Writes running states and their events.
  final class Write extends Verb<Boolean> {
    private final List<OpenTask.Note> notes;
    private final boolean last;

    private Write(List<OpenTask.Note> notes, boolean last) {
      this.notes = notes;
      this.last = last;
    }

    @Override
    protected void needs(Needs needs) {
      for (OpenTask.Note note : notes) {
        needs.task(note.task().id(), note.task().application()).head(note.task().application());
      }
    }

    @Override
    protected Boolean run(Batch batch) {
      for (OpenTask.Note note : notes) {
        batch
            .open(note.task().id(), note.task().fence())
            .filter(open -> isUnderWay(open.state()))
            .ifPresent(open -> write(batch, open, note));
      }
      return true;
    }

    /// One that was parked meanwhile stays so.
    private static boolean isUnderWay(TaskState state) {
      return state instanceof Queued || state instanceof TaskState.Running;
    }

    private static void write(Batch batch, LockedTask open, OpenTask.Note note) {
      TaskState.Running running = note.running();
      open.runs(running);
      if (note.first()) {
        batch.underWay(open, EventType.TASK_STARTED, running.startedAt(), 0, true);
      }
      if (!note.first() || running.progress() > 0) {
        batch.underWay(
            open,
            EventType.TASK_PROGRESSED,
            note.at(),
            running.progress(),
            note.task().mayTell(note.at()));
      }
    }

    @Override
    protected void committed(Boolean result) {
      for (OpenTask.Note note : notes) {
        note.task().written(note.running());
        ringer.tell(note.task().id());
      }
    }

    @Override
    protected void failed(boolean unknown) {
      for (OpenTask.Note note : notes) {
        if (!last && note.task().again()) {
          noted.add(note.task());
        }
      }
    }
  }
}
