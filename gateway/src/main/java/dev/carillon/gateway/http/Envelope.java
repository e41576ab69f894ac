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
    // RFC 9110, section 15.5.2: a 401 says which scheme would do.
    Problem told =
        problem.code().status() == 401 ? problem.header("WWW-Authenticate", "Bearer") : problem;
    return new Reply.Json(told.code().status(), bytes(told, traceId), told.headers());
  }
}
