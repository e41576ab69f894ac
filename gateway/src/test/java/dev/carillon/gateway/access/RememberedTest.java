package dev.carillon.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is remembered of a token, and that its uses are noted.
final class RememberedTest extends AccessStand {
  @Test
  void a_use_is_noted_about_once_a_second() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    query();
    query();
    query();
    clock.advance(Duration.ofMillis(1_001));
    query();
    uses.flush();
    uses.flush();

    assertThat(written).singleElement().isEqualTo(Set.of(clock.instant()));
    assertThat(lookups).hasValue(2);
  }

  @Test
  void what_was_looked_up_while_all_was_forgotten_is_not_remembered() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    duringLookup.set(access::forget);
    query();
    duringLookup.set(() -> {});
    stored.clear();

    assertThat(query().statusCode()).isEqualTo(401);
  }

  @Test
  void what_belongs_to_a_token_is_remembered_for_a_second() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    query();
    query();
    assertThat(lookups).hasValue(1);

    clock.advance(Duration.ofMillis(1_001));
    query();
    assertThat(lookups).hasValue(2);

    stored.clear();
    access.forget();
    assertThat(query().statusCode()).isEqualTo(401);
    query();
    assertThat(lookups).hasValue(3);
  }
}
