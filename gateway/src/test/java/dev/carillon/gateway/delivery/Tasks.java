package dev.carillon.gateway.delivery;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.AccountId;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.ApplicationId;
import dev.carillon.gateway.domain.CallbackUrl;
import dev.carillon.gateway.domain.CredentialId;
import dev.carillon.gateway.domain.DeliveryId;
import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Owner;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Ended tasks to speak of.
final class Tasks {
  static final Instant END = Instant.parse("2026-01-01T12:00:00Z");

  private Tasks() {}

  static Task in(TaskState state) {
    return in(state, "0198c9a1-0000-7000-8000-00000000abcd");
  }

  static Task in(TaskState state, String traceId) {
    var owner =
        new Owner(
            new AccountId(UUID.randomUUID()),
            new ApplicationId(UUID.randomUUID()),
            new CredentialId(UUID.randomUUID()));
    var order =
        new Order(
            new TaskId(UUID.randomUUID()),
            owner,
            "midjourney",
            "/midjourney/imagine",
            "imagine",
            traceId,
            END.minusSeconds(60),
            "{}",
            Optional.empty(),
            Money.ofCredits("1"),
            END.plus(Duration.ofHours(1)));
    return new Task(order, state, Task.Settlement.CHARGED);
  }

  static Task succeeded(String answer) {
    return in(new TaskState.Succeeded(END.minusSeconds(30), END, new Answer(answer)));
  }

  static Task failed(ErrorCode code, String message) {
    return in(new TaskState.Failed(END, END, new Reason(code, message)));
  }

  static Dispatch dispatch(String url) {
    return dispatch(url, 1);
  }

  static Dispatch dispatch(String url, int attempt) {
    return new Dispatch(
        new DeliveryId(UUID.randomUUID()),
        new CallbackUrl(url),
        attempt,
        succeeded("{\"image_url\":\"http://h/a.png\"}"));
  }
}
