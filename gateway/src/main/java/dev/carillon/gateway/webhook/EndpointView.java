package dev.carillon.gateway.webhook;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.http.strict.Written;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/// An endpoint as it is shown: the values of its headers never, its secret only when it was made
/// now.
final class EndpointView {
  private EndpointView() {}

  /// One endpoint by itself, with its whole URL.
  static String one(WebhookEndpoint endpoint) {
    return Written.object(json -> fields(json, endpoint, endpoint.url().value()));
  }

  /// A new endpoint with its secret.
  static String created(WebhookEndpoint endpoint, SigningSecret secret) {
    return Written.object(json -> {
      fields(json, endpoint, endpoint.url().value());
      json.writeStringProperty("secret", secret.text());
    });
  }

  /// One of a list, without the path of its URL.
  static void listed(JsonGenerator json, WebhookEndpoint endpoint) {
    json.writeStartObject();
    fields(json, endpoint, endpoint.url().shown());
    json.writeEndObject();
  }

  private static void fields(JsonGenerator json, WebhookEndpoint endpoint, String url) {
    json.writeStringProperty("id", endpoint.id().toString());
    json.writeStringProperty("url", url);
    json.writeArrayPropertyStart("events");
    endpoint.events().stream().sorted().map(EventType::wire).forEach(json::writeString);
    json.writeEndArray();
    json.writeStringProperty("description", endpoint.description());
    json.writeObjectPropertyStart("headers");
    new TreeMap<>(endpoint.headers())
        .keySet()
        .forEach(name -> json.writeStringProperty(name, HeaderRules.HIDDEN));
    json.writeEndObject();
    json.writeBooleanProperty("asymmetric", endpoint.asymmetric());
    json.writeBooleanProperty("enabled", endpoint.standing() == Standing.ACTIVE);
    json.writeStringProperty("standing", endpoint.standing().word());
    health(json, endpoint.health());
    Written.time(json, "created_at", endpoint.createdAt());
  }

  private static void health(JsonGenerator json, WebhookEndpoint.Health health) {
    json.writeObjectPropertyStart("health");
    Written.time(json, "failing_since", health.failingSince());
    json.writeNumberProperty("failures", health.failures());
    Written.time(json, "succeeded_at", health.succeededAt());
    json.writeEndObject();
  }

  /// A test event and what came back. Headers the owner set may be secrets, so they are hidden here
  /// as everywhere.
  static String tested(WebhookEndpoint endpoint, Sending.Tested tested) {
    var ours = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    ours.putAll(tested.headers());
    endpoint.headers().keySet().forEach(name -> ours.replace(name, HeaderRules.HIDDEN));
    var receipt = tested.receipt();
    return Written.object(json -> {
      json.writeBooleanProperty("delivered", receipt.failure().isEmpty());
      json.writeObjectPropertyStart("request");
      json.writeStringProperty("method", "POST");
      json.writeStringProperty("url", endpoint.url().value());
      json.writeObjectPropertyStart("headers");
      ours.forEach(json::writeStringProperty);
      json.writeEndObject();
      json.writeStringProperty("body", tested.body());
      json.writeEndObject();
      json.writeObjectPropertyStart("response");
      AttemptView.answer(json, receipt);
      json.writeEndObject();
    });
  }

  /// A fresh secret.
  ///
  /// @param made the secret; never a private key
  static String rotated(SigningSecret made, Optional<Instant> overlapEnds) {
    return Written.object(json -> {
      json.writeStringProperty("secret", made.text());
      Written.time(json, "created_at", made.createdAt());
      Written.time(json, "previous_until", overlapEnds);
    });
  }
}
