package dev.carillon.client.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

final class TreesTest {
  private final JsonMapper mapper = new JsonMapper();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":[1,2.5,-3e9,9007199254740993,123456789012345678901234567890,1e400],\"b\":{}}",
        "{\"text\":\"ü \\u00e9 \\n\",\"yes\":true,\"no\":false,\"none\":null}",
        "[[],[[]],[{}]]",
        "{\"a\":1,\"a\":2}",
        "7",
        "\"text\"",
        "null",
        "",
        "  "
      })
  void a_tree_is_the_one_that_a_mapper_reads(String json) {
    assertThat(Trees.read(bytes(json))).isEqualTo(mapper.readTree(bytes(json)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[1", "{\"a\":}", "[1,]", "{} {}", "]", "<html>", "{\"a\" 1}"})
  void what_is_no_json_is_refused(String text) {
    assertThatThrownBy(() -> Trees.read(bytes(text))).isInstanceOf(JacksonException.class);
  }

  @Test
  void nesting_without_end_is_refused() {
    assertThatThrownBy(() -> Trees.read(bytes("[".repeat(100_000))))
        .isInstanceOf(JacksonException.class);
  }
}
