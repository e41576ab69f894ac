package dev.carillon.gateway.openai.passthrough;

import dev.carillon.gateway.http.JsonObject;
import dev.carillon.gateway.upstream.passthrough.Modality;
import dev.carillon.gateway.upstream.passthrough.Model;
import dev.carillon.gateway.upstream.passthrough.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A request to be passed through, as far as the gateway has to understand it.
///
/// @param streamed whether the answer is to come in pieces
/// @param tellsUsage whether a streamed answer ends with what it used by the caller's own wish
record Wish(
    Modality modality, String model, ObjectNode body, boolean streamed, boolean tellsUsage) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> OURS = Set.of("carillon", "max_cost");
  private static final int MOST_CHOICES = 128;

  /// What a picture, a recording or a file counts as at most, however it is given.
  private static final int ATTACHED_TOKENS = 4_096;

  private static final Set<String> FILES = Set.of("url", "file_data", "data");
  private static final Set<String> ATTACHED = Set.of("image_url", "input_audio", "file");

  /// A token is a byte of text at least, so there are never more tokens than bytes; and in usual
  /// text about a quarter as many.
  private static final int USUAL_BYTES_OF_TOKEN = 4;

  /// @throws RefusedException naming the field that is missing
  static Wish of(Modality modality, JsonObject request) {
    ObjectNode body = request.node();
    String model = body.path("model").asString("");
    if (model.isBlank()) {
      throw RefusedException.field("model", "you must provide a model parameter");
    }
    switch (modality) {
      case CHAT -> {
        if (!body.path("messages").isArray() || body.path("messages").isEmpty()) {
          throw RefusedException.field("messages", "'messages' must be a list of messages.");
        }
      }
      case EMBEDDINGS, SPEECH -> {
        JsonNode input = body.path("input");
        if (input.isMissingNode() || input.isNull() || input.isObject()) {
          throw RefusedException.field("input", "'input' must be given.");
        }
        if (modality == Modality.SPEECH && !input.isString()) {
          throw RefusedException.field("input", "'input' must be a text.");
        }
      }
    }
    return new Wish(
        modality,
        model,
        body,
        modality == Modality.CHAT && body.path("stream").asBoolean(false),
        body.path("stream_options").path("include_usage").asBoolean(false));
  }

  /// The most this can use.
  Usage most(Model model) {
    return switch (modality) {
      case CHAT -> new Usage(bytes(body), Math.multiplyExact(choices(), output(model)), 0);
      case EMBEDDINGS -> new Usage(bytes(body.path("input")), 0, 0);
      case SPEECH -> spoken();
    };
  }

  /// What was likely sent, where a provider does not say.
  long likelyInput() {
    return Math.ceilDiv(
        bytes(modality == Modality.CHAT ? body.path("messages") : body.path("input")),
        USUAL_BYTES_OF_TOKEN);
  }

  /// What is read aloud.
  Usage spoken() {
    String text = body.path("input").asString("");
    return new Usage(0, 0, text.codePointCount(0, text.length()));
  }

  private long output(Model model) {
    // A provider may know one of the two only.
    boolean both = body.hasNonNull("max_completion_tokens") && body.hasNonNull("max_tokens");
    long newer = body.path("max_completion_tokens").asLong(model.mostOutput());
    long older = body.path("max_tokens").asLong(model.mostOutput());
    long asked = both ? Math.max(newer, older) : body.hasNonNull("max_tokens") ? older : newer;
    return Math.clamp(asked, 1, model.mostOutput());
  }

  private long choices() {
    int choices = body.path("n").asInt(1);
    if (choices < 1 || choices > MOST_CHOICES) {
      throw RefusedException.field("n", "'n' must be 1 to " + MOST_CHOICES + ".");
    }
    return choices;
  }

  private static long bytes(JsonNode node) {
    if (node.isString()) {
      String text = node.stringValue();
      return utf8(text);
    }
    if (node.isArray()) {
      return 2L * node.size() + node.valueStream().mapToLong(Wish::bytes).sum();
    }
    long sum = node.isObject() ? 0 : 20;
    for (var field : node.properties()) {
      boolean file =
          FILES.contains(field.getKey())
              && field.getValue().isString()
              && field.getValue().stringValue().startsWith("data:");
      sum += utf8(field.getKey()) + 4 + (file ? ATTACHED_TOKENS : bytes(field.getValue()));
      sum += ATTACHED.contains(field.getKey()) ? ATTACHED_TOKENS : 0;
    }
    return sum;
  }

  private static long utf8(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  /// The request as its provider gets it: the model by the provider's name, and a stream told to
  /// end with what it used.
  byte[] sent(Model to, String original) {
    boolean changed = !to.upstream().equals(model);
    if (changed) {
      body.put("model", to.upstream());
    }
    for (String field : OURS) {
      changed |= body.remove(field) != null;
    }
    if (streamed && !tellsUsage) {
      JsonNode options = body.path("stream_options");
      ObjectNode told =
          options.isObject() ? (ObjectNode) options : body.putObject("stream_options");
      told.put("include_usage", true);
      changed = true;
    }
    return changed ? JSON.writeValueAsBytes(body) : original.getBytes(StandardCharsets.UTF_8);
  }
}
