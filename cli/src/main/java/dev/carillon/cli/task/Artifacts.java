package dev.carillon.cli.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Finds the addresses of the files in a result. Results of different services have them at
/// different places, under keys that tell what they are.
final class Artifacts {
  private static final int DEEPEST = 12;
  private static final int MOST = 100;
  private static final List<String> PREFERRED =
      List.of(
          "video_url",
          "video_urls",
          "audio_url",
          "audio_urls",
          "image_url",
          "image_urls",
          "url",
          "file_url",
          "file_urls",
          "output_url");

  private Artifacts() {}

  /// The addresses of what was asked for, in their order; of a picture that came with a song only
  /// the song. Each once.
  ///
  /// @param kind what was asked for; empty to take what is there
  static List<String> of(JsonNode result, Optional<Kind> kind) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    collect(result, "", 0, found);
    List<String> wanted = new ArrayList<>();
    kind.ifPresent(known -> wanted.addAll(known.resultKeys()));
    wanted.addAll(kind.isPresent() ? List.of("url") : List.of());
    wanted.addAll(PREFERRED);
    wanted.addAll(found.keySet());
    return wanted.stream()
        .map(key -> found.getOrDefault(key, List.of()))
        .filter(urls -> !urls.isEmpty())
        .findFirst()
        .orElse(List.of())
        .stream()
        .distinct()
        .limit(MOST)
        .toList();
  }

  private static void collect(
      JsonNode node, String key, int depth, Map<String, List<String>> found) {
    if (depth > DEEPEST) {
      return;
    }
    if (node.isString()) {
      String text = node.asString();
      if (isAddressKey(key) && (text.startsWith("http://") || text.startsWith("https://"))) {
        found.computeIfAbsent(key, _ -> new ArrayList<>()).add(text);
      }
    } else if (node.isObject()) {
      node.properties()
          .forEach(entry -> collect(entry.getValue(), entry.getKey(), depth + 1, found));
    } else if (node.isArray()) {
      node.values().forEach(item -> collect(item, key, depth + 1, found));
    }
  }

  private static boolean isAddressKey(String key) {
    return key.equals("url") || key.endsWith("_url") || key.endsWith("_urls");
  }
}
