package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.GatewayProcess.Ending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A start with a mistake in its settings ends at once and names the key, the reason and a better
/// word.
@Execution(ExecutionMode.CONCURRENT)
final class StartIT {

  @Test
  void an_unknown_key_in_the_file_is_named_with_a_better_one() {
    Ending ending = GatewayProcess.run(Map.of(), Map.of("carillon.yaml", "prot: 1\n"), "serve");

    assertRefused(ending, "prot", "port");
    assertThat(ending.output().toLowerCase(java.util.Locale.ROOT)).contains("did you mean");
  }

  @Test
  void an_unknown_variable_is_named_with_a_better_one() {
    Ending ending = GatewayProcess.run(Map.of("CARILLON_PRT", "1"), Map.of(), "serve");

    assertRefused(ending, "CARILLON_PRT", "did you mean", "CARILLON_PORT");
  }

  @Test
  void an_unknown_flag_is_named() {
    Ending ending = GatewayProcess.run(Map.of(), Map.of(), "serve", "--prot", "1");

    assertRefused(ending, "--prot", "--port");
  }

  @Test
  void a_value_that_fits_not_is_named_with_its_key_and_what_would_fit() {
    assertRefused(GatewayProcess.run(Map.of(), Map.of(), "serve", "--port", "abc"), "port", "abc");
    assertRefused(
        GatewayProcess.run(Map.of(), Map.of(), "serve", "--port", "70000"), "port", "65535");
    assertRefused(
        GatewayProcess.run(Map.of("CARILLON_CALLBACK_TIMEOUT", "soon"), Map.of(), "serve"),
        "callback.timeout",
        "soon");
    assertRefused(
        GatewayProcess.run(Map.of("CARILLON_CALLBACK_ALLOW_PRIVATE", "maybe"), Map.of(), "serve"),
        "callback.allow-private",
        "maybe");
  }

  @Test
  void the_file_may_be_named_by_a_variable() {
    Ending ending =
        GatewayProcess.run(
            Map.of("CARILLON_CONFIG", "other.yaml"), Map.of("other.yaml", "prot: 1\n"), "serve");

    assertRefused(ending, "other.yaml", "prot", "port");
  }

  @Test
  void a_port_in_use_is_told_in_one_line() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ending ending =
          GatewayProcess.run(
              Map.of(), Map.of(), "serve", "--port", String.valueOf(taken.getLocalPort()));

      assertRefused(ending, "cannot listen", "in use");
      assertThat(ending.output()).doesNotContain("Exception", "\tat ");
    }
  }

  @Test
  void all_mistakes_are_told_at_once() {
    Ending ending =
        GatewayProcess.run(
            Map.of("CARILLON_SANDBOX_SPEED", "quick"),
            Map.of("carillon.yaml", "port: eighty\nadress: 0.0.0.0\n"),
            "serve");

    assertRefused(ending, "sandbox.speed", "port");
    assertThat(ending.output()).contains("adress").contains("address");
  }

  @Test
  void a_file_that_is_no_yaml_is_named() {
    Ending ending = GatewayProcess.run(Map.of(), Map.of("carillon.yaml", "port: [1\n"), "serve");

    assertRefused(ending, "carillon.yaml", "");
  }

  @Test
  void help_shows_the_flags_and_ends_well() {
    Ending ending = GatewayProcess.run(Map.of(), Map.of(), "serve", "--help");

    assertThat(ending.status()).isZero();
    assertThat(ending.output()).contains("--port").contains("--data");
  }

  private static void assertRefused(Ending ending, String... words) {
    assertThat(ending.status()).as(ending.output()).isNotZero();
    assertThat(ending.output()).contains(words).doesNotContain("Exception").doesNotContain("\tat ");
  }
}
