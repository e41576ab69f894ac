package dev.carillon.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ResultBodyTest {
  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00Z");
  private static final TaskId ID =
      new TaskId(UUID.fromString("019ab000-0000-7000-8000-000000000001"));

  private static Task task(TaskState state) {
    var owner =
        new Owner(
            new AccountId(ID.value()), new ApplicationId(ID.value()), new CredentialId(ID.value()));
    var order =
        new Order(
            ID,
            owner,
            "midjourney",
            "/midjourney/imagine",
            "imagine",
            "trace-1",
            T0,
            "{}",
            Optional.empty(),
            Money.ZERO,
            T0.plusSeconds(60));
    return new Task(order, state, Task.Settlement.HELD);
  }

  @Test
  void a_success_has_the_ids_before_its_own_fields() {
    var done = new TaskState.Succeeded(T0, T0, new Answer("{\"image_url\":\"http://x/y\"}"));

    assertThat(ResultBody.of(task(done)))
        .contains(
            "{\"success\":true,\"task_id\":\""
                + ID
                + "\",\"trace_id\":\"trace-1\","
                + "\"image_url\":\"http://x/y\"}");
  }

  @Test
  void an_empty_answer_gives_no_stray_comma() {
    var done = new TaskState.Succeeded(T0, T0, new Answer("{}"));

    assertThat(ResultBody.of(task(done)).orElseThrow()).endsWith("\"trace-1\"}");
  }

  @Test
  void a_failure_tells_code_and_message_with_quotes_escaped() {
    var failed = new TaskState.Failed(T0, T0, new Reason(ErrorCode.FORBIDDEN, "no \"such\" thing"));

    assertThat(ResultBody.of(task(failed)).orElseThrow())
        .contains("\"success\":false")
        .endsWith("\"error\":{\"code\":\"forbidden\",\"message\":\"no \\\"such\\\" thing\"}}");
  }

  @Test
  void an_open_task_has_no_result() {
    assertThat(ResultBody.of(task(new TaskState.Queued()))).isEmpty();
    assertThat(ResultBody.of(task(new TaskState.Indeterminate(T0, T0)))).isEmpty();
  }

  @Test
  void a_cancelled_task_tells_so() {
    assertThat(ResultBody.of(task(new TaskState.Cancelled(Optional.empty(), T0))).orElseThrow())
        .contains("\"code\":\"cancelled\"");
  }
}
