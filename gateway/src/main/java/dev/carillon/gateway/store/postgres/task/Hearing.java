package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.Threads;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.sql.Database;
import dev.carillon.gateway.store.postgres.sql.Ear;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what other nodes tell, on a connection of its own, and rings this node's bell for the
/// tasks and feeds that somebody here listens to. While it cannot hear, it looks instead.
final class Hearing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Hearing.class);

  /// How often a silent connection is tried.
  private static final Duration CHECK = Duration.ofSeconds(10);

  private static final int MOST_AT_ONCE = 1_000;
  private static final int MOST_LOOKED_AT = 20_000;

  private final Memory memory;
  private final Bell bell;
  private final Database database;
  private final boolean listen;
  private final Duration look;
  private final Thread thread;
  private final List<Consumer<String>> hearers = new ArrayList<>();
  private final List<Runnable> missed = new ArrayList<>();
  private @Nullable Ear ear; // of the thread
  private boolean behind; // of the thread; something may have been told that was not looked at
  private volatile boolean open = true;

  /// @param listen whether the database can notify at all
  /// @param look how often it looks while it cannot hear
  Hearing(Memory memory, Bell bell, Database database, boolean listen, Duration look) {
    this.memory = memory;
    this.bell = bell;
    this.database = database;
    this.listen = listen;
    this.look = look;
    this.thread = Thread.ofVirtual().name("store-hearing").unstarted(this::loop);
  }

  /// Asks to be told of words, before [#start].
  void onWord(Consumer<String> hearer, Runnable whenMissed) {
    hearers.add(hearer);
    missed.add(whenMissed);
  }

  void start() {
    if (listen) {
      connect();
    }
    thread.start();
  }

  private void loop() {
    long checked = System.nanoTime();
    while (open) {
      Ear hearing = ear;
      try {
        if (hearing == null) {
          LockSupport.parkNanos(look.toNanos());
          lookAtAll();
          if (listen && open) {
            connect();
          }
        } else {
          heard(hearing.hear(look));
          if (System.nanoTime() - checked > CHECK.toNanos()) {
            checked = System.nanoTime();
            hearing.check();
          }
        }
      } catch (SQLException lost) {
        LOG.debug("other nodes cannot be heard now", lost);
        disconnect();
      } catch (StoreUnavailableException later) {
        LOG.debug("what changed cannot be looked at now", later);
      } catch (RuntimeException bug) {
        LOG.error("what changed could not be rung for", bug);
      }
    }
    disconnect();
  }

  /// What was told while nobody heard is looked for once.
  private void connect() {
    try {
      ear = database.ear(Ringer.CHANNEL);
      behind = true;
      catchUp();
    } catch (SQLException | StoreUnavailableException still) {
      LOG.debug("other nodes cannot be heard yet", still);
    }
  }

  private void disconnect() {
    Ear hearing = ear;
    ear = null;
    if (hearing != null) {
      try {
        hearing.close();
      } catch (SQLException failure) {
        LOG.debug("cannot close a connection", failure);
      }
    }
  }

  private void heard(List<String> messages) {
    var tasks = new ArrayList<TaskId>();
    messages.forEach(message -> orCatchUp(() -> heard(message, tasks)));
    tasks.removeIf(id -> !bell.hears(id) && !memory.open().owns(id));
    orCatchUp(() -> ring(tasks));
    catchUp();
  }

  /// What cannot be rung for is looked for afterwards, with all else, and costs nothing else that
  /// was told.
  private void orCatchUp(Runnable act) {
    try {
      act.run();
    } catch (StoreUnavailableException later) {
      behind = true;
      LOG.debug("what another node told cannot be looked at now", later);
    } catch (RuntimeException bug) {
      behind = true;
      LOG.error("what another node told could not be rung for", bug);
    }
  }

  private void catchUp() {
    if (behind) {
      lookAtAll();
      behind = false;
    }
  }

  private void heard(String message, List<TaskId> tasks) {
    String[] words = message.split(" ", -1);
    if (words[0].equals(memory.node().id().toString())) {
      return;
    }
    memory.node().joined();
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      if (word.equals(Ringer.ALL)) {
        behind = true;
      } else if (word.startsWith("t")) {
        tasks.add(new TaskId(UUID.fromString(word.substring(1))));
      } else if (word.startsWith("f")) {
        bell.ringFeed(new ApplicationId(UUID.fromString(word.substring(1))));
      } else if (word.startsWith("w")) {
        hearers.forEach(hearer -> hearer.accept(word.substring(1)));
      }
    }
  }

  private void ring(List<TaskId> ids) {
    for (int from = 0; from < ids.size(); from += MOST_AT_ONCE) {
      List<TaskId> part = ids.subList(from, Math.min(ids.size(), from + MOST_AT_ONCE));
      List<Task> tasks = database.read(session -> TaskRows.byIds(session, part));
      tasks.forEach(memory::heard);
    }
  }

  /// Looks at every task that somebody here listens to or works on; those that ended, or that
  /// something was noted on, are rung for.
  private void lookAtAll() {
    Set<TaskId> ids = new HashSet<>(bell.heard());
    ids.addAll(memory.open().some(MOST_LOOKED_AT));
    List<TaskId> all = ids.stream().limit(MOST_LOOKED_AT).toList();
    for (int from = 0; from < all.size(); from += MOST_AT_ONCE) {
      List<TaskId> part = all.subList(from, Math.min(all.size(), from + MOST_AT_ONCE));
      database
          .read(session ->
              session
                  .sql(CHANGED)
                  .putIds(part.stream().map(TaskId::value).toList())
                  .all(TaskRows::read))
          .forEach(memory::heard);
    }
    bell.heardFeeds().forEach(bell::ringFeed);
    missed.forEach(Runnable::run);
  }

  private static final String CHANGED =
      "SELECT "
          + TaskRows.COLUMNS
          + " FROM task WHERE id = ANY(?) AND (state >= 10 OR cancellation IS NOT NULL)";

  @Override
  public void close() {
    open = false;
    LockSupport.unpark(thread);
    Threads.awaitEnd(thread);
  }
}
