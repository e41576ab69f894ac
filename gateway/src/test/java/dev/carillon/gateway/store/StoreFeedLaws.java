package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The laws of an application's feed of events.
abstract class StoreFeedLaws extends StoreLaws {

  @Test
  void events_stand_in_the_feed_in_the_order_of_their_commits_page_by_page() {
    var ended = new ArrayList<Task>();
    for (int i = 0; i < 7; i++) {
      ended.add(end());
    }

    List<FeedItem> first = store.feed().feed(app, 0, 4);
    List<FeedItem> second = store.feed().feed(app, first.getLast().position(), 4);

    assertThat(first).hasSize(4);
    assertThat(tasks(first, second)).isEqualTo(ended);
    assertThat(store.feed().feed(app, second.getLast().position(), 4)).isEmpty();
  }

  @Test
  void a_feed_has_nothing_of_another_application() {
    end();

    assertThat(store.feed().feed(new ApplicationId(ids.next()), 0, 10)).isEmpty();
  }

  @Test
  void what_comes_after_the_end_of_the_feed_is_all_that_comes_later() {
    end();
    long end = store.feed().feedEnd(app);
    assertThat(store.feed().feed(app, end, 10)).isEmpty();
    crash();
    long after = store.feed().feedEnd(app);
    Task later = end();

    assertThat(tasks(store.feed().feed(app, end, 10))).containsExactly(later);
    assertThat(tasks(store.feed().feed(app, after, 10))).containsExactly(later);
  }

  @Test
  void the_feed_can_be_entered_at_a_time() {
    var ended = new ArrayList<Task>();
    for (int i = 0; i < 100; i++) {
      ended.add(end());
      clock.move(Duration.ofMinutes(7));
    }
    Instant time = START.plus(Duration.ofMinutes(7 * 60));

    long place = store.feed().feedBefore(app, time);

    assertThat(tasks(store.feed().feed(app, place, 1_000))).isEqualTo(ended.subList(60, 100));
    assertThat(tasks(store.feed().feed(app, store.feed().feedBefore(app, START), 1_000)))
        .isEqualTo(ended);
    assertThat(store.feed().feed(app, store.feed().feedBefore(app, clock.instant()), 10)).isEmpty();
    assertThat(store.feed().feedBefore(new ApplicationId(ids.next()), START)).isZero();
  }

  @Test
  void the_bell_of_the_feed_rings_after_the_commit() {
    var seen = new AtomicInteger();
    try (var _ =
        store.bell().listenToFeed(app, () -> seen.set(store.feed().feed(app, 0, 10).size()))) {
      end();
      assertThat(seen).hasValue(1);
    }
    end();
    assertThat(seen).hasValue(1);
  }

  @Test
  void a_consumer_goes_on_from_where_it_said_it_was() {
    end();
    long place = store.feed().feed(app, 0, 1).getFirst().position();
    assertThat(store.feed().acknowledged(app, "billing")).isEmpty();
    assertThat(store.feed().acknowledge(app, "billing", place, 2)).isTrue();
    assertThat(store.feed().acknowledge(app, "audit", 0, 2)).isTrue();

    crash();

    assertThat(store.feed().acknowledged(app, "billing")).contains(place);
    assertThat(store.feed().acknowledge(app, "third", 1, 2)).isFalse();
    assertThat(store.feed().acknowledge(app, "billing", 0, 2)).isTrue();
    assertThat(store.feed().consumers(app))
        .extracting(FeedStore.Consumer::name, FeedStore.Consumer::position)
        .containsExactly(tuple("audit", 0L), tuple("billing", 0L));
    assertThat(store.feed().forgetConsumer(app, "billing")).isTrue();
    assertThat(store.feed().forgetConsumer(app, "billing")).isFalse();
    assertThat(store.feed().acknowledged(app, "billing")).isEqualTo(Optional.empty());
  }

  @Test
  void a_purged_task_leaves_the_feed() {
    end();
    dispatches()
        .forEach(one -> store.deliveries().recordAttempt(one, receipt(new Next.Delivered())));
    clock.move(Duration.ofHours(1));
    assertThat(store.tasks().purge(clock.instant(), 10)).isEqualTo(1);

    assertThat(store.feed().feed(app, 0, 10)).isEmpty();
  }

  @SafeVarargs
  private static List<Task> tasks(List<FeedItem>... pages) {
    var tasks = new ArrayList<Task>();
    for (List<FeedItem> page : pages) {
      for (FeedItem item : page) {
        if (item instanceof FeedItem.OfTask(var event, var task)
            && event.type() == EventType.TASK_SUCCEEDED) {
          tasks.add(task);
        }
      }
    }
    return tasks;
  }
}
