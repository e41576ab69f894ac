package dev.carillon.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

  @Test
  void a_key_is_the_same_with_and_without_quotes() {
    assertThat(IdempotencyKey.parse("\"order-17\"")).isEqualTo(IdempotencyKey.parse(" order-17 "));
    assertThat(IdempotencyKey.parse("\"a\\\"b\"").orElseThrow().value()).isEqualTo("a\"b");
  }

  @Test
  void the_longest_key_has_255_characters() {
    assertThat(IdempotencyKey.parse("k".repeat(255))).isPresent();
    assertThat(IdempotencyKey.parse("k".repeat(256))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\"\"", "a b", "häuschen", "a\u0007b"})
  void what_cannot_be_seen_is_no_key(String text) {
    assertThat(IdempotencyKey.parse(text)).isEmpty();
  }

  @Test
  void a_fingerprint_tells_where_one_part_ends() {
    assertThat(Fingerprint.of("ab", "c")).isEqualTo(Fingerprint.of("ab", "c"));
    assertThat(Fingerprint.of("ab", "c")).isNotEqualTo(Fingerprint.of("a", "bc"));
  }
}
