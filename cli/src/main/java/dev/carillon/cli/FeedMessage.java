package dev.carillon.cli;

/// One server-sent event.
///
/// @param cursor its id: the place in the feed; empty when it has none
/// @param type its name; empty when it has none
/// @param data the webhook's body; empty for a heartbeat, which only tells the place
public record FeedMessage(String cursor, String type, String data) {
  /// Whether it only tells the place.
  public boolean isHeartbeat() {
    return data.isEmpty();
  }
}
