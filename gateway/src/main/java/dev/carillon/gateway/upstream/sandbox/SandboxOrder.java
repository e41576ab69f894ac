package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.domain.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What the sandbox is to make.
///
/// @param plan the endpoint's instructions for this request (`kind`, `count`, `size`, ...)
/// @param request the cleaned request; its texts may hold script words
/// @param script script words from elsewhere, such as a header, without the brackets; they stand
///   before those in the request
/// @param task the task's id; decides how long it takes
/// @param createdAt when the task was accepted
/// @param attempt from 1; a later one goes on from `createdAt` instead of beginning again
/// @param pace how long such a task takes
/// @param deadline when it is too late
/// @param baseUrl the gateway's own address, without a slash at its end
public record SandboxOrder(
    Map<String, Object> plan,
    ObjectNode request,
    Optional<String> script,
    TaskId task,
    Instant createdAt,
    int attempt,
    Pace pace,
    Instant deadline,
    String baseUrl) {

  /// How long tasks of an endpoint take.
  ///
  /// @param typical half of them end by then
  /// @param p90 nine of ten end by then
  public record Pace(Duration typical, Duration p90) {}
}
