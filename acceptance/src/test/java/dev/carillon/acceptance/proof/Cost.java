package dev.carillon.acceptance.proof;

import dev.carillon.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Counts what a task costs the store: statements, commits and flushes of the log on PostgreSQL,
/// and flushes on SQLite, where `strace` is installed. One task at a time is the dearest; many at
/// once share.
final class Cost implements Program {
  private static final String RESET = "SELECT pg_stat_statements_reset()";
  private static final String STATEMENTS =
      "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat%'"
          + " AND upper(query) !~ '^(BEGIN|COMMIT)'";
  private static final String COMMITS =
      "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
  private static final String FLUSHES = "SELECT wal_sync FROM pg_stat_wal";

  @Override
  public void run(Run run) throws Exception {
    onSqlite(run);
    if (Postgres.isHere()) {
      onPostgres(run);
    }
  }

  private static void onPostgres(Run run) throws Exception {
    try (Postgres database = Postgres.start();
        House house = new House(run.in("postgres"))) {
      try (var connection = database.connect();
          var statement = connection.createStatement()) {
        statement.execute("CREATE EXTENSION pg_stat_statements");
      }
      house.nodes(1, database.url());
      for (Mix mix : Mix.values()) {
        database.text(RESET);
        long commits = database.number(COMMITS);
        long flushes = database.number(FLUSHES);
        int tasks = mix.work(house);
        // The numbers of commits and flushes come from processes that tell them once a second.
        Run.pass(1_500);
        run.say(
            "PostgreSQL, %s: %.2f statements, %.2f commits (of reads too), %.2f flushes a task"
                .formatted(
                    mix.words,
                    per(database, STATEMENTS, tasks),
                    (double) (database.number(COMMITS) - commits) / tasks,
                    (double) (database.number(FLUSHES) - flushes) / tasks));
      }
    }
  }

  private static double per(Postgres database, String query, int tasks) {
    return (double) database.number(query) / tasks;
  }

  private static void onSqlite(Run run) throws Exception {
    if (!Command.succeeds("strace", "-V")) {
      run.say("SQLite left out: strace is not installed");
      return;
    }
    try (House house = new House(run).nodes(1, "")) {
      Path output = run.folder().resolve("strace.txt");
      for (Mix mix : Mix.values()) {
        Process strace =
            new ProcessBuilder(
                    "strace",
                    "-f",
                    "-qq",
                    "-e",
                    "trace=fsync,fdatasync",
                    "-o",
                    output.toString(),
                    "-p",
                    String.valueOf(house.node(0).pid()))
                .start();
        Await.until("strace is there", Duration.ofSeconds(10), () -> Files.exists(output));
        Run.pass(500);
        int tasks = mix.work(house);
        strace.destroy();
        strace.waitFor();
        run.say(
            "SQLite, %s: %.2f flushes a task"
                .formatted(mix.words, (double) flushes(output) / tasks));
        Files.delete(output);
      }
    }
  }

  private static long flushes(Path output) throws IOException {
    try (var lines = Files.lines(output)) {
      return lines.filter(line -> line.contains("sync(") && !line.contains("resumed")).count();
    }
  }

  /// Which tasks, and how many of them at once.
  private enum Mix {
    ALONE("one at a time, without callback", 100, 1),
    TOLD("one at a time, with callback", 100, 1),
    PROVIDER("one at a time, by a provider", 20, 1),
    CROWD("64 at once, without callback", 4_000, 64),
    TOLD_CROWD("64 at once, with callback", 4_000, 64);

    private final String words;
    private final int tasks;
    private final int atOnce;

    Mix(String words, int tasks, int atOnce) {
      this.words = words;
      this.tasks = tasks;
      this.atOnce = atOnce;
    }

    /// Sends and awaits them.
    ///
    /// @return how many
    private int work(House house) throws InterruptedException {
      var places = new Semaphore(atOnce);
      try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < tasks; i++) {
          places.acquire();
          senders.execute(() -> {
            try {
              one(house);
            } finally {
              places.release();
            }
          });
        }
      }
      return tasks;
    }

    private void one(House house) {
      switch (this) {
        case ALONE, CROWD -> sandbox(house);
        case TOLD, TOLD_CROWD -> told(house);
        case PROVIDER -> provider(house);
      }
    }

    private static void sandbox(House house) {
      await(house, "/midjourney/imagine", Map.of("prompt", "a cat", "async", true));
    }

    private static void told(House house) {
      String key = "c" + System.nanoTime();
      var body = Map.of("prompt", key, "async", true, "callback_url", house.callbacks().url(key));
      await(house, "/midjourney/imagine", body);
      Await.until("it is told", Duration.ofSeconds(60), () -> house.callbacks().has(key));
    }

    private static void provider(House house) {
      await(house, "/flux/images", Map.of("prompt", "a cat", "async", true));
    }

    private static void await(House house, String path, Map<String, ?> body) {
      var base = house.node(0).base();
      var reply = house.caller().post(base, path, History.json(body), Optional.empty());
      if (!reply.isOk()) {
        throw new AssertionError(reply.toString());
      }
      String id = reply.json().path("task_id").asString();
      Await.until(
          "it ended",
          Duration.ofSeconds(60),
          () ->
              house
                  .caller()
                  .get(base, "/v1/tasks/" + id + "?wait=20s")
                  .json()
                  .path("finished_at")
                  .isString());
    }
  }
}
