package dev.carillon.gateway.webhook;

import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.Delivery.Attempt;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.http.strict.Written;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// A delivery as it is shown: where it goes by origin only, as paths may be secret.
///
/// @param addresses what may be shown of the endpoints' URLs
record DeliveryView(Map<EndpointId, String> addresses) {

  String one(Delivery delivery, List<Attempt> attempts) {
    return Written.object(json -> {
      fields(json, delivery);
      json.writeArrayPropertyStart("attempts");
      attempts.forEach(attempt -> AttemptView.write(json, attempt));
      json.writeEndArray();
    });
  }

  /// One of a list, with its latest attempt.
  void listed(JsonGenerator json, Delivery delivery) {
    json.writeStartObject();
    fields(json, delivery);
    if (delivery.last().isPresent()) {
      json.writeName("last_attempt");
      AttemptView.write(json, delivery.last().get());
    } else {
      json.writeNullProperty("last_attempt");
    }
    json.writeEndObject();
  }

  private void fields(JsonGenerator json, Delivery delivery) {
    json.writeStringProperty("id", delivery.id().toString());
    json.writeStringProperty("state", delivery.state().word());
    json.writeStringProperty("event_id", delivery.event().id());
    json.writeStringProperty("type", delivery.event().type().wire());
    json.writeStringProperty("task_id", delivery.event().task().toString());
    json.writeNumberProperty("sequence", delivery.event().sequence());
    Written.text(json, "endpoint_id", delivery.endpoint().map(EndpointId::toString));
    Written.text(json, "url", address(delivery));
    json.writeNumberProperty("attempt_count", delivery.attempts());
    Written.time(json, "next_at", delivery.nextAt());
    Written.time(json, "created_at", delivery.createdAt());
    Written.time(json, "changed_at", delivery.changedAt());
  }

  /// A `callback_url` waits in the queue of its origin; a deleted endpoint has no address any more.
  private Optional<String> address(Delivery delivery) {
    return delivery.endpoint().isPresent()
        ? Optional.ofNullable(addresses.get(delivery.endpoint().get()))
        : Optional.of(delivery.destination().key() + "/…");
  }
}
