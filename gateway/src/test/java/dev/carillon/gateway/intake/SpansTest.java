package dev.carillon.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.http.Problem;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTest {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(30);

  @ParameterizedTest
  @CsvSource({"90, PT90S", "1500ms, PT1.5S", "30s, PT30S", "5m, PT5M", "2 H, PT2H", "30d, PT720H"})
  void a_span_is_a_number_and_a_unit(String text, Duration meant) {
    assertThat(Spans.parse("x", text, LEAST, MOST)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5s", "1.5h", "999ms", "31d", "99999999999s", "5w"})
  void anything_else_is_refused_with_name_and_limits(String text) {
    assertThatThrownBy(() -> Spans.parse("Carillon-Start-By", text, LEAST, MOST))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("Carillon-Start-By")
        .hasMessageContaining("from 1s to 30d");
  }
}
