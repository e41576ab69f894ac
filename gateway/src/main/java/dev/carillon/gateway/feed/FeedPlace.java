package dev.carillon.gateway.feed;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.store.FeedStore;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads from where a caller wants to read.
final class FeedPlace {
  private static final String NOW = "now";
  private static final Pattern CURSOR = Pattern.compile("\\d{1,18}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final FeedStore store;

  FeedPlace(FeedStore store) {
    this.store = store;
  }

  /// The place a call names by `Last-Event-ID`, `after`, `since` or `consumer`; 0 when it names
  /// none. What a client sends back by itself goes before what its first request said.
  long of(Call call, ApplicationId application, Instant now) {
    Optional<String> last =
        call.header("Last-Event-ID").map(String::strip).filter(text -> !text.isEmpty());
    if (last.isPresent()) {
      return cursor("Last-Event-ID", last.get(), application);
    }
    Optional<String> after = Strict.query(call, "after");
    Optional<String> since = Strict.query(call, "since");
    Optional<String> consumer = Strict.query(call, "consumer");
    if (Stream.of(after, since, consumer).filter(Optional::isPresent).count() > 1) {
      throw Strict.refused("give only one of after, since and consumer");
    }
    if (after.isPresent()) {
      return cursor("after", after.get(), application);
    }
    if (since.isPresent()) {
      return store.feedBefore(application, Strict.timeOrAgo("since", since.get(), now));
    }
    return consumer.flatMap(name -> store.acknowledged(application, name(name))).orElse(0L);
  }

  /// A cursor of this feed. One beyond the end is refused, not waited for: it comes from another
  /// gateway or another time, and its reader would miss all until then.
  long cursor(String name, String text, ApplicationId application) {
    if (text.equals(NOW)) {
      return store.feedEnd(application);
    }
    if (!CURSOR.matcher(text).matches()) {
      throw Strict.refused(name + " must be a cursor that this feed gave out, or now");
    }
    long place = Long.parseLong(text);
    if (place > store.feedEnd(application)) {
      throw Strict.refused(
          name + " lies beyond the end of this feed; give a cursor that this gateway gave out");
    }
    return place;
  }

  /// A consumer's name.
  static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw Strict.refused(
          "a consumer's name must have 1 to 100 letters, digits, dots, dashes or underscores");
    }
    return text;
  }
}
