package dev.carillon.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// How the official SDKs read a task record (contract section 3.3, Python `_runtime/tasks.py`),
/// written again here so that every endpoint can be checked without starting Python for each.
final class SdkReading {
  private static final Set<String> DONE =
      Set.of("succeed", "succeeded", "success", "completed", "complete", "finished");
  private static final Set<String> FAILED =
      Set.of("failed", "failure", "error", "cancelled", "canceled", "rejected");
  private static final int DEEPEST = 6;

  private SdkReading() {}

  /// `succeeded`, `failed`, or an empty text for "still running".
  static String status(JsonNode record) {
    JsonNode response = response(record);
    if (!response.isObject()) {
      return "";
    }
    List<String> words = statusWords(response);
    boolean artifacts = !artifactUrls(record).isEmpty();
    if (words.stream().anyMatch(FAILED::contains)) {
      return "failed";
    }
    if (words.stream().anyMatch(DONE::contains)) {
      return artifacts ? "succeeded" : "failed";
    }
    if (!words.isEmpty()) {
      return "";
    }
    boolean unsuccessful = isFalse(response.path("success"));
    boolean structured = !response.at("/error/code").asString("").isEmpty();
    if (unsuccessful && (artifacts || structured)) {
      return "failed";
    }
    return ended(record, response, artifacts);
  }

  private static String ended(JsonNode record, JsonNode response, boolean artifacts) {
    if (isPresent(response.path("finished_at")) || isPresent(record.path("finished_at"))) {
      if (isTrue(response.path("success"))) {
        return "succeeded";
      }
      if (isFalse(response.path("success"))) {
        return "failed";
      }
    }
    return artifacts ? "succeeded" : "";
  }

  /// Every URL that the SDKs take for a result.
  static List<String> artifactUrls(JsonNode record) {
    var found = new ArrayList<String>();
    collectUrls(record.has("response") ? record.path("response") : record, 0, found);
    return found;
  }

  /// The words under `state` and `status`, down to the depth the SDKs look.
  static List<String> statusWords(JsonNode response) {
    var found = new ArrayList<String>();
    collectWords(response, 0, found);
    return found;
  }

  private static JsonNode response(JsonNode record) {
    JsonNode response = record.path("response");
    return isPresent(response) ? response : record;
  }

  private static void collectUrls(JsonNode node, int depth, List<String> found) {
    if (depth > DEEPEST) {
      return;
    }
    if (node.isArray()) {
      node.forEach(item -> collectUrls(item, depth + 1, found));
    }
    for (var field : node.properties()) {
      JsonNode value = field.getValue();
      if (value.isString() && value.asString().startsWith("http") && namesUrl(field.getKey())) {
        found.add(value.asString());
      } else {
        collectUrls(value, depth + 1, found);
      }
    }
  }

  private static boolean namesUrl(String key) {
    return key.equals("url") || key.endsWith("_url") || key.endsWith("_urls");
  }

  private static void collectWords(JsonNode node, int depth, List<String> found) {
    if (depth > DEEPEST) {
      return;
    }
    if (node.isArray()) {
      node.forEach(item -> collectWords(item, depth + 1, found));
    }
    for (var field : node.properties()) {
      JsonNode value = field.getValue();
      if (value.isString() && Set.of("state", "status").contains(field.getKey())) {
        found.add(value.asString().toLowerCase(Locale.ROOT));
      } else {
        collectWords(value, depth + 1, found);
      }
    }
  }

  private static boolean isPresent(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private static boolean isTrue(JsonNode node) {
    return node.isBoolean() && node.booleanValue();
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.booleanValue();
  }
}
