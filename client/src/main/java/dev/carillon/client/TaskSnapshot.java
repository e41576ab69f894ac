package dev.carillon.client;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A task as it was at one look.
///
/// @param state such as `queued`, `running` or `succeeded`; of a server that shows no states one of
///   `running`, `succeeded` and `failed`
/// @param progress whole percent; 0 where it is not known
/// @param result how it ended; empty while it has not
/// @param json the whole answer
public record TaskSnapshot(
    String taskId, String state, int progress, Optional<TaskResult> result, JsonNode json) {
  private static final double MILLIS = 1000;

  /// Whether there will be no other state.
  public boolean isEnded() {
    return result.isPresent();
  }

  /// After this long from now half of such tasks have ended; empty where the server has not learned
  /// it.
  public Optional<Duration> typicallyLeft() {
    return seconds("/estimate/low_seconds");
  }

  /// After this long from now nine of ten such tasks have ended.
  public Optional<Duration> mostlyLeft() {
    return seconds("/estimate/high_seconds");
  }

  private Optional<Duration> seconds(String path) {
    JsonNode number = json.at(path);
    return number.isNumber() && number.doubleValue() >= 0
        ? Optional.of(Duration.ofMillis(Math.round(number.doubleValue() * MILLIS)))
        : Optional.empty();
  }
}
