package dev.carillon.gateway.upstream.passthrough;

import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The sandbox's embeddings: a direction drawn from a text's hash. Equal texts are equal, all
/// others are about at right angles; they mean nothing.
final class SandboxVectors {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int USUAL = 1_536;
  private static final int LARGE = 3_072;
  private static final int MOST_INPUTS = 2_048;

  private SandboxVectors() {}

  static SandboxBackend.Pieces answer(ObjectNode request, String model) {
    List<String> texts = texts(request.path("input"));
    if (texts.size() > MOST_INPUTS) {
      return SandboxBackend.Pieces.refusal("At most 2048 inputs are taken at once.", "input");
    }
    int size = request.path("dimensions").asInt(model.contains("large") ? LARGE : USUAL);
    if (size < 1 || size > LARGE) {
      return SandboxBackend.Pieces.refusal("dimensions must be 1 to 3072.", "dimensions");
    }
    boolean packed = request.path("encoding_format").asString("").equals("base64");
    ObjectNode tree = JSON.createObjectNode().put("object", "list").put("model", model);
    ArrayNode data = tree.putArray("data");
    int words = 0;
    for (String text : texts) {
      ObjectNode one = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      float[] vector = vector(text, size);
      if (packed) {
        one.put("embedding", base64(vector));
      } else {
        ArrayNode numbers = one.putArray("embedding");
        for (float number : vector) {
          numbers.add(number);
        }
      }
      words += text.split("\\s+", -1).length;
    }
    tree.putObject("usage").put("prompt_tokens", words).put("total_tokens", words);
    return SandboxBackend.Pieces.json(tree);
  }

  /// A text, several, or the numbers of tokens of one or several.
  private static List<String> texts(JsonNode input) {
    if (!input.isArray()) {
      return List.of(input.asString(""));
    }
    if (!input.isEmpty() && input.get(0).isNumber()) {
      return List.of(input.toString());
    }
    var all = new ArrayList<String>();
    input.forEach(one -> all.add(one.isString() ? one.stringValue() : one.toString()));
    return List.copyOf(all);
  }

  private static float[] vector(String text, int size) {
    SplittableRandom random = Seeds.stream(Seeds.of(text));
    var vector = new float[size];
    double square = 0;
    for (int i = 0; i < size; i++) {
      vector[i] = (float) random.nextGaussian();
      square += vector[i] * vector[i];
    }
    float length = (float) Math.sqrt(square);
    for (int i = 0; i < size; i++) {
      vector[i] /= length;
    }
    return vector;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : vector) {
      bytes.putFloat(number);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
