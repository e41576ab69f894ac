package dev.carillon.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import java.time.Instant;
import java.util.UUID;
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
  void a_batch_may_be_filtered_by_application_and_user() {
    var account = new AccountId(new UUID(0x7000, 1));
    var application = new ApplicationId(new UUID(0x7000, 2));
    var caller = new Owner(account, application, new CredentialId(new UUID(0x7000, 3)));

    assertThat(filtered("application_id", application.toString()).isAbout(caller)).isTrue();
    assertThat(filtered("application_id", account.toString()).isAbout(caller)).isFalse();
    assertThat(filtered("user_id", account.toString()).isAbout(caller)).isTrue();
    assertThat(filtered("user_id", application.toString()).isAbout(caller)).isFalse();
    assertThat(filtered("user_id", "").isAbout(caller)).isTrue();
  }

  private static RecordQuery filtered(String field, String value) {
    ObjectNode body = JsonMapper.shared().createObjectNode().put("action", "retrieve_batch");
    return RecordQuery.of(body.put(field, value), 12);
  }

  @Test
  void zero_and_negative_times_count_as_not_said() {
    assertThat(batch("created_at_min", 0).createdMin()).isEmpty();
    assertThat(batch("created_at_max", -1).createdMax()).isEmpty();
  }
}
