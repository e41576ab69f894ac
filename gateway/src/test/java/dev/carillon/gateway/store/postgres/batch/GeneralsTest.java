package dev.carillon.gateway.store.postgres.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.account.ApplicationId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Which accounts are foreseen.
final class GeneralsTest {
  private static final ApplicationId ONE = new ApplicationId(new UUID(1, 1));
  private static final ApplicationId OTHER = new ApplicationId(new UUID(1, 2));

  private final Generals generals = new Generals();

  @Test
  void who_drew_on_its_account_is_expected_to_draw_again() {
    generals.learn(ONE, true);
    generals.learn(OTHER, false);

    assertThat(generals.isLikely(ONE)).isTrue();
    assertThat(generals.isLikely(OTHER)).isFalse();
  }

  @Test
  void once_without_is_not_enough_to_be_forgotten_and_twenty_times_are() {
    generals.learn(ONE, true);
    for (int i = 0; i < 19; i++) {
      generals.learn(ONE, false);
    }
    assertThat(generals.isLikely(ONE)).isTrue();

    generals.learn(ONE, true);
    for (int i = 0; i < 20; i++) {
      assertThat(generals.isLikely(ONE)).isTrue();
      generals.learn(ONE, false);
    }
    assertThat(generals.isLikely(ONE)).isFalse();
  }

  @Test
  void only_so_many_are_remembered() {
    for (int i = 0; i <= 100_000; i++) {
      generals.learn(new ApplicationId(new UUID(2, i)), true);
    }

    assertThat(generals.isLikely(new ApplicationId(new UUID(2, 0)))).isFalse();
  }
}
