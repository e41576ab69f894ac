package dev.carillon.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hears how tasks end from the gateway's feed of events: one held request for all that are
/// watched. Whoever watches asks by itself where the server has no such feed, the token may not
/// read it, it is away, or it tells mostly of tasks that nobody here waits for. The thread ends
/// soon after nothing is watched any more. Safe for many threads.
final class EndsFeed {
  private static final Duration HELD = Duration.ofSeconds(45);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// Between two requests, so that very many ends do not cost as many requests.
  private static final Duration GATHERED = Duration.ofMillis(40);

  private static final Duration REST_FROM_STRANGERS = Duration.ofMinutes(5);
  private static final int MOST_STRANGERS = 5_000;
  private static final int STRANGERS_A_KNOWN = 20;
  private static final String WHAT =
      "&limit=200&types=task.succeeded,task.failed,task.cancelled,task.expired";

  private final Sender sender;
  private final Watching watching;
  private @Nullable Thread thread; // guarded by this
  private volatile boolean absent;
  private volatile boolean live;
  private volatile long since; // of the nano clock; while live, what ends later is told
  private Optional<String> cursor = Optional.empty(); // of the feed's thread, as the next
  private int strangers;

  /// Those who wait.
  interface Watching {
    /// Whether anybody does.
    boolean any();

    /// Tasks have ended so.
    ///
    /// @return how many of them somebody waited for
    int ended(List<TaskResult> results);
  }

  /// @param absent whether the server is known to have no feed
  EndsFeed(Sender sender, Watching watching, boolean absent) {
    this.sender = sender;
    this.watching = watching;
    this.absent = absent;
  }

  /// Begins to listen, unless it does already. Not to be called with a lock that [Watching] takes.
  synchronized void start() {
    if (thread == null && !absent) {
      thread = new Thread(this::listen, "carillon-feed");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /// Whether the end of a task that a look found open will be told.
  ///
  /// @param sent when that look was sent, by the nano clock
  boolean covers(long sent) {
    return live && sent - since >= 0;
  }

  private void listen() {
    Duration pause = FIRST_PAUSE;
    cursor = Optional.empty();
    try {
      while (goesOn()) {
        try {
          if (cursor.isPresent()) {
            hear(cursor.get());
          } else {
            begin();
          }
          pause = FIRST_PAUSE;
        } catch (TransportException | ServiceException.Limited | ServiceException.Unavailable e) {
          rest(pause);
          Duration twice = pause.multipliedBy(2);
          pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
      }
    } catch (CarillonException noFeed) {
      absent = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stop();
    }
  }

  private synchronized boolean goesOn() {
    if (!watching.any()) {
      stop();
    }
    return thread == Thread.currentThread();
  }

  private synchronized void stop() {
    if (thread == Thread.currentThread()) {
      live = false;
      thread = null;
    }
  }

  private void rest(Duration pause) throws InterruptedException {
    live = false;
    TimeUnit.MILLISECONDS.sleep(pause.toMillis());
  }

  private void begin() throws InterruptedException {
    FeedPage page = read("now", Duration.ZERO);
    cursor = page.next();
    if (cursor.isEmpty()) {
      throw new AnswerException("the feed names no place");
    }
    since = System.nanoTime();
    live = true;
  }

  private void hear(String place) throws InterruptedException {
    long asked = System.nanoTime();
    FeedPage page;
    try {
      page = read(place, HELD);
    } catch (ServiceException.BadRequest unknownPlace) {
      live = false;
      cursor = Optional.empty(); // another gateway answers at this address now
      return;
    }
    cursor = page.next().or(() -> Optional.of(place));
    if (page.items().isEmpty() && System.nanoTime() - asked < FIRST_PAUSE.toNanos()) {
      rest(FIRST_PAUSE); // it does not hold this request
      return;
    }
    live = true;
    List<TaskResult> ends =
        page.items().stream().flatMap(item -> CallbackResult.of(item.event()).stream()).toList();
    count(ends.size(), watching.ended(ends));
    if (!page.more()) {
      TimeUnit.MILLISECONDS.sleep(GATHERED.toMillis());
    }
  }

  private void count(int told, int known) throws InterruptedException {
    strangers = Math.max(0, strangers + told - known - STRANGERS_A_KNOWN * known);
    if (strangers > MOST_STRANGERS) {
      strangers = 0;
      cursor = Optional.empty();
      rest(REST_FROM_STRANGERS);
    }
  }

  private FeedPage read(String after, Duration wait) throws InterruptedException {
    String place = URLEncoder.encode(after, StandardCharsets.UTF_8).replace("+", "%20");
    String path = "/v1/events?after=" + place + "&wait=" + wait.toSeconds() + "s" + WHAT;
    return FeedPage.of(sender.send(Call.get(path).within(wait.plus(ANSWER))).orThrow().body());
  }
}
