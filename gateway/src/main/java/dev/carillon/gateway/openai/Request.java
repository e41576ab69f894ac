package dev.carillon.gateway.openai;

import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Form;
import dev.carillon.gateway.intake.Incoming;
import dev.carillon.gateway.openai.passthrough.RefusedException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A creating request of OpenAI's image or video API, JSON or a form, with what the table of models
/// may speak of besides its own fields.
///
/// @param sent its fields and those derived
record Request(ObjectNode sent) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final int MOST_SECONDS = 3_600;

  /// @throws RefusedException naming a field that cannot be used
  static Request of(Call call) {
    ObjectNode sent =
        Form.isSentBy(call) ? Incoming.form(Form.of(call)).node() : call.json().node();
    var request = new Request(sent);
    request.derive();
    return request;
  }

  private void derive() {
    if (text("prompt").isEmpty()) {
      throw RefusedException.field("prompt", "Missing required parameter: 'prompt'.");
    }
    ArrayNode images = JSON.createArrayNode();
    collect(sent.path("image"), images);
    collect(sent.path("images"), images);
    collect(sent.path("input_reference"), images);
    sent.remove("images");
    sent.remove("image");
    if (!images.isEmpty()) {
      sent.set("images", images);
      sent.set("image", images.get(0));
    }
    Matcher size = SIZE.matcher(text("size").orElse(""));
    if (size.matches()) {
      int width = Integer.parseInt(size.group(1));
      int height = Integer.parseInt(size.group(2));
      sent.put("width", width).put("height", height).put("aspect_ratio", ratio(width, height));
    } else {
      sent.remove("aspect_ratio");
    }
    text("seconds")
        .ifPresent(seconds -> sent.put("seconds", whole("seconds", seconds, MOST_SECONDS)));
    text("n").ifPresent(n -> sent.put("n", whole("n", n, 1_000)));
  }

  /// A picture is an address or a `data:` URL, alone or as `image_url` of an object.
  private static void collect(JsonNode node, ArrayNode images) {
    if (node.isArray()) {
      node.forEach(one -> collect(one, images));
    } else if (node.isObject()) {
      collect(node.path("image_url"), images);
      if (node.has("file_id")) {
        throw RefusedException.field("image", "Pictures by file_id are not known here; send them.");
      }
    } else if (node.isString() && !node.stringValue().isBlank()) {
      images.add(node);
    }
  }

  private static int whole(String field, String text, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // told below, as for a number out of range
    }
    throw RefusedException.field(
        field, "'" + field + "' must be a whole number from 1 to " + most + ".");
  }

  /// The form nearest to a size among those that services know.
  private static String ratio(int width, int height) {
    String best = "1:1";
    double nearest = Double.MAX_VALUE;
    for (String form : new String[] {"1:1", "3:2", "2:3", "16:9", "9:16", "4:3", "3:4"}) {
      String[] sides = form.split(":", -1);
      double wanted = Double.parseDouble(sides[0]) / Double.parseDouble(sides[1]);
      double far = Math.abs(Math.log(width / (double) Math.max(1, height) / wanted));
      if (far < nearest) {
        nearest = far;
        best = form;
      }
    }
    return best;
  }

  /// A field as text; empty where it is not sent, `null` or blank.
  Optional<String> text(String field) {
    String text = sent.path(field).asString("");
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }

  boolean hasImages() {
    return sent.has("images");
  }

  int number(String field, int fallback) {
    return sent.path(field).asInt(fallback);
  }
}
