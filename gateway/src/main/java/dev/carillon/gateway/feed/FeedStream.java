package dev.carillon.gateway.feed;

import dev.carillon.gateway.feed.FeedPage.Entry;
import dev.carillon.gateway.http.Sse;
import dev.carillon.gateway.http.StreamSink;
import dev.carillon.gateway.store.FeedStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One reader's stream of an application's feed, as server-sent events: the id is the cursor, the
/// name the event's type, the data the bytes of the webhook.
///
/// Once all that stands there was sent, and while nothing comes, heartbeats are sent. They too
/// carry the cursor, so a reader that asked for few types does not come back to where the last of
/// those stood.
final class FeedStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final FeedStore store;
  private final Waiting waiting;
  private final Duration longest;

  FeedStream(FeedStore store, Waiting waiting, Duration longest) {
    this.store = store;
    this.waiting = waiting;
    this.longest = longest;
  }

  /// Writes what stands after a place and what comes, until the stream grew too old.
  ///
  /// @throws IOException when the reader is gone
  void write(FeedPage.Query query, long after, StreamSink sink)
      throws IOException, InterruptedException {
    sink.send(Sse.retry(COME_BACK));
    long end = System.nanoTime() + longest.toNanos();
    long beatAt = System.nanoTime() - HEARTBEAT.toNanos();
    long place = after;
    try (FeedWatch watch = waiting.watchFeed(query.application())) {
      while (System.nanoTime() < end && !waiting.closing()) {
        FeedPage page = FeedPage.read(store, query, place);
        place = page.next();
        if (!page.entries().isEmpty()) {
          sink.send(events(page));
        }
        if (!page.more()) {
          beatAt = beat(place, beatAt, sink);
          watch.await(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
      }
    }
  }

  /// Sends a heartbeat when it is time.
  ///
  /// @return when the last one was sent
  private static long beat(long place, long beatAt, StreamSink sink) throws IOException {
    if (System.nanoTime() - beatAt < HEARTBEAT.toNanos()) {
      return beatAt;
    }
    sink.send(": nothing more yet\nid: " + place + "\n\n");
    return System.nanoTime();
  }

  private static String events(FeedPage page) {
    var text = new StringBuilder();
    for (Entry entry : page.entries()) {
      text.append(
          Sse.event(
              String.valueOf(entry.position()),
              entry.type().wire(),
              new String(entry.body(), StandardCharsets.UTF_8)));
    }
    return text.toString();
  }
}
