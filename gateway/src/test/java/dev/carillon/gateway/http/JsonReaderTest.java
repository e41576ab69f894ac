package dev.carillon.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.api.ErrorCode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonReaderTest {
  private final JsonReader reader = new JsonReader(HttpLimits.DEFAULTS);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | the body is empty",
        "`  ` | the body is empty",
        "[1] | it must be one JSON object in braces, but it is array",
        "\"text\" | but it is string",
        "12 | but it is number",
        "null | but it is null",
        "{\"a\":1} x | line 1, column",
        "{\"a\":1}{} | it is followed by more",
        "{\"a\":1 | expected close marker for Object",
        "{'a':1} | line 1, column",
        "{\"a\":1,} | line 1, column",
        "{\"a\":NaN} | line 1, column",
        "{\"a\":1,\"b\":{\"c\":1,\"c\":2}} | the key \"c\" stands twice",
        "{\"a\":{\"b\":1},\"a\":null} | the key \"a\" stands twice",
      })
  void what_is_not_one_object_is_refused_with_what_to_change(String body, String message) {
    assertRefused(body.getBytes(StandardCharsets.UTF_8), message);
  }

  @Test
  void invalid_utf8_is_refused_with_its_place() {
    byte[] body = "{\"a\":\"x?\"}".getBytes(StandardCharsets.UTF_8);
    body[7] = (byte) 0xff;
    byte[] cut = {'{', '"', (byte) 0xc3};

    assertRefused(body, "it is not valid UTF-8 at byte 7");
    assertRefused(cut, "it is not valid UTF-8 at byte 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":NaN}",
        "{\"a\":1 /* one */}",
        "{\"a\":DEEP}",
        "{\"a\":LONG}",
        "{\"a\":[1",
        "{\"a"
      })
  void a_refusal_does_not_speak_of_the_parsers_own_settings(String body) {
    String sent =
        body.replace("DEEP", "[".repeat(100) + "]".repeat(100)).replace("LONG", "1".repeat(200));

    assertThatThrownBy(() -> reader.read(sent.getBytes(StandardCharsets.UTF_8), ""))
        .isInstanceOf(Problem.class)
        .message()
        .doesNotContain("`", "Feature", "Constraints", "Source");
  }

  @Test
  void depth_and_sizes_are_limited() {
    String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
    String arrays = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    String name = "{\"" + "n".repeat(600) + "\":1}";
    String number = "{\"a\":" + "1".repeat(200) + "}";

    for (String body : new String[] {deep, arrays, name, number}) {
      assertRefused(body.getBytes(StandardCharsets.UTF_8), "it exceeds a limit: ");
    }
  }

  @Test
  void depth_up_to_the_limit_is_read() {
    String body = "{\"a\":".repeat(64) + "1" + "}".repeat(64);

    assertThat(reader.read(body.getBytes(StandardCharsets.UTF_8), "").text()).isEqualTo(body);
  }

  @Test
  void a_million_characters_in_a_string_are_read() {
    String body = "{\"prompt\":\"" + "a".repeat(1_000_000) + "\"}";

    var read = reader.read(body.getBytes(StandardCharsets.UTF_8), "application/json");

    assertThat(read.node().get("prompt").asString()).hasSize(1_000_000);
  }

  private void assertRefused(byte[] body, String message) {
    assertThatThrownBy(() -> reader.read(body, "application/json"))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.BAD_REQUEST);
              assertThat(problem.text())
                  .startsWith("The json payload is not valid to request the API: ")
                  .contains(message)
                  .hasSizeLessThan(500);
            });
  }
}
