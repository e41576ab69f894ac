package dev.carillon.gateway.http;

import tools.jackson.databind.json.JsonMapper;

/// Writes problems: the only place that knows the error envelope (contract section 5.1).
final class Envelope {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Envelope() {}

  static byte[] bytes(Problem problem, String traceId) {
    return bytes(problem.code().wire(), problem.text(), traceId);
  }

  static byte[] bytes(String code, String message, String traceId) {
    var tree = JSON.createObjectNode();
    tree.putObject("error").put("code", code).put("message", message);
    return JSON.writeValueAsBytes(tree.put("trace_id", traceId));
  }

  static Reply reply(Problem problem, String traceId) {
    return new Reply.Json(problem.code().status(), bytes(problem, traceId), problem.headers());
  }
}
