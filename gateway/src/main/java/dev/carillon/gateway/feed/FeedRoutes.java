package dev.carillon.gateway.feed;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.EventType;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.feed.FeedPage.Entry;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.Sse;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.store.FeedStore;
import dev.carillon.gateway.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `GET /v1/events`: everything an application's endpoints could hear of, in one order, by page, by
/// long poll or as a stream. Reading changes nothing; a reader says itself from where, or
/// acknowledges under a consumer's name.
public final class FeedRoutes {
  private static final int USUAL_LIMIT = 100;
  private static final int MOST_LIMIT = 1_000;
  private static final Duration MOST_WAIT = Duration.ofDays(1);
  private static final Duration FULL_PAUSE = Duration.ofSeconds(2);
  private static final List<EventType> TYPES =
      Stream.of(EventType.values()).filter(type -> type != EventType.TASK_ACCEPTED).toList();

  private final FeedConfig config;
  private final Access access;
  private final FeedStore store;
  private final Waiting waiting;
  private final InstantSource clock;
  private final FeedPlace places;

  public FeedRoutes(
      FeedConfig config, Access access, Store store, Waiting waiting, InstantSource clock) {
    this.config = config;
    this.access = access;
    this.store = store.feed();
    this.waiting = waiting;
    this.clock = clock;
    this.places = new FeedPlace(this.store);
  }

  /// Adds the routes of the feed and its consumers.
  public Routes addTo(Routes routes) {
    return new ConsumerRoutes(access, store, places).addTo(routes.get("/events", this::events));
  }

  private Reply events(Call call) throws InterruptedException {
    Queries.only(call, "after", "since", "consumer", "wait", "limit", "types");
    ApplicationId application = access.admitToAll(call, Kind.QUERY).application();
    var query =
        new FeedPage.Query(application, types(call), Strict.limit(call, USUAL_LIMIT, MOST_LIMIT));
    long after = places.of(call, application, clock.instant());
    if (call.header("Accept").filter(accept -> accept.contains(Sse.CONTENT_TYPE)).isPresent()) {
      return stream(query, after);
    }
    return Reply.json(json(page(query, after, wait(call)))).withHeader("Cache-Control", "no-store");
  }

  private static Set<EventType> types(Call call) {
    return Strict.query(call, "types").stream()
        .flatMap(text -> Stream.of(text.split(",")))
        .map(word -> Strict.oneOf("each of types", word.strip(), TYPES, EventType::wire))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Duration wait(Call call) {
    Duration asked =
        Strict.query(call, "wait")
            .map(text -> Strict.span("wait", text, MOST_WAIT))
            .orElse(Duration.ZERO);
    return asked.compareTo(config.longestWait()) < 0 ? asked : config.longestWait();
  }

  /// What stands after a place, or, after a wait, what came. Where no place to wait is free the
  /// answer comes at once.
  private FeedPage page(FeedPage.Query query, long after, Duration wait)
      throws InterruptedException {
    Optional<Waiting.Place> held = wait.isZero() ? Optional.empty() : waiting.place();
    if (held.isEmpty()) {
      return FeedPage.read(store, query, after);
    }
    long end = System.nanoTime() + wait.toNanos();
    try (Waiting.Place _ = held.get();
        FeedWatch watch = waiting.watchFeed(query.application())) {
      FeedPage page = FeedPage.read(store, query, after);
      while (page.entries().isEmpty() && System.nanoTime() < end && !waiting.closing()) {
        if (!page.more()) {
          watch.await(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        page = FeedPage.read(store, query, page.next());
      }
      return page;
    }
  }

  /// The events stand in the answer byte for byte as receivers get them.
  private static byte[] json(FeedPage page) {
    var bytes = new ByteArrayOutputStream();
    String between = "";
    put(bytes, "{\"items\":[");
    for (Entry entry : page.entries()) {
      put(bytes, between + "{\"cursor\":\"" + entry.position() + "\",\"event\":");
      bytes.writeBytes(entry.body());
      put(bytes, "}");
      between = ",";
    }
    put(bytes, "],\"next\":\"" + page.next() + "\",\"more\":" + page.more() + "}");
    return bytes.toByteArray();
  }

  private static void put(ByteArrayOutputStream bytes, String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private Reply stream(FeedPage.Query query, long after) {
    if (waiting.full()) {
      throw new Problem(ErrorCode.UNAVAILABLE, "Too many requests wait, please try again.")
          .retryAfter(FULL_PAUSE);
    }
    var stream = new FeedStream(store, waiting, config.longestStream());
    return Sse.stream(sink -> {
      try (Waiting.Place _ = place()) {
        stream.write(query, after, sink);
      }
    });
  }

  private Waiting.Place place() throws IOException {
    return waiting.place().orElseThrow(() -> new IOException("too many requests wait"));
  }
}
