package dev.carillon.gateway.feed;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EventBody;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.store.FeedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A piece of an application's feed, as bytes. It ends at its limit, when it is large, or when much
/// was passed over that nobody asked for, whichever comes first.
///
/// @param next the place to go on from, also when there are no entries
/// @param more whether more may stand there already
record FeedPage(List<Entry> entries, long next, boolean more) {
  private static final int AT_ONCE = 20;
  private static final int MOST_BYTES = 4 << 20;
  private static final int MOST_LOOKED_AT = 2_000;

  /// One item.
  ///
  /// @param body the bytes that receivers get
  @SuppressWarnings("ArrayRecordComponent") // from the encoder to the socket untouched
  record Entry(long position, EventType type, byte[] body) {}

  /// Which part of which feed.
  ///
  /// @param types only these; empty for all
  record Query(ApplicationId application, Set<EventType> types, int limit) {}

  static FeedPage read(FeedStore store, Query query, long after) {
    List<Entry> entries = new ArrayList<>();
    long next = after;
    int bytes = 0;
    for (int looked = 0; looked < MOST_LOOKED_AT; looked += AT_ONCE) {
      List<FeedItem> found = store.feed(query.application(), next, AT_ONCE);
      for (FeedItem item : found) {
        if (entries.size() == query.limit() || bytes >= MOST_BYTES) {
          return new FeedPage(entries, next, true);
        }
        next = item.position();
        if (query.types().isEmpty() || query.types().contains(type(item))) {
          Entry entry = new Entry(item.position(), type(item), EventBody.of(item));
          entries.add(entry);
          bytes += entry.body().length;
        }
      }
      if (found.size() < AT_ONCE) {
        return new FeedPage(entries, next, false);
      }
    }
    return new FeedPage(entries, next, true);
  }

  private static EventType type(FeedItem item) {
    return switch (item) {
      case FeedItem.OfTask(var event, _) -> event.type();
      case FeedItem.OfEndpoint endpoint -> endpoint.type();
    };
  }
}
