package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/// Shapes of the contract that many tests look for.
final class Shapes {
  static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

  /// A quick task.
  static final String FLUX =
      "{\"action\":\"generate\",\"prompt\":\"a cat\",\"size\":\"1024x1024\",\"async\":true}";

  private Shapes() {}

  /// The service of a path such as `/midjourney/imagine`.
  static String service(String path) {
    return path.substring(1, path.indexOf('/', 1));
  }

  /// The error envelope of contract section 5.1 with this status and code.
  static void assertError(Answer answer, int status, String code) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.header("content-type").orElse("")).startsWith("application/json");
    JsonNode body = answer.json();
    assertThat(body.propertyNames()).containsExactlyInAnyOrder("error", "trace_id");
    assertThat(body.path("error").isObject()).isTrue();
    assertThat(body.at("/error/code").asString()).isEqualTo(code);
    assertThat(body.at("/error/message").asString()).isNotBlank();
    assertThat(body.path("trace_id").asString()).matches(UUID);
  }

  /// An error of these whose message names the field.
  static void assertBadField(Answer answer, String field) {
    assertError(answer, 400, "bad_request");
    assertThat(answer.json().at("/error/message").asString()).contains(field);
  }

  /// A finished generic record of a success (contract section 3.2).
  static void assertSucceeded(JsonNode record) {
    assertThat(record.path("finished_at").isNumber()).as("%s", record).isTrue();
    assertThat(record.path("elapsed").isNumber()).isTrue();
    assertThat(record.path("response").path("success").booleanValue()).as("%s", record).isTrue();
    assertThat(record.path("response").path("task_id").asString())
        .isEqualTo(record.path("id").asString());
  }
}
