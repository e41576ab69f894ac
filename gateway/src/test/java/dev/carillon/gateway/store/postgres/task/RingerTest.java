package dev.carillon.gateway.store.postgres.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RingerTest {
  private static final int MOST_BYTES = 8_000;

  private final UUID node = new UUID(1, 1);

  @Test
  void what_a_burst_of_ends_comes_to_is_told_in_full() {
    List<String> words = words(10_000);

    List<String> messages = Ringer.messages(node, words);

    assertThat(messages).allMatch(message -> message.length() < MOST_BYTES);
    assertThat(messages).allMatch(message -> message.startsWith(node + " "));
    assertThat(
            messages.stream().flatMap(message -> List.of(message.split(" ", -1)).stream().skip(1)))
        .isEqualTo(words);
  }

  @Test
  void more_is_told_in_one_word() {
    assertThat(Ringer.messages(node, words(10_001))).containsExactly(node + " " + Ringer.ALL);
  }

  @Test
  void one_word_for_all_leaves_out_the_others() {
    assertThat(Ringer.messages(node, List.of("t1", Ringer.ALL, "t2")))
        .containsExactly(node + " " + Ringer.ALL);
  }

  @Test
  void of_nothing_nothing_is_told() {
    assertThat(Ringer.messages(node, List.of())).isEmpty();
  }

  private static List<String> words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "t" + new UUID(2, i)).toList();
  }
}
