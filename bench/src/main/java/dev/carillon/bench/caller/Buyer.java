package dev.carillon.bench.caller;

import dev.carillon.client.Carillon;
import dev.carillon.client.FileTaskJournal;
import dev.carillon.client.Submission;
import dev.carillon.client.TaskHandle;
import dev.carillon.client.TaskJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// A program of its own that buys one picture after the other, keeps a journal, and takes up what
/// is open when it is started again; it is there to be killed at any moment.
public final class Buyer {
  private static final int AT_ONCE = 8;
  private static final int LONGEST_MILLIS = 300;

  private final Path results;
  private final Semaphore seats = new Semaphore(AT_ONCE);

  private Buyer(Path results) {
    this.results = results;
  }

  /// Buys.
  ///
  /// @param args address, token, a folder, and how many orders there are
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[2]);
    try (var journal = new FileTaskJournal(folder.resolve("journal.jsonl"))) {
      Carillon carillon = new Place(args[0], args[1]).carillon().withJournal(journal);
      new Buyer(folder.resolve("results.txt")).buy(carillon, journal, Integer.parseInt(args[3]));
    }
    System.out.println("all");
  }

  private void buy(Carillon carillon, TaskJournal journal, int orders)
      throws IOException, InterruptedException {
    Set<String> begun = new HashSet<>(done(results));
    List<TaskJournal.Entry> open = journal.open();
    System.out.println("begins");
    List<TaskHandle> handles = carillon.resumeAll();
    for (int i = 0; i < handles.size(); i++) {
      begun.add(open.get(i).key());
      watch(handles.get(i), open.get(i).key());
    }
    var random = new Random();
    for (int i = 0; i < orders; i++) {
      String key = "order-" + i;
      if (begun.contains(key)) {
        continue;
      }
      String take = "[[sandbox take=" + random.nextInt(LONGEST_MILLIS) + "ms]]";
      Map<String, String> body = Map.of("prompt", key + " " + take);
      watch(carillon.submit(Submission.of("midjourney", "imagine", body).withKey(key)), key);
    }
    seats.acquire(AT_ONCE);
  }

  private void watch(TaskHandle task, String key) throws InterruptedException {
    seats.acquire();
    var _ =
        task.whenEnded()
            .thenAccept(result -> {
              keep(key + " " + task.id() + " " + result.isSuccess() + "\n");
              task.done();
            })
            .whenComplete((done, fault) -> {
              if (fault != null) {
                System.out.println("fault " + fault);
              }
              seats.release();
            });
  }

  private void keep(String line) {
    try {
      Files.writeString(results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The keys of the orders that have a result; a line that was broken off has none.
  static Set<String> done(Path results) throws IOException {
    Set<String> keys = new HashSet<>();
    if (Files.exists(results)) {
      for (String line : Files.readAllLines(results)) {
        String[] words = line.split(" ", -1);
        if (words.length == 3 && words[2].equals("true")) {
          keys.add(words[0]);
        }
      }
    }
    return keys;
  }
}
