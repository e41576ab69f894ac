package dev.carillon.cli.task;

import dev.carillon.client.TaskSnapshot;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Shows how far a task is: on a terminal a bar that moves with what the gateway has learned of
/// such tasks, elsewhere a line when something changed.
final class ProgressLine implements Consumer<TaskSnapshot>, AutoCloseable {
  private static final int WIDTH = 30;
  private static final int STEP = 25;
  private static final double ALMOST = 0.99;
  private static final long REDRAW_MILLIS = 250;
  private static final String ERASE = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean draws;
  private final LongSupplier nanos;
  private final long began;
  private final @Nullable ScheduledExecutorService drawing;
  private @Nullable TaskSnapshot seen; // the rest is guarded by this
  private long seenAt;
  private String lastState = "";
  private int lastStep;

  ProgressLine(PrintWriter out, boolean draws, LongSupplier nanos) {
    this.out = out;
    this.draws = draws;
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    this.drawing =
        draws
            ? Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("progress").factory())
            : null;
    if (drawing != null) {
      var _ =
          drawing.scheduleWithFixedDelay(
              this::draw, REDRAW_MILLIS, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public synchronized void accept(TaskSnapshot task) {
    seen = task;
    seenAt = nanos.getAsLong();
    if (draws) {
      draw();
      return;
    }
    int step = task.progress() / STEP;
    if (!task.state().equals(lastState) || step > lastStep) {
      lastState = task.state();
      lastStep = step;
      out.println("task " + task.taskId() + " " + words(task));
      out.flush();
    }
  }

  private synchronized void draw() {
    if (seen == null) {
      return;
    }
    int full = (int) Math.round(fraction(seen) * WIDTH);
    out.print(ERASE + "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] " + words(seen));
    out.flush();
  }

  private String words(TaskSnapshot task) {
    var text = new StringBuilder(task.state());
    if (task.progress() > 0 && !task.isEnded()) {
      text.append(' ').append(task.progress()).append(" %");
    }
    text.append(", ").append(Spans.text(since(began)));
    Duration left = left(task);
    if (!task.isEnded() && left.isPositive()) {
      text.append(", about ").append(Spans.text(left)).append(" more");
    }
    return text.toString();
  }

  private Duration since(long nano) {
    return Duration.ofNanos(nanos.getAsLong() - nano);
  }

  /// What is left by the estimate of the last look; zero when that is over or there is none.
  private Duration left(TaskSnapshot task) {
    Duration left = task.typicallyLeft().orElse(Duration.ZERO).minus(since(seenAt));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /// The provider's progress or what the time tells, whichever is further.
  double fraction(TaskSnapshot task) {
    if (task.isEnded()) {
      return 1;
    }
    double byProvider = task.progress() / 100.0;
    double elapsed = since(began).toMillis();
    double byTime =
        task.typicallyLeft().isPresent()
            ? elapsed / Math.max(1, elapsed + left(task).toMillis())
            : 0;
    return Math.min(ALMOST, Math.max(byProvider, byTime));
  }

  /// Leaves the line clean.
  @Override
  public void close() {
    if (drawing != null) {
      drawing.shutdownNow();
      synchronized (this) {
        out.print(ERASE);
        out.flush();
      }
    }
  }
}
