package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sending files to a whole gateway.
class UploadsTest {
  private static final String PICTURE = "\u0089PNG\r\n\u001a\n" + "picture".repeat(50);
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Door door;

  @BeforeEach
  void open() {
    door = new Door(folder, Map.of("upload.max-bytes", "8MiB", "upload.max-files", "3"));
  }

  @AfterEach
  void close() {
    door.close();
    client.close();
  }

  @ParameterizedTest
  @CsvSource({"/files/", "/v1/files", "/v1/files/", "//files/", "/api/v1/files/"})
  void a_file_is_taken_on_every_path_the_official_clients_use(String path) throws Exception {
    HttpResponse<byte[]> sent = send(path, form("file", "cat.png", PICTURE));

    JsonNode file = json(sent);
    assertThat(sent.statusCode()).isEqualTo(200);
    assertThat(file.path("url").asString()).startsWith(door.uri("/uploads/").toString());
    assertThat(file.path("file_url")).isEqualTo(file.path("url"));
    assertThat(file.path("bytes").asInt()).isEqualTo(PICTURE.length());
    assertThat(file.path("content_type").asString()).isEqualTo("image/png");
    assertThat(file.path("filename").asString()).isEqualTo("cat.png");
    assertThat(file.path("sha256").asString()).matches("[0-9a-f]{64}");
    HttpResponse<byte[]> read = get(file.path("url").asString());
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.body()).isEqualTo(bytes(PICTURE));
  }

  @Test
  void a_file_far_larger_than_a_request_is_taken_and_never_held_whole() throws Exception {
    String large = PICTURE + "x".repeat(7 * 1024 * 1024);

    HttpResponse<byte[]> sent = send("/files/", form("file", "a.png", large));

    assertThat(sent.statusCode()).isEqualTo(200);
    String url = json(sent).path("url").asString();
    HttpResponse<byte[]> part =
        client.send(
            HttpRequest.newBuilder(URI.create(url)).header("Range", "bytes=-3").build(),
            BodyHandlers.ofByteArray());
    assertThat(part.body()).isEqualTo(bytes("xxx"));
  }

  @Test
  void a_file_in_chunks_is_taken() throws Exception {
    byte[] form = form("file", "a.png", PICTURE);
    var request =
        request("/files/").POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form)));

    assertThat(client.send(request.build(), BodyHandlers.ofByteArray()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void fields_around_the_file_are_passed_over() throws Exception {
    var form = new ByteArrayOutputStream();
    form.writeBytes(part("purpose", "", "vision"));
    form.writeBytes(part("file", "a.png", PICTURE));
    form.writeBytes(part("more", "", "x".repeat(5_000)));
    form.writeBytes(bytes("--BOUND--\r\n"));

    assertThat(send("/v1/files", form.toByteArray()).statusCode()).isEqualTo(200);
  }

  @Test
  void what_is_no_file_of_that_kind_is_refused_and_leaves_nothing() throws Exception {
    assertRefused(send("/files/", form("file", "a.png", "<!DOCTYPE html><html>")), 415);
    assertRefused(send("/files/", form("file", "a.png", "%PDF-1.7 and so on")), 415);
    assertRefused(send("/files/", form("file", "a.png", "")), 400);
    assertRefused(send("/files/", form("other", "a.png", PICTURE)), 400);
    assertRefused(send("/files/", bytes("no form at all")), 400);
    assertRefused(send("/files/", bytes("--BOUND\r\nContent-Disposition: form-data")), 400);
    HttpResponse<byte[]> json =
        client.send(
            HttpRequest.newBuilder(door.uri("/files/"))
                .header("Authorization", "Bearer " + door.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofByteArray());
    assertRefused(json, 415);
    assertNothingIsKept();
  }

  @Test
  void a_file_that_is_too_large_is_refused_by_what_it_says_and_by_what_comes() throws Exception {
    String large = PICTURE + "x".repeat(9 * 1024 * 1024 + 200_000);
    byte[] form = form("file", "a.png", large);

    assertRefused(send("/files/", form), 413);
    var chunked =
        request("/files/").POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form)));
    try {
      assertRefused(client.send(chunked.build(), BodyHandlers.ofByteArray()), 413);
    } catch (IOException cut) {
      // Some of it was on its way when the answer came; the connection may be gone by then.
    }
    assertNothingIsKept();
  }

  @Test
  void without_a_good_token_nothing_is_read() throws Exception {
    byte[] form = form("file", "a.png", PICTURE);
    var none = HttpRequest.newBuilder(door.uri("/files/")).header("Content-Type", TYPE);
    var wrong = HttpRequest.newBuilder(door.uri("/files/")).header("Content-Type", TYPE);
    wrong.header("Authorization", "Bearer nobody");

    assertRefused(
        client.send(
            none.POST(BodyPublishers.ofByteArray(form)).build(), BodyHandlers.ofByteArray()),
        400);
    assertRefused(
        client.send(
            wrong.POST(BodyPublishers.ofByteArray(form)).build(), BodyHandlers.ofByteArray()),
        401);
    assertNothingIsKept();
  }

  @Test
  void an_application_sees_and_deletes_its_files_and_has_so_many_at_most() throws Exception {
    String id = "";
    for (int i = 0; i < 3; i++) {
      id = json(send("/files/", form("file", i + ".png", PICTURE + i))).path("id").asString();
    }
    assertThat(send("/files/", form("file", "a.png", PICTURE)).statusCode()).isEqualTo(429);
    assertThat(door.get("/v1/files").json().path("count").asInt()).isEqualTo(3);
    String url = door.get("/v1/files/" + id).text("/url");

    assertThat(door.delete("/v1/files/" + id).json().path("deleted").asBoolean()).isTrue();

    assertThat(door.get("/v1/files/" + id).status()).isEqualTo(404);
    assertThat(get(url).statusCode()).isEqualTo(404);
    assertThat(send("/files/", form("file", "a.png", PICTURE)).statusCode()).isEqualTo(200);
  }

  @Test
  void a_file_tells_how_long_it_is_kept_and_its_link_lives_as_long() throws Exception {
    door.close();
    Path other = Files.createDirectory(folder.resolve("other"));
    door = new Door(other, Map.of("upload.keep-for", "1m", "upload.max-files", "3"));
    JsonNode file = json(send("/files/", form("file", "a.png", PICTURE)));

    long lives = file.path("expires_at").asLong() - file.path("created_at").asLong();

    assertThat(lives).isEqualTo(60);
    assertThat(file.path("url").asString()).contains("expires=" + file.path("expires_at").asLong());
  }

  @Test
  void a_sender_that_hangs_up_half_way_leaves_nothing() throws Exception {
    byte[] form = form("file", "a.png", PICTURE + "x".repeat(500_000));
    try (Socket socket = new Socket(door.uri("/").getHost(), door.uri("/").getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          bytes(
              "POST /files/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                  .formatted(door.token(), TYPE, form.length)));
      out.write(form, 0, form.length / 2);
      out.flush();
      Await.until("it is being written", SOON, () -> count(staging()) == 1);
    }

    Await.until("it is gone", SOON, () -> count(staging()) == 0);
    assertNothingIsKept();
  }

  private Path staging() {
    return folder.resolve("assets/.staging");
  }

  private static long count(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private void assertNothingIsKept() {
    assertThat(folder.resolve("assets/uploads")).doesNotExist();
    Await.until("nothing is staged", SOON, () -> count(staging()) == 0);
  }

  private static void assertRefused(HttpResponse<byte[]> answer, int status) {
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    assertThat(answer.statusCode()).as(text).isEqualTo(status);
    assertThat(text).contains("\"error\":{\"code\":").contains("\"trace_id\":");
  }

  private static final String TYPE = "multipart/form-data; boundary=BOUND";

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(door.uri(path))
        .timeout(SOON)
        .header("Authorization", "Bearer " + door.token())
        .header("Content-Type", TYPE);
  }

  private HttpResponse<byte[]> send(String path, byte[] body) throws Exception {
    return client.send(
        request(path).POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String url) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
  }

  private static byte[] form(String field, String fileName, String content) {
    var form = new ByteArrayOutputStream();
    form.writeBytes(part(field, fileName, content));
    form.writeBytes(bytes("--BOUND--\r\n"));
    return form.toByteArray();
  }

  private static byte[] part(String field, String fileName, String content) {
    String name = fileName.isEmpty() ? "" : "; filename=\"" + fileName + "\"";
    return bytes(
        "--BOUND\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n"
            .formatted(field, name, content));
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
