package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Every service makes something that the official SDKs read as done: contract section 0, rules 3
/// and 5.
@ExtendWith(SharedGateway.class)
final class ServicesIT {
  private static final String CONTENT = "\"content\":[{\"type\":\"text\",\"text\":\"a cat\"}]";
  private static final String FACE = "\"image_url\":\"https://example.com/a.png\"";

  /// @param generic whether the record is of the generic form (contract section 3.2)
  private record Order(String path, boolean generic, String fields) {
    String service() {
      return Shapes.service(path);
    }

    String body() {
      return "{" + fields + ",\"async\":true}";
    }
  }

  private static final List<Order> ORDERS =
      List.of(
          generic("/midjourney/imagine", "\"prompt\":\"a cat\""),
          generic("/midjourney/edits", "\"prompt\":\"a cat\"," + FACE),
          generic("/midjourney/videos", "\"action\":\"generate\",\"prompt\":\"a cat\"," + FACE),
          generic("/suno/audios", "\"prompt\":\"a song\""),
          generic("/veo/videos", "\"action\":\"text2video\",\"prompt\":\"a cat\""),
          generic("/sora/videos", "\"prompt\":\"a cat\""),
          generic("/luma/videos", "\"prompt\":\"a cat\""),
          generic("/kling/videos", "\"action\":\"text2video\",\"prompt\":\"a cat\""),
          generic("/hailuo/videos", "\"action\":\"generate\",\"prompt\":\"a cat\""),
          generic(
              "/wan/videos", "\"action\":\"text2video\",\"model\":\"wan2.6-t2v\",\"prompt\":\"x\""),
          generic("/seedance/videos", "\"model\":\"doubao-seedance-2-0-260128\"," + CONTENT),
          generic("/seedream/images", "\"model\":\"doubao-seedream-4-5-251128\",\"prompt\":\"x\""),
          generic(
              "/flux/images", "\"action\":\"generate\",\"prompt\":\"x\",\"size\":\"1024x1024\""),
          generic("/nano-banana/images", "\"action\":\"generate\",\"prompt\":\"x\""),
          generic("/producer/audios", "\"action\":\"generate\",\"prompt\":\"x\",\"lyric\":\"la\""),
          generic("/fish/tts", "\"text\":\"hello\""),
          generic("/openai/images/generations", "\"model\":\"gpt-image-1\",\"prompt\":\"x\""),
          generic(
              "/openai/images/edits",
              "\"model\":\"gpt-image-1\",\"prompt\":\"x\",\"image\":\"https://example.com/a.png\""),
          generic("/dreamina/videos", FACE + ",\"audio_url\":\"https://example.com/a.mp3\""),
          generic("/happyhorse/videos", "\"prompt\":\"a horse\""),
          generic("/grok/videos", "\"prompt\":\"a cat\""),
          generic("/gemini/videos", "\"prompt\":\"a cat\""),
          generic("/pika/videos", "\"action\":\"generate\",\"prompt\":\"a cat\""),
          generic("/pixverse/videos", "\"action\":\"generate\",\"prompt\":\"a cat\""),
          new Order("/digital-human/videos", false, FACE + ",\"text\":\"hi\""),
          new Order("/maestro/videos", false, "\"prompt\":\"a film\""),
          new Order(
              "/minimax/videos",
              false,
              "\"model\":\"MiniMax-H3\",\"resolution\":\"768P\",\"duration\":5," + CONTENT));

  private final Api api;

  ServicesIT(Api api) {
    this.api = api;
  }

  @TestFactory
  Stream<DynamicTest> every_service_ends_with_something_the_official_clients_can_read() {
    Map<String, String> failures = new ConcurrentHashMap<>();
    try (var callers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory())) {
      for (Order order : ORDERS) {
        callers.execute(() -> {
          try {
            check(order);
          } catch (AssertionError failure) {
            failures.put(order.path(), String.valueOf(failure.getMessage()));
          }
        });
      }
    }
    return ORDERS.stream()
        .map(order ->
            DynamicTest.dynamicTest(
                order.path(), () -> assertThat(failures.get(order.path())).isNull()));
  }

  private void check(Order order) {
    String id = api.submit(order.path(), order.body());
    api.ended(id);
    JsonNode record = api.record(order.service(), id);

    assertThat(SdkReading.status(record)).as("%s", record).isEqualTo("succeeded");
    assertThat(SdkReading.artifactUrls(record))
        .isNotEmpty()
        .allSatisfy(url -> assertThat(url).matches("https?://[^/]+/.+"));
    if (order.generic()) {
      Shapes.assertSucceeded(record);
      assertThat(record.has("status")).isFalse();
      assertThat(record.path("request")).isEqualTo(Json.read(order.body()));
      assertThat(record.path("created_at").isNumber()).isTrue();
      assertThat(record.path("started_at").isNumber()).isTrue();
      String rest = order.path().substring(order.service().length() + 2);
      assertThat(rest.replace('/', '_')).startsWith(record.path("type").asString("?"));
    }
  }

  private static Order generic(String path, String fields) {
    return new Order(path, true, fields);
  }
}
