package dev.carillon.gateway.delivery;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Ended tasks to speak of.
public final class Tasks {
  static final Instant END = Instant.parse("2026-01-01T12:00:00Z");
  static final ApplicationId APPLICATION = new ApplicationId(UUID.randomUUID());

  private Tasks() {}

  static Task in(TaskState state) {
    return in(state, "0198c9a1-0000-7000-8000-00000000abcd");
  }

  static Task in(TaskState state, String traceId) {
    var owner =
        new Owner(
            new AccountId(UUID.randomUUID()), APPLICATION, new CredentialId(UUID.randomUUID()));
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

  /// What a task's own `callback_url` is sent.
  public static Dispatch dispatch(String url) {
    return dispatch(url, Dispatch.Tries.first(END));
  }

  static Dispatch dispatch(String url, Dispatch.Tries tries) {
    return dispatch(url, tries, Optional.empty());
  }

  /// What an endpoint is sent.
  static Dispatch dispatch(WebhookEndpoint endpoint) {
    return dispatch(endpoint.url().value(), Dispatch.Tries.first(END), Optional.of(endpoint));
  }

  private static Dispatch dispatch(
      String url, Dispatch.Tries tries, Optional<WebhookEndpoint> endpoint) {
    Task task = succeeded("{\"image_url\":\"http://h/a.png\"}");
    ApplicationId application =
        endpoint.map(WebhookEndpoint::application).orElse(task.order().owner().application());
    var event = new Event(1, task.id(), application, 2, EventType.TASK_SUCCEEDED, END, 100);
    var to = new CallbackUrl(url);
    Destination destination =
        endpoint
            .map(WebhookEndpoint::destination)
            .orElseGet(() -> new Destination(application, to.origin()));
    return new Dispatch(
        new DeliveryId(UUID.randomUUID()), destination, endpoint, to, event, task, tries);
  }

  static WebhookEndpoint endpoint(String url) {
    return endpoint(url, Map.of(), false);
  }

  static WebhookEndpoint endpoint(String url, Map<String, String> headers, boolean asymmetric) {
    return new WebhookEndpoint(
        new EndpointId(UUID.randomUUID()),
        APPLICATION,
        new CallbackUrl(url),
        Set.of(),
        "",
        headers,
        asymmetric,
        WebhookEndpoint.Standing.ACTIVE,
        WebhookEndpoint.Health.UNKNOWN,
        END);
  }
}
