package dev.carillon.gateway.domain.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A receiver that an application registered to hear of all its tasks.
///
/// @param events which events it hears of; empty for all
/// @param description the owner's words; may be empty
/// @param headers sent with each attempt; their values are secrets
/// @param asymmetric whether its callbacks are signed with the application's key pair (`v1a`) too
/// @param standing whether it is sent anything now; what it misses waits
/// @param health how the latest attempts went
public record WebhookEndpoint(
    EndpointId id,
    ApplicationId application,
    CallbackUrl url,
    Set<EventType> events,
    String description,
    Map<String, String> headers,
    boolean asymmetric,
    Standing standing,
    Health health,
    Instant createdAt) {

  public WebhookEndpoint {
    events = Set.copyOf(events);
    headers = Map.copyOf(headers);
  }

  /// Whether it is sent anything.
  public enum Standing {
    ACTIVE,
    /// Its owner switched it off.
    PAUSED,
    /// It answered 410.
    GONE,
    /// It failed for days.
    FAILING;

    /// The word on the wire.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How attempts go.
  ///
  /// @param failingSince the first failed attempt since the last success; empty when all is well
  /// @param failures failed attempts since then
  /// @param succeededAt about when an attempt succeeded last, to the minute; empty for never
  public record Health(
      Optional<Instant> failingSince, int failures, Optional<Instant> succeededAt) {
    public static final Health UNKNOWN = new Health(Optional.empty(), 0, Optional.empty());
  }

  /// Whether it is to hear of this type of event.
  public boolean hears(EventType type) {
    return events.isEmpty() || events.contains(type);
  }

  /// Whether the same is sent to it, and to the same place, as to the other: what was made ready
  /// for one may be sent to the other. Signing secrets aside, which are looked up for each attempt.
  public boolean isSentAs(WebhookEndpoint other) {
    return url.equals(other.url) && headers.equals(other.headers) && asymmetric == other.asymmetric;
  }

  /// The queue its deliveries stand in.
  public Destination destination() {
    return new Destination(application, id.toString());
  }

  /// The same with another standing.
  public WebhookEndpoint in(Standing other) {
    return new WebhookEndpoint(
        id, application, url, events, description, headers, asymmetric, other, health, createdAt);
  }

  /// The same with another health.
  public WebhookEndpoint with(Health other) {
    return new WebhookEndpoint(
        id, application, url, events, description, headers, asymmetric, standing, other, createdAt);
  }
}
