package dev.carillon.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.webhook.Inbox.Claim;
import dev.carillon.client.webhook.Inbox.Put;
import dev.carillon.client.webhook.Inbox.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What every inbox promises.
abstract class InboxLaws {
  static final int CAPACITY = 50;
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  static final Duration LEASE = Duration.ofMinutes(1);

  /// An empty inbox with room for [#CAPACITY] open events.
  abstract Inbox inbox();

  static InboxEvent event(String id) {
    byte[] body = ("{\"id\":\"" + id + "\",\"ü\":\"\0\"}").getBytes(StandardCharsets.UTF_8);
    return new InboxEvent(id, Optional.of("task.succeeded"), body);
  }

  private static Claim claim(Inbox inbox, Instant now) {
    return inbox.claim(now, now.plus(LEASE)).orElseThrow();
  }

  @Test
  void an_event_goes_in_once_and_comes_out_as_it_was() {
    Inbox inbox = inbox();

    assertThat(inbox.put(event("a"), NOON)).isEqualTo(Put.TAKEN);
    assertThat(inbox.put(event("a"), NOON)).isEqualTo(Put.KNOWN);

    Claim claim = claim(inbox, NOON);
    assertThat(claim.attempt()).isEqualTo(1);
    assertThat(claim.event().id()).isEqualTo("a");
    assertThat(claim.event().type()).contains("task.succeeded");
    assertThat(claim.event().body()).isEqualTo(event("a").body());
    assertThat(inbox.claim(NOON, NOON.plus(LEASE))).isEmpty();
  }

  @Test
  void a_type_may_be_missing() {
    Inbox inbox = inbox();

    inbox.put(new InboxEvent("a", Optional.empty(), new byte[] {0, -1}), NOON);

    assertThat(claim(inbox, NOON).event().type()).isEmpty();
  }

  @Test
  void what_is_done_is_never_given_out_again_and_its_id_stays_known() {
    Inbox inbox = inbox();
    inbox.put(event("a"), NOON);

    assertThat(inbox.done(claim(inbox, NOON), NOON)).isTrue();

    assertThat(inbox.put(event("a"), NOON)).isEqualTo(Put.KNOWN);
    assertThat(inbox.claim(NOON.plus(Duration.ofDays(9)), NOON.plus(Duration.ofDays(10))))
        .isEmpty();
    assertThat(inbox.find("a").orElseThrow().state()).isEqualTo(State.DONE);
    assertThat(inbox.open()).isZero();
  }

  @Test
  void the_oldest_is_given_out_first() {
    Inbox inbox = inbox();
    inbox.put(event("late"), NOON.plusMillis(2));
    inbox.put(event("early"), NOON.plusMillis(1));

    Instant later = NOON.plusSeconds(1);
    assertThat(claim(inbox, later).event().id()).isEqualTo("early");
    assertThat(claim(inbox, later).event().id()).isEqualTo("late");
  }

  @Test
  void what_a_dead_runner_held_is_given_out_when_its_lease_ends() {
    Inbox inbox = inbox();
    inbox.put(event("a"), NOON);
    Claim dead = claim(inbox, NOON);

    Instant justBefore = NOON.plus(LEASE).minusMillis(1);
    assertThat(inbox.claim(justBefore, justBefore.plus(LEASE))).isEmpty();
    Claim next = claim(inbox, NOON.plus(LEASE));

    assertThat(next.attempt()).isEqualTo(2);
    assertThat(inbox.done(dead, NOON)).isFalse();
    assertThat(inbox.failed(dead, NOON, Optional.empty(), "late")).isFalse();
    assertThat(inbox.extend(dead, NOON.plus(Duration.ofDays(1)))).isFalse();
    assertThat(inbox.find("a").orElseThrow().state()).isEqualTo(State.RUNNING);
    assertThat(inbox.done(next, NOON)).isTrue();
  }

  @Test
  void an_extended_lease_lasts_longer() {
    Inbox inbox = inbox();
    inbox.put(event("a"), NOON);
    Claim claim = claim(inbox, NOON);

    assertThat(inbox.extend(claim, NOON.plus(LEASE.multipliedBy(2)))).isTrue();

    Instant end = NOON.plus(LEASE);
    assertThat(inbox.claim(end, end.plus(LEASE))).isEmpty();
    assertThat(claim(inbox, NOON.plus(LEASE.multipliedBy(2))).attempt()).isEqualTo(2);
  }

