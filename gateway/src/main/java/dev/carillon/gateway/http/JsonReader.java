package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads a body as one JSON object, strictly: whole, valid UTF-8, no key twice, nothing after it,
/// within the limits. Each refusal says what to change.
final class JsonReader {
  private static final String INVALID = "The json payload is not valid to request the API";
  private static final int DETAIL_CHARS = 300;
  private static final Pattern ADVICE =
      Pattern.compile(
          ", from `[^`]*`|: enable `[^`]*` to allow"
              + "| \\(not recognized as one since Feature '[^']*' not enabled for parser\\)"
              + "| \\(start marker at \\[Source: [^\\]]*\\]\\)");

  private static final char MARK = '\uFEFF';
  private static final char REPLACEMENT = '\uFFFD';

  private final JsonMapper mapper;

  JsonReader(HttpLimits limits) {
    var constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.jsonDepth())
            .maxStringLength(limits.jsonStringChars())
            .maxNameLength(limits.jsonNameChars())
            .maxNumberLength(limits.jsonNumberChars())
            .build();
    mapper =
        JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }

  /// The body as an object.
  ///
  /// @param contentType the header's value, or an empty text
  JsonObject read(byte[] body, String contentType) {
    refuseForms(contentType);
    String text = text(body);
    if (text.isBlank()) {
      throw invalid("the body is empty; send one JSON object, such as {\"prompt\": \"a cat\"}.");
    }
    var tree = tree(text);
    if (tree instanceof ObjectNode object) {
      return new JsonObject(text, object);
    }
    throw invalid(
        "it must be one JSON object in braces, but it is "
            + tree.getNodeType().name().toLowerCase(Locale.ROOT)
            + ".");
  }

  private static void refuseForms(String contentType) {
    String type = contentType.toLowerCase(Locale.ROOT);
    if (type.startsWith("multipart/") || type.startsWith("application/x-www-form-urlencoded")) {
      throw new Problem(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Forms are not taken here: send the fields as one JSON object with"
              + " Content-Type: application/json.");
    }
  }

  private static String text(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      refuseMalformed(body);
    }
    return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
  }

  /// A replacement character may also have been sent as such; only the strict decoder knows.
  private static void refuseMalformed(byte[] body) {
    var in = ByteBuffer.wrap(body);
    var result =
        StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(body.length), true);
    if (result.isError()) {
      throw invalid(
          "it is not valid UTF-8 at byte "
              + in.position()
              + " (counted from 0); encode the body as UTF-8.");
    }
  }

  private JsonNode tree(String text) {
    try {
      return mapper.readTree(text);
    } catch (StreamConstraintsException beyond) {
      throw invalid("it exceeds a limit: " + ownWords(beyond));
    } catch (StreamReadException malformed) {
      throw invalid(ownWords(malformed));
    } catch (JacksonException refused) {
      throw invalid(
          repeatedKey(text)
              .map(
                  key -> "the key \"" + shortened(key) + "\" stands twice in one object; keep one.")
              .orElse("it is followed by more text; send one object and nothing after it."));
    }
  }

  /// The first key that stands twice in one object; only sought once reading has failed.
  private Optional<String> repeatedKey(String text) {
    var open = new ArrayDeque<Set<String>>();
    try (var parser = mapper.createParser(text)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          open.push(new HashSet<>());
        } else if (token == JsonToken.END_OBJECT) {
          open.pop();
        } else if (token == JsonToken.PROPERTY_NAME && !open.element().add(parser.currentName())) {
          return Optional.of(parser.currentName());
        }
      }
    } catch (JacksonException malformed) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /// Where and what, without the parser's advice to change its own settings, which a caller cannot,
  /// and without places that it does not know.
  private static String ownWords(JacksonException problem) {
    var where = problem.getLocation();
    String what = problem.getOriginalMessage().lines().findFirst().orElse("");
    String message = shortened(ADVICE.matcher(what).replaceAll(""));
    return where == null || where.getLineNr() < 1
        ? message
        : "line " + where.getLineNr() + ", column " + where.getColumnNr() + ": " + message;
  }

  private static String shortened(String text) {
    return text.length() <= DETAIL_CHARS ? text : text.substring(0, DETAIL_CHARS) + "…";
  }

  private static Problem invalid(String what) {
    return new Problem(ErrorCode.BAD_REQUEST, INVALID + ": " + what);
  }
}
