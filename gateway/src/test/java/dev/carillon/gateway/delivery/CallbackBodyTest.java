package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class CallbackBodyTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TRACE = "0198c9a1-0000-7000-8000-00000000abcd";

  @Test
  void a_success_holds_the_answer_to_the_letter_beside_the_ids() {
    Task task = Tasks.succeeded("{\"image_url\": \"http://h/a.png\",  \"n\":1.50}");

    assertThat(text(task, false))
        .isEqualTo(
            "{\"success\":true,\"task_id\":\"%s\",\"trace_id\":\"%s\",\"image_url\": \"http://h/a.png\",  \"n\":1.50}"
                .formatted(task.id(), TRACE));
  }

  @Test
  void an_empty_answer_leaves_no_comma_behind() {
    assertThat(JSON.readTree(text(Tasks.succeeded("{ }"), false)).propertyNames())
        .containsExactly("success", "task_id", "trace_id");
  }

  @Test
  void a_nested_success_holds_the_answer_under_data() {
    JsonNode body =
        JSON.readTree(text(Tasks.succeeded("{\"created\":7,\"data\":[{\"url\":\"u\"}]}"), true));

    assertThat(body.propertyNames()).containsExactly("success", "task_id", "trace_id", "data");
    assertThat(body.at("/data/data/0/url").asString()).isEqualTo("u");
    assertThat(body.at("/success").asBoolean()).isTrue();
  }

  @Test
  void a_failure_holds_code_and_message() {
    Task task = Tasks.failed(ErrorCode.FORBIDDEN, "a \"bad\" word\n\u0001");

    JsonNode body = JSON.readTree(text(task, true));

    assertThat(body.propertyNames()).containsExactly("success", "task_id", "trace_id", "error");
    assertThat(body.at("/success").asBoolean()).isFalse();
    assertThat(body.at("/task_id").asString()).isEqualTo(task.id().toString());
    assertThat(body.at("/error/code").asString()).isEqualTo("forbidden");
    assertThat(body.at("/error/message").asString()).isEqualTo("a \"bad\" word\n\u0001");
  }

  @Test
  void a_cancelled_and_an_expired_task_are_failures() {
    Task cancelled = Tasks.in(new TaskState.Cancelled(Optional.empty(), Tasks.END));
    Task expired =
        Tasks.in(
            new TaskState.Expired(
                Optional.empty(), Tasks.END, new Reason(ErrorCode.TIMEOUT, "too late")));

    assertThat(JSON.readTree(text(cancelled, false)).at("/error/code").asString())
        .isEqualTo("cancelled");
    assertThat(JSON.readTree(text(expired, false)).at("/error/code").asString())
        .isEqualTo("timeout");
    assertThat(JSON.readTree(text(expired, false)).at("/error/message").asString())
        .isEqualTo("too late");
  }

  @Test
  void a_trace_id_chosen_by_the_caller_is_escaped() {
    Task task =
        Tasks.in(new TaskState.Cancelled(Optional.empty(), Tasks.END), "my \"trace\" é \\ 1");

    assertThat(JSON.readTree(text(task, false)).at("/trace_id").asString())
        .isEqualTo("my \"trace\" é \\ 1");
  }

  @Test
  void an_open_task_has_no_body() {
    Task open = Tasks.in(new TaskState.Queued());

    assertThatThrownBy(() -> CallbackBody.of(open, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("queued");
  }

  private static String text(Task task, boolean nested) {
    return new String(CallbackBody.of(task, nested), StandardCharsets.UTF_8);
  }
}
