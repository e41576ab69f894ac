package dev.carillon.testkit.provider;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One provider's API.
interface Api {
  /// A picture of one dot.
  String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  /// Whether a request begins a job.
  boolean submits(Received request);

  Reaction answer(Received request, Jobs jobs, String base);

  /// Whether a request carries the right key.
  default boolean isSignedIn(Received request) {
    return request.header("authorization").filter("Bearer test-key"::equals).isPresent();
  }

  static Reaction json(int status, String body) {
    return new Reaction.Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  static Reaction bytes(String type, byte[] body) {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(type, body.length);
    return new Reaction.Raw(head + new String(body, StandardCharsets.ISO_8859_1));
  }

  static Reaction missing() {
    return json(404, "{\"detail\":\"not found\"}");
  }

  /// What stands in the group of a pattern that the whole path fits.
  static Optional<String> part(Received request, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(request.path());
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static String query(Received request, String name) {
    Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(request.target());
    return matcher.find()
        ? java.net.URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8)
        : "";
  }

  static JsonNode body(Received request) {
    try {
      return JsonMapper.shared().readTree(request.text().isBlank() ? "{}" : request.text());
    } catch (JacksonException noJson) {
      return JsonMapper.shared().createObjectNode();
    }
  }

  static boolean posts(Received request, String path) {
    return request.method().equals("POST") && request.path().matches(path);
  }

  /// The provider's word for a stage.
  ///
  /// @param words for queued, running, done, failed and cancelled, with spaces between
  static String word(Jobs.Stage stage, String words) {
    String[] all = words.split(" ", -1);
    return switch (stage) {
      case QUEUED -> all[0];
      case RUNNING -> all[1];
      case DONE -> all[2];
      case FAILED, MODERATED -> all[3];
      case CANCELLED -> all[4];
    };
  }
}
