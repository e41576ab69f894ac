package dev.carillon.gateway.http.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who calls, where proxies stand between.
class TrustedProxiesTest {
  private static final List<String> NETWORKS = List.of("10.0.0.0/8", "192.0.2.7", "2001:db8::/32");

  private static String caller(TrustedProxies.Header header, String peer, String... lines) {
    return TrustedProxies.of(NETWORKS, header).caller(peer, _ -> Arrays.asList(lines));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "198.51.100.9 | 1.2.3.4                      | 198.51.100.9",
        "10.1.1.1     | 1.2.3.4                      | 1.2.3.4",
        "10.1.1.1     | 6.6.6.6, 1.2.3.4             | 1.2.3.4",
        "10.1.1.1     | 6.6.6.6, 1.2.3.4, 10.2.2.2   | 1.2.3.4",
        "10.1.1.1     | 1.2.3.4:4711                 | 1.2.3.4",
        "10.1.1.1     | [2a00::1]:4711               | 2a00:0:0:0:0:0:0:1",
        "10.1.1.1     | 2a00::1                      | 2a00:0:0:0:0:0:0:1",
        "2001:db8::5  | ::ffff:1.2.3.4               | 1.2.3.4",
        "10.1.1.1     | 6.6.6.6, unknown             | 10.1.1.1",
        "10.1.1.1     | 6.6.6.6, nonsense, 10.2.2.2  | 10.2.2.2",
        "10.1.1.1     | evil.example                 | 10.1.1.1",
        "10.1.1.1     | 10.3.3.3, 10.2.2.2           | 10.3.3.3",
        "192.0.2.8    | 1.2.3.4                      | 192.0.2.8",
        "192.0.2.7    | 1.2.3.4                      | 1.2.3.4",
        "unknown      | 1.2.3.4                      | unknown"
      })
  void of_x_forwarded_for_the_rightmost_that_is_not_trusted_counts(
      String peer, String line, String caller) {
    assertThat(caller(TrustedProxies.Header.X_FORWARDED_FOR, peer, line)).isEqualTo(caller);
  }

  @Test
  void several_lines_are_one_list() {
    assertThat(
            caller(
                TrustedProxies.Header.X_FORWARDED_FOR, "10.1.1.1", "6.6.6.6", "1.2.3.4, 10.0.0.1"))
        .isEqualTo("1.2.3.4");
    assertThat(caller(TrustedProxies.Header.X_FORWARDED_FOR, "10.1.1.1")).isEqualTo("10.1.1.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "for=1.2.3.4                                             | 1.2.3.4",
        "for=6.6.6.6;proto=https, For=\"1.2.3.4:80\";by=10.0.0.1 | 1.2.3.4",
        "proto=http;for=\"[2a00::1]:80\"                         | 2a00:0:0:0:0:0:0:1",
        "for=1.2.3.4, for=10.9.9.9                               | 1.2.3.4",
        "for=6.6.6.6, for=_hidden                                | 10.1.1.1",
        "proto=https                                             | 10.1.1.1"
      })
  void of_forwarded_likewise(String line, String caller) {
    assertThat(caller(TrustedProxies.Header.FORWARDED, "10.1.1.1", line)).isEqualTo(caller);
  }

  @Test
  void without_trusted_proxies_nothing_that_a_caller_says_counts() {
    assertThat(TrustedProxies.NONE.caller("10.1.1.1", _ -> List.of("1.2.3.4")))
        .isEqualTo("10.1.1.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "2001:db8::/129", "proxy.example", "10.0.0.1/x", ""})
  void what_is_no_network_is_refused(String text) {
    assertThatThrownBy(
            () -> TrustedProxies.of(List.of(text), TrustedProxies.Header.X_FORWARDED_FOR))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
