package dev.carillon.gateway.webhook;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.http.strict.Fields;
import dev.carillon.gateway.http.strict.Strict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a body says about an endpoint, checked; what it does not say stays as it is.
record EndpointChange(
    Optional<CallbackUrl> url,
    Optional<Set<EventType>> events,
    Optional<String> description,
    Optional<Map<String, String>> headers,
    Optional<Boolean> asymmetric,
    Optional<Boolean> enabled) {

  /// What an endpoint can hear of.
  static final List<EventType> HEARD =
      List.of(
          EventType.TASK_STARTED,
          EventType.TASK_PROGRESSED,
          EventType.TASK_SUCCEEDED,
          EventType.TASK_FAILED,
          EventType.TASK_CANCELLED,
          EventType.TASK_EXPIRED);

  /// Reads and checks a body's fields.
  static EndpointChange read(Fields fields, WebhookLimits limits, Sending sending) {
    return new EndpointChange(
        fields.text("url", limits.url()).map(url -> checked(url, sending)),
        fields.texts("events", HEARD.size()).map(EndpointChange::types),
        fields.text("description", limits.description()),
        fields.map("headers", limits.headerBytes()).map(new HeaderRules(limits)::checked),
        fields.flag("asymmetric"),
        fields.flag("enabled"));
  }

  private static CallbackUrl checked(String url, Sending sending) {
    Optional<String> refusal = sending.refusal().apply(url);
    if (refusal.isPresent()) {
      throw Strict.refused("url cannot be called: " + refusal.get());
    }
    return new CallbackUrl(url);
  }

  private static Set<EventType> types(List<String> words) {
    return words.stream()
        .map(word -> Strict.oneOf("each of events", word, HEARD, EventType::wire))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The endpoint with the change. Enabled, it has a clean record, so that its past does not switch
  /// it off again.
  WebhookEndpoint on(WebhookEndpoint before) {
    return new WebhookEndpoint(
        before.id(),
        before.application(),
        url.orElse(before.url()),
        events.orElse(before.events()),
        description.orElse(before.description()),
        headers.orElse(before.headers()),
        asymmetric.orElse(before.asymmetric()),
        standing(before.standing()),
        enabled.orElse(false) ? clean(before.health()) : before.health(),
        before.createdAt());
  }

  private Standing standing(Standing before) {
    if (enabled.isEmpty()) {
      return before;
    }
    return enabled.get() ? Standing.ACTIVE : Standing.PAUSED;
  }

  private static Health clean(Health before) {
    return new Health(Optional.empty(), 0, before.succeededAt());
  }
}
