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
/// @param begunAt when work on it began, where it goes on from that instead of beginning now
/// @param pace how long such a task takes
/// @param deadline when it is too late
/// @param baseUrl the gateway's own address, without a slash at its end
public record SandboxOrder(
    Map<String, Object> plan,
    ObjectNode request,
    Optional<String> script,
    TaskId task,
    Optional<Instant> begunAt,
    Pace pace,
    Instant deadline,
    String baseUrl) {

  /// How long tasks of an endpoint take.
  ///
  /// @param typical half of them end by then
  /// @param p90 nine of ten end by then
  public record Pace(Duration typical, Duration p90) {}
}
