package dev.carillon.cli.task;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A kind of thing to be made, and which endpoint of a service makes it. A service names its
/// endpoint after the kind; the few that do not stand here.
enum Kind {
  IMAGE(
      "midjourney",
      "images",
      Map.of("midjourney", "imagine", "openai", "images/generations", "qrart", "generate"),
      List.of("image_url", "image_urls")),
  MUSIC("suno", "audios", Map.of("fish", "tts"), List.of("audio_url", "audio_urls", "file_url")),
  VIDEO("veo", "videos", Map.of(), List.of("video_url", "video_urls"));

  /// What a service wants beside the prompt.
  private static final Map<String, String> ACTIONS =
      Map.of(
          "veo/videos", "text2video",
          "kling/videos", "text2video",
          "wan/videos", "text2video",
          "hailuo/videos", "generate",
          "flux/images", "generate",
          "nano-banana/images", "generate",
          "producer/audios", "generate");

  private final String usualService;
  private final String usualEndpoint;

  @SuppressWarnings("ImmutableEnumChecker") // only `Map.of`
  private final Map<String, String> endpoints;

  @SuppressWarnings("ImmutableEnumChecker") // only `List.of`
  private final List<String> resultKeys;

  Kind(
      String usualService,
      String usualEndpoint,
      Map<String, String> endpoints,
      List<String> resultKeys) {
    this.usualService = usualService;
    this.usualEndpoint = usualEndpoint;
    this.endpoints = endpoints;
    this.resultKeys = resultKeys;
  }

  /// The kind of this word; empty for another word.
  static Optional<Kind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.name().equalsIgnoreCase(word)).findFirst();
  }

  String usualService() {
    return usualService;
  }

  String endpoint(String service) {
    return endpoints.getOrDefault(service, usualEndpoint);
  }

  /// The `action` an endpoint wants; empty where it wants none.
  static Optional<String> action(String service, String endpoint) {
    return Optional.ofNullable(ACTIONS.get(service + "/" + endpoint));
  }

  /// The field that names the model.
  static String modelField(String service) {
    return service.equals("midjourney") ? "version" : "model";
  }

  /// The field that takes the words.
  static String promptField(String service, String endpoint) {
    return (service + "/" + endpoint).equals("fish/tts") ? "text" : "prompt";
  }

  /// Under which keys a result has the files of this kind.
  List<String> resultKeys() {
    return resultKeys;
  }
}
