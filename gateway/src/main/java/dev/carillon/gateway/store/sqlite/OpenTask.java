package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What this node knows of an open task beyond its row: the fence of its claim, and how far it
/// runs, which is shown at once and written a little later. Its fields are guarded by itself.
final class OpenTask {
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

  private final TaskId id;
  private final long fence;
  private boolean ended;
  private boolean noted; // stands in the list of notes to be written
  private boolean startWritten;
  private @Nullable Running shown;
  private @Nullable Running written;
  private long writtenNanos;
  private Instant shownAt = Instant.EPOCH;
  private Instant toldAt = Instant.EPOCH;

  OpenTask(TaskId id, long fence, boolean startWritten) {
    this.id = id;
    this.fence = fence;
    this.startWritten = startWritten;
  }

  TaskId id() {
    return id;
  }

  long fence() {
    return fence;
  }

  /// Shows that the task runs, unless it has ended, the claim is stale, or it was shown before.
  ///
  /// @param tell run when it is shown, before any later end can be told
  /// @return true when this note must be put on the list of those to be written
  synchronized boolean show(long claimed, Running running, Instant at, Runnable tell) {
    if (ended || claimed != fence || running.equals(shown)) {
      return false;
    }
    shown = running;
    shownAt = at;
    tell.run();
    boolean first = !noted;
    noted = true;
    return first;
  }

  /// Ends it: nothing is shown from now on.
  synchronized void end() {
    ended = true;
  }

  /// Takes what was shown back, as the row now says something newer.
  synchronized void hide() {
    shown = null;
  }

  /// The task as its readers on this node see it.
  synchronized Task overlay(Task row) {
    Running running = shown;
    return running == null || row.state().isFinal() ? row : row.in(running);
  }

  /// How far it was shown to be.
  synchronized int progress() {
    Running running = shown;
    return running == null ? 0 : running.progress();
  }

  /// What is to be written now; empty when nothing is.
  synchronized Optional<Note> take() {
    noted = false;
    Running running = shown;
    if (ended || running == null || running.equals(written)) {
      return Optional.empty();
    }
    return Optional.of(new Note(this, running, shownAt, !startWritten));
  }

  synchronized void written(Running running) {
    written = running;
    writtenNanos = System.nanoTime();
    startWritten = true;
  }

  /// When its running state was written last; now, where it never was.
  synchronized long writtenNanos() {
    return written == null ? System.nanoTime() : writtenNanos;
  }

  /// Whether endpoints are to hear of progress again, which they do not more often than they can
  /// use it. Of the writer thread; a batch that is run again may skip one.
  synchronized boolean mayTell(Instant at) {
    boolean due = !at.isBefore(toldAt.plus(PROGRESS_EVERY));
    if (due) {
      toldAt = at;
    }
    return due;
  }

  /// Puts it on the list again after a write failed; false when it is there, or over.
  synchronized boolean again() {
    boolean wanted = !ended && !noted;
    noted |= wanted;
    return wanted;
  }

  /// A running state to be written.
  ///
  /// @param first whether the task's start is not yet written
  record Note(OpenTask task, Running running, Instant at, boolean first) {}
}
