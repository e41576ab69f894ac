package dev.carillon.cli.text;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads the texts of a JSON object by their paths, such as `error.message`; all else is passed
/// over. A whole object mapper would double the time until a command does something.
public final class FlatJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private FlatJson() {}

  /// The texts; none for what is no JSON object.
  public static Map<String, String> read(String json) {
    Map<String, String> texts = new HashMap<>();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        object(parser, "", texts);
      }
    } catch (JacksonException notJson) {
      // What was read so far is all there is.
    }
    return texts;
  }

  private static void object(JsonParser parser, String prefix, Map<String, String> texts) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String path = prefix + parser.currentName();
      switch (parser.nextToken()) {
        case VALUE_STRING -> texts.put(path, parser.getString());
        case START_OBJECT -> object(parser, path + ".", texts);
        case START_ARRAY -> parser.skipChildren();
        default -> {
          // numbers and flags are not asked for
        }
      }
    }
  }
}
