package dev.carillon.gateway.openai;

import dev.carillon.gateway.catalog.Endpoint;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A model of pictures or videos, and how to ask the catalog for it.
///
/// @param most how many one request may ask for
/// @param generation how to make something from words
/// @param edit how to change pictures; empty when it cannot
/// @param result where the addresses of what was made stand in the answer
/// @param thumbnail where the address of a video's small picture stands; empty when it has none
/// @param inline whether pictures are given in the answer itself where the caller does not say
record MediaModel(
    String name,
    Medium medium,
    int most,
    Way generation,
    Optional<Way> edit,
    AnswerPath result,
    Optional<AnswerPath> thumbnail,
    boolean inline) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// An endpoint of the catalog and what its request is made of: fields with values, where a text
  /// `$name` stands for a field of OpenAI's request, and is left out when that is not sent.
  record Way(Endpoint endpoint, ObjectNode fields) {

    /// The request of the endpoint.
    ObjectNode request(ObjectNode sent) {
      ObjectNode made = JSON.createObjectNode();
      for (var field : fields.properties()) {
        value(field.getValue(), sent).ifPresent(value -> made.set(field.getKey(), value));
      }
      return made;
    }

    private static Optional<JsonNode> value(JsonNode template, ObjectNode sent) {
      if (template.isArray()) {
        ArrayNode list = JSON.createArrayNode();
        template.forEach(one -> value(one, sent).ifPresent(list::add));
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
      }
      String text = template.asString("");
      if (!text.startsWith("$")) {
        return Optional.of(template);
      }
      JsonNode value = sent.path(text.substring(1));
      return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }
  }

  /// A path into an answer, such as `data.*.url`, where `*` stands for all elements of a list.
  record AnswerPath(List<String> steps) {
    static AnswerPath of(String text) {
      return new AnswerPath(List.of(text.split("\\.", -1)));
    }

    /// All texts at its end, in order.
    List<String> in(JsonNode answer) {
      return texts(answer, 0);
    }

    private List<String> texts(JsonNode node, int from) {
      if (from == steps.size()) {
        return node.isString() ? List.of(node.stringValue()) : List.of();
      }
      String step = steps.get(from);
      return step.equals("*")
          ? node.valueStream().flatMap(one -> texts(one, from + 1).stream()).toList()
          : texts(node.path(step), from + 1);
    }
  }
}
