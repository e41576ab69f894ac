package dev.carillon.gateway.asset;

import java.util.Optional;

/// The parts of an HTTP request for a media file that decide its answer.
///
/// @param method `GET` or `HEAD`; anything else is refused
/// @param name the last segment of the path, such as `abc.png`
/// @param range the `Range` field
/// @param ifNoneMatch the `If-None-Match` field
/// @param ifRange the `If-Range` field
public record MediaAsk(
    String method,
    String name,
    Optional<String> range,
    Optional<String> ifNoneMatch,
    Optional<String> ifRange) {

  /// A plain `GET`.
  public static MediaAsk get(String name) {
    return new MediaAsk("GET", name, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
