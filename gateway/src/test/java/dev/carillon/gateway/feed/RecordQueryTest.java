package dev.carillon.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class RecordQueryTest {
  private static RecordQuery batch(String field, double seconds) {
    ObjectNode body = JsonMapper.shared().createObjectNode().put("action", "retrieve_batch");
    return RecordQuery.of(body.put(field, seconds), 12);
  }

  @Test
  void a_time_far_ahead_is_still_a_bound() {
    Instant thousandYearsOn = Instant.parse("3026-01-01T00:00:00Z");

    for (double seconds : new double[] {1.8e12, 1e300}) {
      assertThat(batch("created_at_min", seconds).createdMin().orElseThrow())
          .isAfter(thousandYearsOn);
      assertThat(batch("created_at_max", seconds).createdMax().orElseThrow())
          .isAfter(thousandYearsOn);
    }
  }

  @Test
  void zero_and_negative_times_count_as_not_said() {
    assertThat(batch("created_at_min", 0).createdMin()).isEmpty();
    assertThat(batch("created_at_max", -1).createdMax()).isEmpty();
  }
}
