package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.BucketStand;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Results that are copied, as callers of a whole gateway see them. The provider's files lie on a
/// server that plays the provider's; the catalog's answer tells its addresses.
class FilesAtTheDoorTest {
  private static final String PICTURE = "\u0089PNG\r\n\u001a\n" + "0123456789".repeat(100);
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final Receiver provider = Receiver.start();
  private final HttpClient client = HttpClient.newHttpClient();
  private Door door;

  @BeforeEach
  void open() throws IOException {
    provider.on("/1.png", file("")).on("/2.png", file(""));
    Files.createDirectories(folder.resolve("catalog"));
    Files.writeString(
        folder.resolve("catalog/copies.yaml"),
        """
        name: copies
        endpoints:
          - path: /copies/images
            style: inline
            request: {properties: {prompt: {type: string}}}
            response: {image_url: "%1$s/1.png", data: [{video_url: "%1$s/2.png"}]}
            make: {kind: image}
          - path: /copies/linked
            style: inline
            assets: link
            request: {properties: {prompt: {type: string}}}
            response: {image_url: "%1$s/1.png"}
            make: {kind: image}
        """
            .formatted(provider.url("")));
    door = open(Map.of());
  }

  private static Reaction file(String headers) {
    return new Reaction.Raw(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(PICTURE.length(), headers, PICTURE));
  }

  private Door open(Map<String, String> settings) {
    var all = new HashMap<>(Map.of("asset.allow-private", "true"));
    all.putAll(settings);
    return new Door(folder, all);
  }

  @AfterEach
  void close() {
    door.close();
    client.close();
    provider.close();
  }

