package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void an_owner_with_many_items_delays_another_by_one() throws InterruptedException {
    var turns = new Turns<String, String>(_ -> Turns.Share.EQUAL);
    for (int i = 0; i < 1_000; i++) {
      turns.add("heavy", "", "heavy-" + i);
    }
    turns.add("light", "", "light-0");

    assertThat(List.of(turns.take(), turns.take())).containsExactly("heavy-0", "light-0");
  }

  @Test
  void items_can_be_taken_out_of_their_turn() throws InterruptedException {
    var turns = new Turns<String, Integer>(_ -> Turns.Share.EQUAL);
    for (int i = 0; i < 6; i++) {
      turns.add(i % 2 == 0 ? "even" : "odd", "", i);
    }

    assertThat(turns.takeIf(0, i -> i % 2 == 0 || i == 3)).containsExactlyInAnyOrder(0, 2, 3, 4);
    assertThat(turns.size()).isEqualTo(2);
    assertThat(turns.take()).isEqualTo(1);
  }

  @Test
  void what_is_not_due_is_not_even_looked_at() {
    var turns = new Turns<String, Integer>(_ -> Turns.Share.EQUAL, Integer::longValue);
    for (int i = 100; i < 1_000; i++) {
      turns.add("heavy", "", i);
    }
    var looks = new AtomicInteger();

    assertThat(turns.takeIf(99, i -> looks.incrementAndGet() > 0)).isEmpty();
    assertThat(looks).hasValue(0);
    assertThat(turns.takeIf(101, i -> i <= 101)).containsExactly(100, 101);
    assertThat(turns.takeIf(101, i -> looks.incrementAndGet() > 0)).isEmpty();
    assertThat(looks).hasValue(0);
    turns.add("heavy", "", 50);
    assertThat(turns.takeIf(60, i -> i <= 60)).containsExactly(50);
  }

  @Test
  void items_of_one_owner_keep_their_order() throws InterruptedException {
    var turns = new Turns<String, Integer>(_ -> Turns.Share.EQUAL);
    for (int i = 0; i < 5; i++) {
      turns.add("a", "", i);
    }

    var taken = new ArrayList<Integer>();
    while (turns.size() > 0) {
      taken.add(turns.take());
    }
    assertThat(taken).containsExactly(0, 1, 2, 3, 4);
  }

  private static Turns<String, Integer> turns(Map<String, Turns.Share> shares) {
    return new Turns<>(owner -> shares.getOrDefault(owner, Turns.Share.EQUAL));
  }

  private static void fill(Turns<String, Integer> turns, String owner, int from, int count) {
    for (int i = 0; i < count; i++) {
      turns.add(owner, "", from + i);
    }
  }

  private static List<Integer> take(Turns<String, Integer> turns, int count)
      throws InterruptedException {
    var taken = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      taken.add(turns.take());
    }
    return taken;
  }

  @Test
  void an_owner_that_had_nothing_comes_next_however_many_others_wait() throws InterruptedException {
    var turns = turns(Map.of());
    for (int owner = 0; owner < 1_000; owner++) {
      fill(turns, "heavy-" + owner, 0, 100);
    }
    take(turns, 5_000);

    turns.add("light", "", 7);

    assertThat(turns.take()).isEqualTo(7);
  }

  @Test
  void what_was_taken_in_vain_keeps_its_place() throws InterruptedException {
    var turns = turns(Map.of());
    for (int owner = 0; owner < 10; owner++) {
      fill(turns, "heavy-" + owner, 100 * owner, 100);
    }
    take(turns, 20);
    turns.add("light", "", -1);
    assertThat(turns.take()).isEqualTo(-1);
    int heavy = turns.take();
    turns.take();

    turns.giveBack("heavy-" + heavy / 100, "", heavy, 0);
    turns.giveBack("light", "", -1, 0);
    turns.add("another", "", -2);

    assertThat(take(turns, 3)).containsExactly(-1, -2, heavy);
  }

  @Test
  void what_was_taken_in_vain_brings_no_more_turns_than_it_was() throws InterruptedException {
    var turns = turns(Map.of("three", new Turns.Share(3, 1_000)));
    fill(turns, "three", 0, 1_000);
    fill(turns, "one", 10_000, 1_000);
    take(turns, 100);

    var taken = new ArrayList<Integer>();
    while (taken.size() < 400) {
      int inVain = turns.take();
      int other = turns.take();
      turns.giveBack(inVain < 10_000 ? "three" : "one", "", inVain, -1);
      taken.add(other);
    }

    assertThat(taken.stream().filter(item -> item < 10_000).count()).isBetween(295L, 305L);
  }

  @Test
  void coming_in_small_parts_gains_nothing() throws InterruptedException {
    var turns = turns(Map.of());
    for (int owner = 0; owner < 10; owner++) {
      fill(turns, "steady-" + owner, 0, 1_000);
    }
    int served = 0;
    turns.add("dropper", "", -1);
    for (int start = 0; start < 1_100; start++) {
      if (turns.take() < 0) {
        served++;
        turns.ended("dropper", "");
        turns.add("dropper", "", -1);
      }
    }

    assertThat(served).isBetween(100, 102);
  }

  @Test
  void starts_are_shared_by_weight() throws InterruptedException {
    var turns = turns(Map.of("three", new Turns.Share(3, 1_000)));
    fill(turns, "three", 0, 1_000);
    fill(turns, "one", 10_000, 1_000);

    var taken = take(turns, 400);

    assertThat(taken.stream().filter(item -> item < 10_000)).hasSize(300);
    for (int round = 0; round < 100; round++) {
      assertThat(taken.subList(round * 4, round * 4 + 4).stream().filter(item -> item >= 10_000))
          .hasSize(1);
    }
  }

  @Test
  void an_owner_with_as_many_under_way_as_may_be_is_passed_over_until_one_ends()
      throws InterruptedException {
    var turns = turns(Map.of("held", new Turns.Share(1, 2)));
    fill(turns, "held", 0, 5);
    fill(turns, "free", 10, 5);

    assertThat(take(turns, 7)).containsExactly(0, 10, 1, 11, 12, 13, 14);
    turns.ended("held", "");
    assertThat(turns.take()).isEqualTo(2);
    fill(turns, "free", 15, 1);
    assertThat(turns.take()).isEqualTo(15);
    turns.ended("held", "");
    turns.ended("held", "");
    assertThat(take(turns, 2)).containsExactly(3, 4);
  }

  @Test
  void a_place_that_becomes_free_wakes_who_waits() throws Exception {
    var turns = turns(Map.of("held", new Turns.Share(1, 1)));
    fill(turns, "held", 0, 2);
    turns.take();
    var next = new CompletableFuture<Integer>();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                next.complete(turns.take());
              } catch (InterruptedException stopped) {
                next.completeExceptionally(stopped);
              }
            });
    Await.until(
        "it waits", Duration.ofSeconds(10), () -> waiting.getState() == Thread.State.WAITING);

    turns.ended("held", "");

    assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void a_lane_at_its_limit_is_passed_over_and_the_others_go_on() throws InterruptedException {
    var turns =
        new Turns<String, String>(
            _ -> new Turns.Share(9, 9, lane -> lane.equals("video") ? 1 : Integer.MAX_VALUE));
    turns.add("a", "video", "video-0");
    turns.add("a", "video", "video-1");
    turns.add("a", "image", "image-0");
    turns.add("b", "image", "other-0");

    assertThat(List.of(turns.take(), turns.take(), turns.take()))
        .containsExactly("video-0", "image-0", "other-0");
    assertThat(turns.size()).isEqualTo(1);

    turns.ended("a", "image");
    turns.add("a", "image", "image-1");
    assertThat(turns.take()).isEqualTo("image-1");

    turns.ended("a", "video");
    assertThat(turns.take()).isEqualTo("video-1");
  }
}
