package dev.carillon.gateway.upstream.passthrough;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The sandbox's part in a conversation: it says that it is no model, and repeats what it was told.
final class SandboxChat {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_REPEATED = 400;

  private final ObjectNode request;
  private final String model;
  private final long created;
  private final String id;
  private final List<String> words;
  private final boolean cut;

  SandboxChat(ObjectNode request, String model, Instant now) {
    this.request = request;
    this.model = model;
    this.created = now.getEpochSecond();
    this.id =
        "chatcmpl-sandbox-"
            + HexFormat.of().toHexDigits(request.path("messages").toString().hashCode());
    List<String> all =
        List.of(
            ("This is the Carillon sandbox: no model has read this. You said: " + lastSaid())
                .split("(?<= )", -1));
    int most = most();
    this.cut = all.size() > most;
    this.words = all.subList(0, Math.min(all.size(), most));
  }

  private int most() {
    JsonNode asked =
        request.hasNonNull("max_completion_tokens")
            ? request.path("max_completion_tokens")
            : request.path("max_tokens");
    return Math.clamp(asked.asInt(SandboxBackend.MOST_OUTPUT), 1, SandboxBackend.MOST_OUTPUT);
  }

  private String lastSaid() {
    String said = "";
    for (JsonNode message : request.path("messages")) {
      said = text(message.path("content"));
    }
    return said.codePointCount(0, said.length()) > MOST_REPEATED
        ? said.substring(0, said.offsetByCodePoints(0, MOST_REPEATED)) + "…"
        : said;
  }

  /// The text of a message; of one in parts, those that are texts.
  private static String text(JsonNode content) {
    if (content.isArray()) {
      return content
          .valueStream()
          .map(part -> part.path("text").asString(""))
          .filter(text -> !text.isEmpty())
          .collect(Collectors.joining(" "));
    }
    return content.asString("");
  }

  SandboxBackend.Pieces answer() {
    return request.path("stream").asBoolean(false)
        ? SandboxBackend.Pieces.events(events())
        : SandboxBackend.Pieces.json(whole());
  }

  private ObjectNode whole() {
    ObjectNode tree = head("chat.completion");
    tree.putArray("choices")
        .addObject()
        .put("index", 0)
        .put("finish_reason", finish())
        .putNull("logprobs")
        .putObject("message")
        .put("role", "assistant")
        .put("content", String.join("", words))
        .putNull("refusal");
    tree.set("usage", usage());
    return tree;
  }

  private List<ObjectNode> events() {
    var events = new ArrayList<ObjectNode>();
    for (int i = 0; i < words.size(); i++) {
      ObjectNode event = head("chat.completion.chunk");
      ObjectNode delta = choice(event).putNull("finish_reason").putObject("delta");
      if (i == 0) {
        delta.put("role", "assistant");
      }
      delta.put("content", words.get(i));
      events.add(event);
    }
    ObjectNode last = head("chat.completion.chunk");
    choice(last).put("finish_reason", finish()).putObject("delta");
    events.add(last);
    if (request.path("stream_options").path("include_usage").asBoolean(false)) {
      ObjectNode used = head("chat.completion.chunk");
      used.putArray("choices");
      used.set("usage", usage());
      events.add(used);
    }
    return events;
  }

  private static ObjectNode choice(ObjectNode event) {
    return event.putArray("choices").addObject().put("index", 0);
  }

  private ObjectNode head(String object) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model)
        .put("system_fingerprint", "sandbox");
  }

  private String finish() {
    return cut ? "length" : "stop";
  }

  /// Words for tokens: the sandbox has no others.
  private ObjectNode usage() {
    int sent = 0;
    for (JsonNode message : request.path("messages")) {
      sent += text(message.path("content")).split("\\s+", -1).length;
    }
    return JSON.createObjectNode()
        .put("prompt_tokens", sent)
        .put("completion_tokens", words.size())
        .put("total_tokens", sent + words.size());
  }
}
