package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The content of videos whose files a provider made, as OpenAI's clients ask for it.
class VideoFilesAtTheDoorTest {
  private static final String FILM = "\0\0\0\u0018ftypmp42" + "0123456789".repeat(100);
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final Receiver provider = Receiver.start();
  private final HttpClient client = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init") // set before each test
  private Door door;

  @BeforeEach
  void open() throws IOException {
    provider.on("/moved.mp4", Reaction.status(302, "Location", "/film.mp4"));
    provider.otherwise(VideoFilesAtTheDoorTest::film);
    Files.createDirectories(folder.resolve("catalog"));
    Files.writeString(
        folder.resolve("catalog/films.yaml"),
        """
        name: films
        endpoints:
          - path: /films/videos
            style: task
            request: {properties: {prompt: {type: string}}}
            response: {video_url: "%1$s/moved.mp4"}
            make: {kind: video}
        """
            .formatted(provider.url("")));
    Files.writeString(
        folder.resolve("openai-models.yaml"),
        """
        videos:
          - models: [film]
            result: video_url
            generation:
              endpoint: /films/videos
              fields: {prompt: $prompt}
        """);
  }

  private static Reaction film(Received request) {
    boolean part = request.header("range").filter("bytes=4-7"::equals).isPresent();
    boolean beyond = request.header("range").filter("bytes=9999-"::equals).isPresent();
    String head =
        part
            ? "206 Partial Content\r\nContent-Range: bytes 4-7/" + FILM.length()
            : beyond ? "416 No\r\nContent-Range: bytes */" + FILM.length() : "200 OK";
    String body = part ? FILM.substring(4, 8) : beyond ? "" : FILM;
    return new Reaction.Raw(
        "HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: video/mp4\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(head, body.length(), body));
  }

  @AfterEach
  void close() {
    door.close();
    client.close();
    provider.close();
  }

  private String content(Map<String, String> settings) {
    door = new Door(folder, settings);
    Answer made = door.post("/v1/videos", "{\"model\":\"film\",\"prompt\":\"x\"}");
    String path = "/v1/videos/" + made.text("/id");
    Await.until("it is done", SOON, () -> door.get(path).text("/status").equals("completed"));
    return path + "/content";
  }

  private Answer part(String path, String range) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(door.uri(path))
            .header("Authorization", "Bearer " + door.token())
            .header("Range", range)
            .build();
    var response = client.send(request, BodyHandlers.ofString());
    return new Answer(response.statusCode(), response);
  }

  @Test
  void a_film_that_was_copied_comes_from_here_though_its_provider_is_gone() throws Exception {
    String path = content(Map.of("asset.allow-private", "true"));
    provider.close();

    Answer whole = door.get(path);
    Answer part = part(path, "bytes=4-7");

    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.header("Content-Type")).isEqualTo("video/mp4");
    assertThat(whole.response().body()).hasSameSizeAs(FILM);
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.response().body()).isEqualTo("ftyp");
  }

  @Test
  void a_film_that_stays_with_its_provider_is_passed_on_whole_or_in_part() throws Exception {
    String path = content(Map.of("asset.allow-private", "true", "asset.copy", "false"));

    Answer whole = door.get(path);
    Answer part = part(path, "bytes=4-7");
    Answer beyond = part(path, "bytes=9999-");

    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.header("Content-Type")).isEqualTo("video/mp4");
    assertThat(whole.header("Content-Length")).isEqualTo(String.valueOf(FILM.length()));
    assertThat(whole.header("Cache-Control")).isEqualTo("private, no-store");
    assertThat(whole.response().body()).hasSameSizeAs(FILM);
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.header("Content-Range")).isEqualTo("bytes 4-7/" + FILM.length());
    assertThat(part.response().body()).isEqualTo("ftyp");
    assertThat(beyond.status()).isEqualTo(416);
    assertThat(provider.received()).allMatch(asked -> asked.header("authorization").isEmpty());
  }

  @Test
  void bytes_are_passed_on_as_they_come_and_not_once_they_are_all_here() throws Exception {
    provider.otherwise(_ -> new Reaction.DripBody(Duration.ofMillis(100)));
    String path = content(Map.of("asset.allow-private", "true", "asset.copy", "false"));

    HttpRequest request =
        HttpRequest.newBuilder(door.uri(path))
            .header("Authorization", "Bearer " + door.token())
            .timeout(Duration.ofSeconds(10)) // all of it would take minutes
            .build();
    try (InputStream endless = client.send(request, BodyHandlers.ofInputStream()).body()) {
      assertThat(endless.readNBytes(5)).hasSize(5);
    }
  }

  @Test
  void a_film_that_its_provider_has_no_longer_is_gone_and_a_forbidden_address_is_not_asked() {
    provider.otherwise(_ -> Reaction.status(404));
    String path = content(Map.of("asset.allow-private", "true", "asset.copy", "false"));
    assertThat(door.get(path).status()).isEqualTo(410);

    long asked = provider.count();
    String token = door.token();
    door.close();
    door = Door.again(folder, Map.of("asset.allow-private", "false", "asset.copy", "false"), token);

    assertThat(door.get(path).status()).isEqualTo(503);
    assertThat(provider.count()).isEqualTo(asked);
  }
}