  @Test
  void an_inline_answer_tells_our_addresses_and_the_files_are_there() throws Exception {
    JsonNode answer = door.post("/v1/copies/images", "{\"prompt\":\"x\"}").json();

    URI link = URI.create(answer.at("/image_url").asString());
    assertThat(answer.path("success").asBoolean()).isTrue();
    assertThat(link.toString()).startsWith(door.uri("/assets/").toString());
    assertThat(answer.at("/data/0/video_url").asString())
        .startsWith(door.uri("/assets/").toString());
    provider.close();

    HttpResponse<byte[]> file = read(link);

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body()).isEqualTo(bytes(PICTURE));
    assertThat(file.headers().map())
        .containsEntry("content-type", List.of("image/png"))
        .containsEntry("content-length", List.of(String.valueOf(PICTURE.length())))
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("accept-ranges", List.of("bytes"));
    assertThat(file.headers().firstValue("content-disposition").orElse(""))
        .startsWith("inline; filename=\"")
        .endsWith("-0.png\"");
    assertThat(file.headers().firstValue("content-security-policy").orElse("")).contains("sandbox");
    assertThat(file.headers().firstValue("etag").orElse("")).matches("\"[0-9a-f]{64}\"");
  }

  @Test
  void an_endpoint_that_links_tells_the_providers_addresses() {
    JsonNode answer = door.post("/v1/copies/linked", "{}").json();

    assertThat(answer.at("/image_url").asString()).isEqualTo(provider.url("/1.png").toString());
    assertThat(provider.count()).isZero();
  }

  @Test
  void copying_may_be_switched_off() {
    door.close();
    door = reopen(Map.of("asset.copy", "false"));

    JsonNode answer = door.post("/v1/copies/images", "{}").json();

    assertThat(answer.at("/image_url").asString()).isEqualTo(provider.url("/1.png").toString());
  }

  /// A second gateway on a folder of its own, as a folder's first token is shown once.
  private Door reopen(Map<String, String> settings) {
    try {
      Path other = Files.createDirectory(folder.resolve("other"));
      var all = new HashMap<>(Map.of("asset.allow-private", "true"));
      all.put("catalog.folder", folder.resolve("catalog").toString());
      all.putAll(settings);
      return new Door(other, all);
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  @Test
  void a_provider_inside_our_network_is_not_fetched_from_unless_allowed() {
    door.close();
    door = reopen(Map.of("asset.allow-private", "false"));

    JsonNode answer = door.post("/v1/copies/images", "{}").json();

    assertThat(answer.path("success").asBoolean()).isTrue();
    assertThat(answer.at("/image_url").asString()).isEqualTo(provider.url("/1.png").toString());
    assertThat(provider.connections()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-0|206|0|1", "bytes=10-19|206|10|10", "bytes=-5|206|1003|5",
        "bytes=1000-|206|1000|8", "bytes=0-99999|206|0|1008", "bytes=-99999|206|0|1008",
        "bytes=1008-|416|0|0", "bytes=-0|416|0|0", "bytes=5-2|200|0|1008",
        "bytes=0-1,4-5|200|0|1008", "lines=0-1|200|0|1008", "bytes=x-|200|0|1008"
      })
  void a_range_is_answered_as_the_standard_says(String range, int status, int from, int length)
      throws Exception {
    URI link = link();

    HttpResponse<byte[]> part = read(link, "Range", range);

    assertThat(part.statusCode()).isEqualTo(status);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes(PICTURE), from, from + length));
    String told = part.headers().firstValue("content-range").orElse("");
    switch (status) {
      case 206 -> assertThat(told).isEqualTo("bytes %d-%d/1008".formatted(from, from + length - 1));
      case 416 -> assertThat(told).isEqualTo("bytes */1008");
      default -> assertThat(told).isEmpty();
    }
  }

  @Test
  void a_known_file_is_not_sent_again_and_head_tells_all_but_the_bytes() throws Exception {
    URI link = link();
    String tag = read(link).headers().firstValue("etag").orElseThrow();

    assertThat(read(link, "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(read(link, "If-Range", tag, "Range", "bytes=0-0").statusCode()).isEqualTo(206);
    assertThat(read(link, "If-Range", "\"old\"", "Range", "bytes=0-0").statusCode()).isEqualTo(200);
    var head = client.send(HttpRequest.newBuilder(link).HEAD().build(), BodyHandlers.ofByteArray());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("content-length")).contains("1008");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void a_link_that_was_changed_is_refused() throws Exception {
    String link = link().toString();
    String later = link.replaceFirst("expires=(\\d)", "expires=9");
    String other = link.replaceFirst("/u0-", "/u1-");
    String bare = link.substring(0, link.indexOf('?'));

    for (String changed : new String[] {later, other, link + "x", bare}) {
      HttpResponse<byte[]> refused = read(URI.create(changed));

      assertThat(refused.statusCode()).as(changed).isEqualTo(403);
      assertThat(text(refused)).contains("\"error\":{\"code\":\"forbidden\"").contains("trace_id");
    }
  }

  @Test
  void a_link_ends_and_the_owner_gets_a_new_one() throws Exception {
    door.close();
    door = reopen(Map.of("asset.link-for", "2s"));
    JsonNode answer = door.post("/v1/copies/images", "{}").json();
    URI link = URI.create(answer.at("/image_url").asString());

    Await.until("the link ended", SOON, () -> status(link) == 410);

    assertThat(text(read(link))).contains("\"error\":{\"code\":\"gone\"");
    String path = "/v1/tasks/" + answer.path("task_id").asString() + "/assets";
    URI fresh = URI.create(door.get(path).text("/items/0/url"));
    assertThat(status(fresh)).isEqualTo(200);
  }

  @Test
  void the_owner_sees_size_hash_and_type_of_each_file_and_what_was_left() {
    provider.statuses("/2.png", 404);
    JsonNode answer = door.post("/v1/copies/images", "{}").json();
    String path = "/v1/tasks/" + answer.path("task_id").asString() + "/assets";

    Door.Answer list = door.get(path);

    assertThat(answer.at("/data/0/video_url").asString())
        .isEqualTo(provider.url("/2.png").toString());
    assertThat(list.json().path("items")).hasSize(1);
    assertThat(list.text("/items/0/content_type")).isEqualTo("image/png");
    assertThat(list.json().at("/items/0/bytes").asInt()).isEqualTo(1008);
    assertThat(list.text("/items/0/sha256")).matches("[0-9a-f]{64}");
    assertThat(list.text("/items/0/pointers/0")).isEqualTo("/image_url");
    assertThat(list.text("/left/0/reason")).isEqualTo("gone");
    assertThat(list.text("/left/0/url")).isEqualTo(provider.url("/2.png").toString());
    assertThat(door.get("/v1/tasks/01990000-0000-7000-8000-000000000000/assets").status())
        .isEqualTo(404);
  }

  @Test
  void the_files_of_a_deleted_task_go_with_it() throws Exception {
    JsonNode answer = door.post("/v1/copies/images", "{}").json();
    URI link = URI.create(answer.at("/image_url").asString());
    String id = answer.path("task_id").asString();

    assertThat(door.delete("/v1/tasks/" + id).status()).isEqualTo(200);

    assertThat(status(link)).isEqualTo(410);
    Path files = folder.resolve("assets/tasks").resolve(id.substring(34)).resolve(id);
    Await.until("the files are gone", SOON, () -> Files.notExists(files));
  }

  @Test
  void files_may_be_kept_in_a_bucket_and_are_served_from_there() throws Exception {
    door.close();
    try (BucketStand bucket = BucketStand.start()) {
      door =
          reopen(
              Map.of(
                  "asset.store", "s3",
                  "asset.s3.endpoint", bucket.endpoint().toString(),
                  "asset.s3.region", BucketStand.REGION,
                  "asset.s3.bucket", BucketStand.BUCKET,
                  "asset.s3.access-key", BucketStand.ACCESS_KEY,
                  "asset.s3.secret-key", BucketStand.SECRET_KEY));
      URI link = link();

      assertThat(read(link).body()).isEqualTo(bytes(PICTURE));
      HttpResponse<byte[]> part = read(link, "Range", "bytes=8-17");
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(text(part)).isEqualTo("0123456789");
      assertThat(part.headers().firstValue("content-length")).contains("10");

      bucket.fail(1);
      HttpResponse<byte[]> trouble = read(link);
      assertThat(trouble.statusCode()).isEqualTo(503);
      assertThat(trouble.headers().firstValue("retry-after")).isPresent();
      assertThat(bucket.refused()).isZero();
    }
  }

  @Test
  void figures_tell_what_was_copied() {
    provider.statuses("/2.png", 404);
    door.post("/v1/copies/images", "{}");

    String figures = door.get("/metrics").response().body();

    assertThat(figures).contains("carillon_asset_copies_seconds_count{result=\"kept\"} 1");
    assertThat(figures).contains("carillon_asset_copies_seconds_count{result=\"gone\"} 1");
    assertThat(figures).contains("carillon_asset_bytes_total{way=\"copied\"} 1008.0");
  }

  private URI link() {
    return URI.create(door.post("/v1/copies/images", "{}").json().at("/image_url").asString());
  }

  private int status(URI link) {
    try {
      return read(link).statusCode();
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  private HttpResponse<byte[]> read(URI link, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(link).timeout(SOON);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
