package dev.carillon.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
  private Instant now = Instant.parse("2026-11-23T10:00:00Z");
  private final Ids ids = new Ids(() -> now, new SplittableRandom(1));

  @Test
  void ids_are_version_7_and_carry_their_time() {
    UUID id = ids.next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(Ids.millisOf(id)).isEqualTo(now.toEpochMilli());
  }

  @Test
  void ids_grow_within_a_millisecond_and_when_the_clock_steps_back() {
    String last = ids.next().toString();
    for (int i = 0; i < 10_000; i++) {
      if (i == 5_000) {
        now = now.minusSeconds(10);
      }
      String next = ids.next().toString();
      assertThat(next).isGreaterThan(last);
      last = next;
    }
  }

  @Test
  void the_floor_of_a_millisecond_is_below_its_ids() {
    UUID floor = Ids.floorOf(now.toEpochMilli());

    assertThat(floor.toString()).isLessThanOrEqualTo(ids.next().toString());
    assertThat(Ids.floorOf(now.toEpochMilli() + 1).toString()).isGreaterThan(ids.next().toString());
  }

  @Test
  void a_task_id_is_read_with_and_without_dashes_and_nothing_else_is() {
    UUID id = ids.next();

    assertThat(TaskId.parse(id.toString())).contains(new TaskId(id));
    assertThat(TaskId.parse(id.toString().replace("-", "").toUpperCase(Locale.ROOT)))
        .contains(new TaskId(id));
    assertThat(TaskId.parse("1-1-1-1-1")).isEmpty();
    assertThat(TaskId.parse("")).isEmpty();
    assertThat(TaskId.parse("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz")).isEmpty();
    assertThat(TaskId.parse("x".repeat(100_000))).isEmpty();
  }
}
