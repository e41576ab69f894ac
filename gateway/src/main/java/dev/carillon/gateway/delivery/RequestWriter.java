package dev.carillon.gateway.delivery;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EventBody;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import dev.carillon.gateway.domain.callback.SigningSecret.Owner;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.EndpointStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Writes the headers and the bytes of an attempt. The bytes depend on what is told alone; time and
/// signature are those of the attempt.
final class RequestWriter {
  private final EndpointStore endpoints;
  private final Predicate<Task> nested;
  private final RandomGenerator random;
  private final Signer signer = new Signer();

  /// What is sent.
  @SuppressWarnings("ArrayRecordComponent")
  record Written(Map<String, String> headers, byte[] body) {}

  RequestWriter(EndpointStore endpoints, Predicate<Task> nested, RandomGenerator random) {
    this.endpoints = endpoints;
    this.nested = nested;
    this.random = random;
  }

  /// The request of one attempt at a delivery.
  Written write(Dispatch dispatch, Instant now) {
    Task task = dispatch.task();
    byte[] body =
        dispatch.endpoint().isPresent()
            ? EventBody.of(dispatch.event(), task)
            : ofTask(dispatch.event(), task);
    var headers = new LinkedHashMap<String, String>();
    dispatch.endpoint().ifPresent(endpoint -> addOwn(headers, endpoint));
    headers.put("webhook-event-type", dispatch.event().type().wire());
    headers.put("webhook-delivery-id", dispatch.id().toString());
    headers.put("webhook-attempt", Integer.toString(dispatch.attempt()));
    ApplicationId application = task.order().owner().application();
    List<SigningSecret> secrets = secrets(dispatch.endpoint(), application, now);
    sign(headers, dispatch.webhookId(), body, secrets, now);
    return new Written(headers, body);
  }

  private byte[] ofTask(Event event, Task task) {
    return event.type() == EventType.TASK_PROGRESSED
        ? CallbackBody.ofStep(task, event.progress())
        : CallbackBody.of(task, nested.test(task));
  }

  /// The request of a test.
  Written test(WebhookEndpoint endpoint, String id, byte[] body, Instant now) {
    var headers = new LinkedHashMap<String, String>();
    addOwn(headers, endpoint);
    headers.put("webhook-event-type", TestCall.TYPE);
    headers.put("webhook-attempt", "1");
    sign(headers, id, body, secrets(Optional.of(endpoint), endpoint.application(), now), now);
    return new Written(headers, body);
  }

  private static void addOwn(Map<String, String> headers, WebhookEndpoint endpoint) {
    endpoint
        .headers()
        .forEach((name, value) -> {
          if (CustomHeaders.accepts(name, value)) {
            headers.put(name, value);
          }
        });
  }

  private void sign(
      Map<String, String> headers,
      String id,
      byte[] body,
      List<SigningSecret> secrets,
      Instant now) {
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
    headers.put("webhook-signature", signer.sign(id, now.getEpochSecond(), body, secrets));
  }

  /// An endpoint has secrets of its own; the key pair is the application's.
  private List<SigningSecret> secrets(
      Optional<WebhookEndpoint> endpoint, ApplicationId application, Instant now) {
    if (endpoint.isEmpty()) {
      return live(new Owner.OfApplication(application), now);
    }
    var secrets = new ArrayList<>(live(new Owner.OfEndpoint(endpoint.get().id()), now));
    if (endpoint.get().asymmetric()) {
      live(new Owner.OfApplication(application), now).stream()
          .filter(secret -> secret.kind() == Kind.ED25519)
          .forEach(secrets::add);
    }
    return secrets;
  }

  private List<SigningSecret> live(Owner owner, Instant now) {
    return endpoints
        .secrets(owner, now, () -> List.of(SigningKeys.fresh(Kind.HMAC, random, now)))
        .stream()
        .filter(secret -> secret.expiresAt().map(now::isBefore).orElse(true))
        .toList();
  }
}
