package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.Threads;
import dev.carillon.gateway.store.postgres.sql.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rings this node's bell and tells the other nodes to ring theirs.
///
/// Notifying takes a lock of the whole database until the notifying transaction is committed, and
/// wakes every node. So it is not done in the transactions that write, but after them, for all that
/// was committed since the last time, and only while there are others to hear it; and it waits for
/// no flush, as what it tells is durable by then. Where the last time was just now it is done a
/// little later, and later the longer there is always something to tell: else many nodes under load
/// would mostly wake each other. What gets lost that way is found by the looks that every wait has
/// as its floor.
///
/// A message is words with spaces between: the sender's node, then `t` and a task, or `f` and an
/// application whose feed grew, or `w` and a word of the store's other parts; `all` for more than
/// fits.
final class Ringer implements AutoCloseable {
  static final String CHANNEL = "carillon";
  static final String ALL = "all";

  private static final Logger LOG = LoggerFactory.getLogger(Ringer.class);
  private static final String NOTIFY =
      "SELECT set_config('synchronous_commit', 'off', true), count(pg_notify('"
          + CHANNEL
          + "', message)) FROM unnest(?::text[]) AS message";

  /// From what was told after a silence to the next message.
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// Between all later ones.
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  /// After this long without a word the next one is told at once.
  private static final long SILENCE_NANOS = 2 * PAUSE_NANOS;

  /// A message holds 8,000 bytes.
  private static final int MOST_WORDS = 180;

  /// More words are told of as all, which has every other node read all that it works on or that
  /// somebody waits for there: far more than what a burst of ends comes to.
  private static final int MOST_WAITING = 10_000;

  private final Bell bell;
  private final Database database;
  private final Node node;
  private final Set<String> words = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean open = true;

  Ringer(Bell bell, Database database, Node node) {
    this.bell = bell;
    this.database = database;
    this.node = node;
    this.thread = Thread.ofVirtual().name("store-ringer").unstarted(this::loop);
  }

  void start() {
    thread.start();
    words.add("hello"); // whoever is alone so far learns that it no longer is
    send();
  }

  /// Rings here, and tells the others.
  void ring(Task task) {
    bell.ring(task);
    tell(task.id());
  }

  /// Rings for what another node told, or what no other can know of yet.
  void ringHere(Task task) {
    bell.ring(task);
  }

  void ringFeed(ApplicationId application) {
    bell.ringFeed(application);
    say("f" + application.value());
  }

  /// Tells the others of a task that listeners here know of.
  void tell(TaskId id) {
    say("t" + id.value());
  }

  /// Says a word of the store's other parts to the others.
  void sayWord(String word) {
    say("w" + word);
  }

  private void say(String word) {
    if (!open || !node.hasCompany()) {
      return;
    }
    if (words.size() < MOST_WAITING) {
      words.add(word);
    } else {
      words.add(ALL);
    }
    LockSupport.unpark(thread);
  }

  private void loop() {
    long pause = FIRST_PAUSE_NANOS;
    long sent = System.nanoTime() - SILENCE_NANOS;
    while (open) {
      if (words.isEmpty()) {
        LockSupport.park(this);
      } else {
        if (System.nanoTime() - sent >= SILENCE_NANOS) {
          pause = FIRST_PAUSE_NANOS;
        } else {
          pauseUntil(sent + pause);
          pause = PAUSE_NANOS;
        }
        send();
        sent = System.nanoTime();
      }
    }
    send();
  }

  /// Whoever says something meanwhile does not end the pause.
  private void pauseUntil(long end) {
    for (long left = end - System.nanoTime(); left > 0 && open; left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }

  private void send() {
    List<String> messages = messages(node.id(), drain());
    if (messages.isEmpty()) {
      return;
    }
    try {
      database.read(session -> session.sql(NOTIFY).putTexts(messages).one(_ -> true));
    } catch (StoreUnavailableException lost) {
      LOG.debug("other nodes could not be told", lost);
    }
  }

  private List<String> drain() {
    var drained = new ArrayList<String>();
    for (String word : List.copyOf(words)) {
      if (words.remove(word)) {
        drained.add(word);
      }
    }
    return drained;
  }

  /// As few messages as these words fit in.
  static List<String> messages(UUID node, List<String> words) {
    if (words.size() > MOST_WAITING || words.contains(ALL)) {
      return List.of(node + " " + ALL);
    }
    var messages = new ArrayList<String>();
    for (int from = 0; from < words.size(); from += MOST_WORDS) {
      List<String> part = words.subList(from, Math.min(words.size(), from + MOST_WORDS));
      messages.add(node + " " + String.join(" ", part));
    }
    return messages;
  }

  /// Ends without a word more, as a process that is killed does.
  void kill() {
    open = false;
    words.clear();
    LockSupport.unpark(thread);
  }

  /// Tells what is still to be told, then ends: a node that stops has ended tasks just before that
  /// others wait for.
  @Override
  public void close() {
    open = false;
    LockSupport.unpark(thread);
    Threads.awaitEnd(thread);
  }
}
