package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Deadlines<String, Instant> deadlines = new Deadlines<>();

  @Test
  void what_is_due_is_taken_out_once_the_earliest_first() {
    deadlines.put("late", NOON.plusSeconds(2));
    deadlines.put("early", NOON.plusSeconds(1));
    deadlines.put("same", NOON.plusSeconds(1));
    deadlines.put("later", NOON.plusSeconds(3));

    assertThat(deadlines.due(NOON)).isEmpty();
    assertThat(deadlines.due(NOON.plusSeconds(2))).containsExactly("early", "same", "late");
    assertThat(deadlines.due(NOON.plusSeconds(2))).isEmpty();
    assertThat(deadlines.size()).isEqualTo(1);
  }

  @Test
  void the_last_moment_set_counts_and_what_is_removed_leaves_nothing_behind() {
    deadlines.put("moved", NOON);
    deadlines.put("moved", NOON.plusSeconds(9));
    deadlines.put("gone", NOON);
    deadlines.remove("gone");

    assertThat(deadlines.due(NOON.plusSeconds(8))).isEmpty();
    assertThat(deadlines.due(NOON.plusSeconds(9))).containsExactly("moved");
    assertThat(deadlines.size()).isZero();
  }
}
