package dev.carillon.client;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How a task ended.
///
/// @param result what an inline answer would have had, or the error's answer
/// @param errorCode why it failed, such as `forbidden`; empty for a success
public record TaskResult(String taskId, JsonNode result, Optional<String> errorCode) {
  /// Whether there is a result.
  public boolean isSuccess() {
    return errorCode.isEmpty();
  }
}
