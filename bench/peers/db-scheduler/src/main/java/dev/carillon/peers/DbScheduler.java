package dev.carillon.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// db-scheduler as a peer, with the settings of its own benchmark: lock-and-fetch by `SKIP LOCKED`
/// with fetches of up to four times the threads, 100 threads, and immediate execution.
public final class DbScheduler {
  private static final int THREADS = 100;
  private static final int CONNECTIONS = 32;
  private static final int UNDONE_AT_MOST = 2_000;
  private static final Duration LATER = Duration.ofHours(6);
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(60);

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE scheduled_tasks (
            task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
            execution_time timestamptz, picked boolean NOT NULL, picked_by text,
            last_success timestamptz, last_failure timestamptz, consecutive_failures int,
            last_heartbeat timestamptz, version bigint NOT NULL, priority smallint, state text,
            PRIMARY KEY (task_name, task_instance))
          """,
          "CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)",
          "CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");

  private final Calls calls;
  private final Orders orders;
  private final OneTimeTask<Void> task;
  private final Scheduler scheduler;
  private final AtomicInteger due = new AtomicInteger();

  private DbScheduler(HikariDataSource source, int port) {
    this.calls = new Calls(port);
    this.orders = new Orders(source);
    this.task = Tasks.oneTime("call").execute((instance, context) -> call(instance.getId()));
    var run = Tasks.oneTime(Orders.TASK).execute((instance, context) -> run(instance.getId()));
    this.scheduler =
        Scheduler.create(source, task, run)
            .threads(THREADS)
            .pollUsingLockAndFetch(2, 4.0)
            .pollingInterval(Duration.ofMillis(100))
            .enableImmediateExecution()
            .build();
  }

  /// @param arguments a JDBC address and the sink's port
  public static void main(String[] arguments) throws IOException, SQLException {
    var pool = new HikariConfig();
    pool.setJdbcUrl(arguments[0]);
    pool.setMaximumPoolSize(CONNECTIONS);
    try (var source = new HikariDataSource(pool)) {
      try (var connection = source.getConnection();
          var statement = connection.createStatement()) {
        for (var table : TABLES) {
          statement.execute(table);
        }
        for (var table : Orders.TABLES) {
          statement.execute(table);
        }
      }
      var peer = new DbScheduler(source, Integer.parseInt(arguments[1]));
      peer.scheduler.start();
      peer.serve();
      peer.scheduler.stop();
    }
  }

  private void serve() throws IOException {
    var front = Front.open(this::order);
    answer(front.port(), System.nanoTime());
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var words = line.split(" ", -1);
      long begin = System.nanoTime();
      if (words[0].equals("drain")) {
        drain();
        answer(calls.called(), begin);
      } else {
        var time = Duration.ofMillis((long) (Double.parseDouble(words[1]) * 1e3));
        answer(load(making(words[0]), time, Integer.parseInt(words[2])), begin);
      }
    }
    front.stop();
  }

  private static void answer(int jobs, long begin) {
    System.out.printf(Locale.ROOT, "peer: %d %.3f%n", jobs, (System.nanoTime() - begin) / 1e9);
    System.out.flush();
  }

  /// Makes a job of a caller.
  ///
  /// @param now whether it is due, so that only so many may be undone
  private record Making(boolean now, IntConsumer make) {}

  private Making making(String what) {
    return switch (what) {
      case "enqueue" -> new Making(false, _ -> enqueue(false));
      case "work" -> new Making(true, _ -> enqueue(true));
      case "hold" -> new Making(false, caller -> order(false, caller));
      case "tell" -> new Making(true, caller -> order(true, caller));
      default -> throw new IllegalArgumentException(what);
    };
  }

  private int load(Making making, Duration time, int callers) {
    long end = System.nanoTime() + time.toNanos();
    var jobs = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(callers)) {
      for (int i = 0; i < callers; i++) {
        int caller = i;
        threads.execute(() -> {
          while (System.nanoTime() < end) {
            if (making.now && due.get() - calls.called() >= UNDONE_AT_MOST) {
              LockSupport.parkNanos(1_000_000);
            } else {
              making.make.accept(caller);
              jobs.incrementAndGet();
            }
          }
        });
      }
    }
    return jobs.get();
  }

  private void enqueue(boolean now) {
    var at = now ? Instant.now() : Instant.now().plus(LATER);
    scheduler.schedule(task.instance(UUID.randomUUID().toString()), at);
    if (now) {
      due.incrementAndGet();
    }
  }

  private void order(boolean now, int caller) {
    order(UUID.randomUUID(), now, caller, Orders.REQUEST);
  }

  private void order(UUID id, boolean now, int account, String request) {
    try {
      orders.order(id, account, request, now ? Duration.ZERO : LATER);
    } catch (SQLException broken) {
      throw new IllegalStateException(broken);
    }
    if (now) {
      due.incrementAndGet();
      scheduler.triggerCheckForDueExecutions();
    }
  }

  private void run(String id) {
    try {
      orders.end(UUID.fromString(id));
    } catch (SQLException broken) {
      throw new IllegalStateException(broken);
    }
    scheduler.triggerCheckForDueExecutions();
  }

  private void drain() {
    long end = System.nanoTime() + DRAINED_WITHIN.toNanos();
    while (calls.called() < due.get() && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void call(String id) {
    try {
      calls.call(id);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
