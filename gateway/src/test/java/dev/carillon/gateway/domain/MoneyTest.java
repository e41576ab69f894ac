package dev.carillon.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MoneyTest {
  @Test
  void credits_are_read_and_written_exactly() {
    assertThat(Money.ofCredits("0.28").micros()).isEqualTo(280_000);
    assertThat(Money.ofCredits("0.280000")).hasToString("0.28");
    assertThat(Money.ofCredits("1000")).hasToString("1000");
    assertThat(Money.ZERO).hasToString("0");
    assertThat(Money.ofCredits("-0.000001")).hasToString("-0.000001");
  }

  @Test
  void a_tenth_added_ten_times_is_one() {
    Money sum = Money.ZERO;
    for (int i = 0; i < 10; i++) {
      sum = sum.plus(Money.ofCredits("0.1"));
    }

    assertThat(sum).isEqualTo(Money.ofCredits("1"));
  }

  @Test
  void more_than_six_decimals_and_overflow_are_refused() {
    assertThatThrownBy(() -> Money.ofCredits("0.0000001")).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Money(Long.MAX_VALUE).plus(new Money(1)))
        .isInstanceOf(ArithmeticException.class);
  }
}