  @Test
  void what_failed_comes_again_when_it_is_time() {
    Inbox inbox = inbox();
    inbox.put(event("a"), NOON);

    Instant again = NOON.plusSeconds(10);
    assertThat(inbox.failed(claim(inbox, NOON), NOON, Optional.of(again), "no\0pe")).isTrue();

    var standing = inbox.find("a").orElseThrow();
    assertThat(standing.state()).isEqualTo(State.FAILED);
    assertThat(standing.dueAt()).contains(again);
    assertThat(standing.error().orElseThrow()).startsWith("no").endsWith("pe");
    assertThat(inbox.claim(again.minusMillis(1), again.plus(LEASE))).isEmpty();
    assertThat(claim(inbox, again).attempt()).isEqualTo(2);
  }

  @Test
  void what_is_given_up_stays_known_and_is_not_open() {
    Inbox inbox = inbox();
    inbox.put(event("a"), NOON);

    inbox.failed(claim(inbox, NOON), NOON, Optional.empty(), "x".repeat(10_000));

    assertThat(inbox.find("a").orElseThrow().dueAt()).isEmpty();
    assertThat(inbox.put(event("a"), NOON)).isEqualTo(Put.KNOWN);
    assertThat(inbox.open()).isZero();
    Instant never = NOON.plus(Duration.ofDays(1_000));
    assertThat(inbox.claim(never, never.plus(LEASE))).isEmpty();
  }

  @Test
  void a_full_inbox_refuses_new_events_and_still_knows_old_ones() {
    Inbox inbox = inbox();
    for (int i = 0; i < CAPACITY; i++) {
      assertThat(inbox.put(event("e" + i), NOON)).isEqualTo(Put.TAKEN);
    }

    assertThat(inbox.put(event("more"), NOON)).isEqualTo(Put.FULL);
    assertThat(inbox.put(event("e7"), NOON)).isEqualTo(Put.KNOWN);
    assertThat(inbox.find("more")).isEmpty();
    assertThat(inbox.open()).isEqualTo(CAPACITY);

    inbox.done(claim(inbox, NOON), NOON);
    assertThat(inbox.put(event("more"), NOON.plusSeconds(30))).isEqualTo(Put.TAKEN);
  }

  @Test
  void purging_forgets_only_what_was_closed_before() {
    Inbox inbox = inbox();
    inbox.put(event("old"), NOON);
    inbox.done(claim(inbox, NOON), NOON);
    inbox.put(event("given up"), NOON);
    inbox.failed(claim(inbox, NOON), NOON, Optional.empty(), "no");
    inbox.put(event("new"), NOON);
    inbox.done(claim(inbox, NOON), NOON.plusSeconds(1));
    inbox.put(event("open"), NOON);

    assertThat(inbox.purge(NOON.plusSeconds(1))).isEqualTo(2);

    assertThat(inbox.find("old")).isEmpty();
    assertThat(inbox.find("given up")).isEmpty();
    assertThat(inbox.find("new")).isPresent();
    assertThat(inbox.find("open")).isPresent();
  }

  @Test
  void a_cursor_is_remembered_by_feed() {
    Inbox inbox = inbox();

    assertThat(inbox.cursor("orders")).isEmpty();
    inbox.moveCursor("orders", "17");
    inbox.moveCursor("orders", "42");
    inbox.moveCursor("others", "1");

    assertThat(inbox.cursor("orders")).contains("42");
    assertThat(inbox.cursor("others")).contains("1");
  }

  @Test
  void of_many_at_once_one_puts_and_one_claims_each_event() {
    Inbox inbox = inbox();
    Set<String> taken = ConcurrentHashMap.newKeySet();
    List<String> claimed = java.util.Collections.synchronizedList(new ArrayList<>());

    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        threads.execute(() -> {
          for (int i = 0; i < 20; i++) {
            if (inbox.put(event("e" + i), NOON) == Put.TAKEN) {
              assertThat(taken.add("e" + i)).isTrue();
            }
          }
          Optional<Claim> claim = inbox.claim(NOON, NOON.plus(LEASE));
          while (claim.isPresent()) {
            claimed.add(claim.get().event().id());
            claim = inbox.claim(NOON, NOON.plus(LEASE));
          }
        });
      }
    }
    // Whoever lost every race above may have left some behind.
    inbox.claim(NOON, NOON.plus(LEASE)).ifPresent(claim -> claimed.add(claim.event().id()));

    assertThat(taken).hasSize(20);
    assertThat(claimed).doesNotHaveDuplicates();
  }
}
