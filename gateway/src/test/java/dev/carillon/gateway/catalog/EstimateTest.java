package dev.carillon.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EstimateTest {
  @Test
  void something_faster_is_expected_sooner() {
    var usual = new Estimate(Duration.ofSeconds(90), Duration.ofSeconds(180));

    assertThat(usual.faster(20))
        .isEqualTo(new Estimate(Duration.ofMillis(4500), Duration.ofSeconds(9)));
    assertThat(usual.faster(0.5).high()).isEqualTo(Duration.ofMinutes(6));
    assertThat(usual.faster(1e9)).isEqualTo(new Estimate(Duration.ZERO, Duration.ZERO));
  }
}
