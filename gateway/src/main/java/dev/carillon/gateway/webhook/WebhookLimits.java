package dev.carillon.gateway.webhook;

import java.time.Duration;

/// The bounds of endpoints and secrets.
///
/// @param endpoints registered by one application
/// @param url characters of a URL
/// @param description characters of a description
/// @param headers of one endpoint
/// @param headerBytes names and values of them in all
/// @param usualOverlap for which an old secret is signed with when the call does not say
/// @param longestOverlap that a call may ask for
public record WebhookLimits(
    int endpoints,
    int url,
    int description,
    int headers,
    int headerBytes,
    Duration usualOverlap,
    Duration longestOverlap) {
  public static final WebhookLimits DEFAULTS =
      new WebhookLimits(50, 2048, 500, 20, 4096, Duration.ofHours(24), Duration.ofDays(7));
}
