package dev.carillon.bench.caller;

import dev.carillon.client.Carillon;
import dev.carillon.client.TaskHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/// A program of its own that awaits very many tasks at once and says how much memory it took.
public final class Handles {
  private static final int AT_ONCE = 32;
  private static final Pattern MOST = Pattern.compile("VmHWM:\\s*(\\d+) kB");

  private Handles() {}

  /// Awaits.
  ///
  /// @param args address, token, number of tasks, and how long each takes in milliseconds
  public static void main(String[] args) throws Exception {
    Carillon carillon = new Place(args[0], args[1]).carillon();
    int count = Integer.parseInt(args[2]);
    long millis = Long.parseLong(args[3]);
    List<TaskHandle> tasks = Collections.synchronizedList(new ArrayList<>());
    var seats = new Semaphore(AT_ONCE);
    for (int i = 0; i < count; i++) {
      seats.acquire();
      Thread.ofVirtual()
          .start(() -> {
            try {
              tasks.add(Looking.submit(carillon, millis));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              seats.release();
            }
          });
    }
    seats.acquire(AT_ONCE);
    List<CompletableFuture<?>> ends = new ArrayList<>();
    tasks.forEach(task -> ends.add(task.whenEnded()));
    long open = ends.stream().filter(end -> !end.isDone()).count();
    Looking.await(ends);
    System.out.println("awaited " + ends.size() + " open " + open + " mb " + megabytes());
  }

  private static long megabytes() throws IOException {
    var most = MOST.matcher(Files.readString(Path.of("/proc/self/status")));
    return most.find() ? Long.parseLong(most.group(1)) / 1024 : 0;
  }
}
