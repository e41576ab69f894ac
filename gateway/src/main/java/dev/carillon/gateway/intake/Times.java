package dev.carillon.gateway.intake;

import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.http.Problem;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The times of one order, counted from its acceptance, and from its end for `keepFor`: those its
/// caller asked for within the limits, else those of the endpoint, else the gateway's.
///
/// @param startBy how soon work must begin; empty for as late as it may finish
/// @param keepFor how long the ended task is kept; empty for what the gateway is set to
record Times(Optional<Duration> startBy, Duration finishBy, Optional<Duration> keepFor) {
  private static final Duration LEAST = Duration.ofSeconds(1);

  /// @param cleaned the checked body; its field `timeout` may only shorten
  /// @throws Problem `bad_request` for a time out of its limits
  static Times of(Endpoint endpoint, ObjectNode cleaned, Asked asked, IntakeConfig config) {
    Duration finishBy =
        asked
            .finishBy()
            .map(span -> Spans.parse(span.name(), span.text(), LEAST, config.finishBy()))
            .orElseGet(() -> patience(endpoint, cleaned, config));
    Optional<Duration> startBy =
        asked
            .startBy()
            .map(span -> Spans.parse(span.name(), span.text(), LEAST, finishBy))
            .or(() -> endpoint.deadlines().startBy().filter(by -> by.compareTo(finishBy) < 0));
    Optional<Duration> keepFor =
        asked
            .keepFor()
            .map(span -> Spans.parse(span.name(), span.text(), LEAST, config.keepLongest()))
            .or(endpoint.deadlines()::keepFor);
    return new Times(startBy, finishBy, keepFor);
  }

  private static Duration patience(Endpoint endpoint, ObjectNode cleaned, IntakeConfig config) {
    JsonNode timeout = cleaned.path("timeout");
    double seconds = timeout.isNumber() ? timeout.doubleValue() : 0;
    Duration usual = endpoint.deadlines().finishBy();
    Duration longest = usual.compareTo(config.finishBy()) < 0 ? usual : config.finishBy();
    return seconds >= 1 && seconds < longest.toSeconds()
        ? Duration.ofMillis(Math.round(seconds * 1000))
        : longest;
  }
}
