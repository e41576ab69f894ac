package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void an_owner_with_many_items_delays_another_by_one() throws InterruptedException {
    var turns = new Turns<String, String>();
    for (int i = 0; i < 1_000; i++) {
      turns.add("heavy", "heavy-" + i);
    }
    turns.add("light", "light-0");

    assertThat(List.of(turns.take(), turns.take())).containsExactly("heavy-0", "light-0");
  }

  @Test
  void items_can_be_taken_out_of_their_turn() throws InterruptedException {
    var turns = new Turns<String, Integer>();
    for (int i = 0; i < 6; i++) {
      turns.add(i % 2 == 0 ? "even" : "odd", i);
    }

    assertThat(turns.takeIf(i -> i % 2 == 0 || i == 3)).containsExactlyInAnyOrder(0, 2, 3, 4);
    assertThat(turns.size()).isEqualTo(2);
    assertThat(turns.take()).isEqualTo(1);
  }

  @Test
  void items_of_one_owner_keep_their_order() throws InterruptedException {
    var turns = new Turns<String, Integer>();
    for (int i = 0; i < 5; i++) {
      turns.add("a", i);
    }

    var taken = new ArrayList<Integer>();
    while (turns.size() > 0) {
      taken.add(turns.take());
    }
    assertThat(taken).containsExactly(0, 1, 2, 3, 4);
  }
}
