package dev.carillon.gateway.upstream.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers of a provider in the order they came: JSON, a list of `status`, `type` and `body`, where
/// a body that is no text is base64 under `bytes`.
final class Recording {
  private Recording() {}

  /// Answers from a recording; when it is at its end, everything else is not sent.
  static Reply.Sender replay(String json) {
    Queue<Reply> replies = new ArrayDeque<>();
    for (JsonNode one : Reply.Json.MAPPER.readTree(json)) {
      replies.add(reply(one));
    }
    return _ -> {
      Reply next = replies.poll();
      return next == null ? new Reply.NotSent("the recording is at its end") : next;
    };
  }

  private static Reply reply(JsonNode one) {
    if (one.has("lost")) {
      return new Reply.Lost(one.path("lost").asString(""));
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", one.path("type").asString("application/json"));
    JsonNode body = one.path("body");
    ByteString bytes =
        one.has("bytes")
            ? orEmpty(ByteString.decodeBase64(one.path("bytes").asString("")))
            : body.isString()
                ? ByteString.encodeUtf8(body.asString())
                : ByteString.encodeUtf8(body.toString());
    return new Reply.Answered(one.path("status").asInt(200), headers, bytes);
  }

  private static ByteString orEmpty(@Nullable ByteString bytes) {
    return bytes == null ? ByteString.EMPTY : bytes;
  }

  /// Sends by another and writes the answers down.
  static Reply.Sender record(Reply.Sender sender, ArrayNode into) {
    return ask -> {
      Reply reply = sender.send(ask);
      ObjectNode one = into.addObject();
      switch (reply) {
        case Reply.Answered answered -> {
          one.put("status", answered.status());
          String type = answered.headers().getOrDefault("content-type", "");
          one.put("type", type);
          if (type.contains("json") || type.startsWith("text/")) {
            one.put("body", answered.body().string(StandardCharsets.UTF_8));
          } else {
            one.put("bytes", answered.body().base64());
          }
        }
        case Reply.Lost(var reason) -> one.put("lost", reason);
        case Reply.TooLarge(var reason) -> one.put("lost", reason);
        case Reply.NotSent(var reason) -> one.put("lost", "not sent: " + reason);
      }
      return reply;
    };
  }
}
