package dev.carillon.cli.task;

import dev.carillon.cli.place.CommandFailure;
import dev.carillon.client.Carillon;
import dev.carillon.client.CarillonException;
import dev.carillon.client.ServiceException;
import dev.carillon.client.Submission;
import dev.carillon.client.TaskHandle;
import dev.carillon.client.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ObjectNode;

/// Takes every request of a file to its end, a bounded number at a time. What concerns one request
/// is its end; what concerns all (the token, the balance, a gateway that is away) ends the batch,
/// which goes on when it is run again.
///
/// @param output where results are saved; empty to save none
/// @param ended hears of each request's end
record Batch(
    Carillon carillon,
    BatchJournal journal,
    int inFlight,
    Optional<Path> output,
    BiConsumer<BatchLine, ObjectNode> ended) {
  private static final Duration LONGEST = Duration.ofDays(30);

  /// Runs what has not ended yet.
  ///
  /// @throws CarillonException what stopped the batch
  /// @throws CommandFailure likewise
  void run(List<BatchLine> lines) throws InterruptedException {
    var seats = new Semaphore(inFlight);
    var stopped = new First<RuntimeException>();
    var unsaved = new First<CommandFailure>();
    var factory = Thread.ofVirtual().name("line-", 0).factory();
    try (var downloads = new Downloads();
        var threads = Executors.newThreadPerTaskExecutor(factory)) {
      for (BatchLine line : lines) {
        if (journal.find(line).flatMap(BatchJournal.Entry::end).isPresent()) {
          continue;
        }
        seats.acquire();
        if (stopped.get().isPresent()) {
          break;
        }
        threads.execute(() -> {
          try {
            work(line, downloads, unsaved);
          } catch (RuntimeException fault) {
            stopped.set(fault);
          } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
          } finally {
            seats.release();
          }
        });
      }
    }
    if (stopped.get().isPresent()) {
      throw stopped.get().get();
    }
    if (unsaved.get().isPresent()) {
      throw unsaved.get().get();
    }
  }

  /// Keeps the first of what many threads tell.
  private static final class First<T> {
    private final AtomicReference<Optional<T>> told = new AtomicReference<>(Optional.empty());

    void set(T value) {
      told.updateAndGet(before -> before.isPresent() ? before : Optional.of(value));
    }

    Optional<T> get() {
      return told.get();
    }
  }

  /// A result that cannot be saved is no end: its task is known, so the next run only saves it.
  private void work(BatchLine line, Downloads downloads, First<CommandFailure> unsaved)
      throws InterruptedException {
    ObjectNode end = CallerCommand.object().put("line", line.number());
    try {
      TaskHandle task = task(line);
      end.put("task_id", task.id());
      TaskResult result = task.await(LONGEST);
      end.put("state", result.isSuccess() ? "succeeded" : "failed");
      end.set(result.isSuccess() ? "result" : "error", result.result());
      if (result.isSuccess() && output.isPresent()) {
        save(line, result, downloads, end);
      }
    } catch (ServiceException refused) {
      if (isForAll(refused)) {
        throw refused;
      }
      end.put("state", "refused");
      end.putObject("error").put("code", refused.code()).put("message", refused.getMessage());
    } catch (UnsavedException failed) {
      unsaved.set(failed.why);
      return;
    }
    journal.ended(line, end);
    ended.accept(line, end);
  }

  private TaskHandle task(BatchLine line) throws InterruptedException {
    Optional<BatchJournal.Entry> known = journal.find(line);
    String task = known.map(BatchJournal.Entry::task).orElse("");
    if (!task.isEmpty()) {
      return carillon.resume(line.service(), task);
    }
    String key = journal.sending(line);
    var wanted = new Submission(line.service(), line.endpoint(), line.body(), key, false);
    TaskHandle handle = carillon.submit(known.isPresent() ? wanted.again() : wanted);
    journal.submitted(line, handle.id());
    return handle;
  }

  private static boolean isForAll(ServiceException refused) {
    return refused instanceof ServiceException.Unauthorized
        || refused instanceof ServiceException.UsedUp
        || refused instanceof ServiceException.Limited
        || refused instanceof ServiceException.Unavailable
        || refused.code().equals("disabled");
  }

  private void save(BatchLine line, TaskResult result, Downloads downloads, ObjectNode end)
      throws InterruptedException {
    List<String> urls = Artifacts.of(result.result(), Optional.empty());
    if (urls.isEmpty()) {
      return;
    }
    Path first = output.orElseThrow().resolve(line.number() + Downloads.extension(urls.getFirst()));
    var files = end.putArray("files");
    try {
      downloads.save(urls, first, line.number() + "").forEach(file -> files.add(file.toString()));
    } catch (CommandFailure why) {
      throw new UnsavedException(why);
    }
  }

  /// The task has ended well, and its result is not where it belongs.
  private static final class UnsavedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final CommandFailure why;

    private UnsavedException(CommandFailure why) {
      super(why);
      this.why = why;
    }
  }
}
