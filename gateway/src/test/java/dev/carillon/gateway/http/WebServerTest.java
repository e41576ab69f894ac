package dev.carillon.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebServerTest {
  private static final String UUID =
      "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";

  private static final String CHUNKED = "Transfer-Encoding: chunked";

  private final TestServer server =
      new TestServer(
          new Routes()
              .get("/x", call -> Reply.json("{\"path\":\"" + call.path() + "\"}"))
              .get("/tasks/{id}", call -> Reply.json(call.pathParameter("id").orElseThrow()))
              .post("/echo", call -> Reply.json(call.json().node().toString()))
              .post("/text", call -> Reply.json(call.json().text()))
              .post("/deaf", _ -> Reply.json("{}"))
              .get("/query", call -> Reply.json(String.join("|", call.queryAll("q"))))
              .get("/base", call -> Reply.json(call.baseUrl() + " " + call.remoteAddress()))
              .get("/broken", _ -> failing("secret detail"))
              .get(
                  "/down",
                  _ -> {
                    throw new IllegalArgumentException("store");
                  })
              .get(
                  "/limited",
                  _ -> {
                    throw Problem.of(ErrorCode.TOO_MANY_REQUESTS).retryAfter(Duration.ofMillis(1));
                  })
              .get(
                  "/forged",
                  _ -> new Reply.Empty(204, Map.of("X-Note", "a\r\nX-Forged: yes\u00e9"))));

  @AfterEach
  void close() {
    server.close();
  }

  private static Reply failing(String message) {
    throw new IllegalStateException(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x",
        "/x/",
        "/v1/x",
        "//v1//v1/x",
        "/v1/v1/v1/x/",
        "//x",
        "///v1///x//",
        "/%78",
        "/v1/x?a=b",
        "http://h/v1/x",
        "http://h:8080//v1/x?a=b",
        "HTTPS://h/x/"
      })
  void a_path_is_found_in_all_its_forms(String path) throws IOException {
    String answer = server.raw("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("{\"path\":\"/x\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nope", "/", "/v1", "/v1/v1/", "/xx", "/v1x", "/tasks", "/tasks/1/2"})
  void an_unknown_path_is_404_no_api(String path) throws Exception {
    assertProblem(server.get(path), 404, "no_api", "API does not exist");
  }

  @Test
  void a_name_in_a_pattern_is_percent_decoded_once() throws Exception {
    assertThat(server.get("/v1/tasks/a%20b%2525").body()).isEqualTo("a b%25");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x%zz", "/x%c3", "/x%00", "/x%0d%0aSet-Cookie:a", "/%ff%fe", "/x%4"})
  void a_path_that_is_no_text_is_400(String path) throws IOException {
    String answer = server.raw("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .contains("\"code\":\"bad_request\"")
        .contains("\"trace_id\":\"")
        .doesNotContain("\r\nSet-Cookie");
  }

  @Test
  void a_wrong_method_is_405_and_says_what_is_allowed() throws Exception {
    var answer = server.post("/x", "{}");

    assertProblem(answer, 405, "method_not_allowed", "POST is not allowed here; use GET");
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
  }

  @Test
  void options_tells_the_methods_and_head_sends_no_body() throws Exception {
    var options = send(server.request("/x").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    var head = send(server.request("/x").method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(options.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Length")).contains("13");
  }

  @Test
  void every_answer_has_a_trace_id_and_json_has_its_type_and_nothing_tells_the_server()
      throws Exception {
    var one = server.get("/x");
    var other = server.get("/x");

    assertThat(one.headers().firstValue("Carillon-Trace-Id").orElseThrow()).matches(UUID);
    assertThat(one.headers().firstValue("Carillon-Trace-Id"))
        .isNotEqualTo(other.headers().firstValue("Carillon-Trace-Id"));
    assertThat(one.headers().allValues("Content-Type")).containsExactly("application/json");
    assertThat(one.headers().map()).doesNotContainKeys("server", "x-powered-by");
  }

  @Test
  void query_values_are_decoded_in_order() throws Exception {
    assertThat(server.get("/query?q=a%20b&z=1&q=c").body()).isEqualTo("a b|c");
  }

  @Test
  void the_base_url_is_what_the_host_header_says() throws Exception {
    assertThat(server.get("/base").body())
        .isEqualTo("http://127.0.0.1:" + server.port() + " 127.0.0.1");
  }

  @Test
  void an_unexpected_exception_is_500_without_details() throws Exception {
    var answer = server.get("/broken");

    assertProblem(answer, 500, "api_error", "Internal server error.");
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  void an_exception_of_another_room_is_translated() throws Exception {
    assertProblem(server.get("/down"), 503, "unavailable", "");
  }

  @Test
  void retry_after_is_at_least_a_second() throws Exception {
    assertThat(server.get("/limited").headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void a_header_value_cannot_forge_another_header() throws Exception {
    var answer = server.get("/forged");

    assertThat(answer.headers().firstValue("X-Note")).contains("a  X-Forged: yes");
    assertThat(answer.headers().map()).doesNotContainKey("x-forged");
  }

  @Test
  void json_is_read_whatever_its_content_type_says() throws Exception {
    var plain =
        send(
            server
                .request("/echo")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}")));

    assertThat(plain.body()).isEqualTo("{\"a\":1}");
    assertThat(server.post("/echo", "{\"a\":1}").body()).isEqualTo("{\"a\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
  void forms_are_415(String type) throws Exception {
    var answer =
        send(
            server
                .request("/echo")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("a=1")));

    assertProblem(answer, 415, "unsupported_media_type", "Content-Type: application/json");
  }

  @Test
  void a_compressed_body_is_415() throws Exception {
    var answer =
        send(
            server
                .request("/echo")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString("zzz")));

    assertProblem(answer, 415, "unsupported_media_type", "without Content-Encoding");
  }

  @Test
  void the_text_is_the_body_as_sent_without_a_byte_order_mark() throws Exception {
    assertThat(server.post("/text", "\uFEFF{ \"a\" : 5.0 }").body()).isEqualTo("{ \"a\" : 5.0 }");
    assertThat(server.post("/text", "{\"a\":\"\uFFFD\"}").body()).isEqualTo("{\"a\":\"\uFFFD\"}");
  }

  @Test
  void a_body_of_ten_megabytes_is_413_whether_declared_or_in_chunks() throws Exception {
    var body = new byte[10 * 1024 * 1024];
    Arrays.fill(body, (byte) ' ');
    var chunked =
        send(
            server
                .request("/echo")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(body))));

    assertProblem(chunked, 413, "request_too_large", "Request body is too large.");
    assertProblem(server.post("/echo", body), 413, "request_too_large", "2097152 bytes");
    assertProblem(server.post("/nowhere", body), 404, "no_api", "");
    assertThat(server.get("/x").statusCode()).isEqualTo(200);
  }

  @Test
  void a_body_beyond_all_measure_is_413_before_it_is_sent() throws Exception {
    String answer =
        server.raw("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\"request_too_large\"");
  }

  @Test
  void a_small_body_nobody_reads_leaves_the_connection_usable() throws Exception {
    String answer =
        server.raw(
            lines("POST /deaf HTTP/1.1", "Host: h", "Content-Length: 5", "", "hello")
                + lines("GET /x HTTP/1.1", "Host: h", "Connection: close", "", ""));

    assertThat(answer.split("HTTP/1.1 200 ")).hasSize(3);
  }

  @Test
  void headers_beyond_the_limit_and_broken_heads_get_the_envelope() throws Exception {
    String large = "GET /x HTTP/1.1\r\nHost: h\r\nX-Large: " + "a".repeat(20_000) + "\r\n\r\n";
    String longLine = "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    String broken = "GET\r\n\r\n";
    String hostless = "GET /x HTTP/1.1\r\n\r\n";
    String badChunk = lines("POST /echo HTTP/1.1", "Host: h", CHUNKED, "", "zz", "hello", "");
    String smuggled =
        lines("POST /echo HTTP/1.1", "Host: h", "Content-Length: 3", CHUNKED, "", "0", "", "");

    for (String head : new String[] {large, longLine, broken, hostless, badChunk, smuggled}) {
      assertThat(server.raw(head))
          .startsWith("HTTP/1.1 4")
          .contains("Carillon-Trace-Id: ")
          .contains("{\"error\":{\"code\":\"bad_request\",\"message\":\"")
          .contains("\"trace_id\":\"");
    }
  }

  @Test
  void half_a_request_then_closing_hurts_nobody() throws Exception {
    for (String half :
        new String[] {
          "GET /x HT",
          "GET /x HTTP/1.1\r\nHost: h",
          "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{"
        }) {
      try (var socket = server.connect()) {
        socket.getOutputStream().write(half.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
      }
    }

    assertThat(server.get("/x").statusCode()).isEqualTo(200);
  }

  @Test
  void a_request_that_arrives_too_slowly_is_cut_off() throws Exception {
    var limits = TestServer.limits(Duration.ofSeconds(5), Duration.ofMillis(300));
    try (var other = new TestServer(new Routes(), limits);
        var socket = other.connect()) {
      var out = socket.getOutputStream();
      out.write("GET /x HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  @Test
  void the_listener_hears_the_pattern_and_not_the_path() throws Exception {
    server.get("/tasks/5");
    server.get("/nope");

    server.close();
    assertThat(server.answered).containsExactly("/tasks/{id} 200", "none 404");
  }

  @Test
  void a_part_of_a_file_is_sent(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("f"), "0123456789");
    var part =
        new Reply.FilePart(206, "video/mp4", new Reply.Slice(file, 2, 5), Map.of("ETag", "\"e\""));
    try (var other = new TestServer(new Routes().get("/media/{rest...}", _ -> part))) {
      var answer = other.get("/media/a/b.mp4");

      assertThat(answer.statusCode()).isEqualTo(206);
      assertThat(answer.body()).isEqualTo("23456");
      assertThat(answer.headers().firstValue("Content-Type")).contains("video/mp4");
    }
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return server.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void assertProblem(
      HttpResponse<String> answer, int status, String code, String message) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .startsWith("{\"error\":{\"code\":\"" + code + "\",\"message\":\"")
        .contains(message)
        .endsWith(
            "\"trace_id\":\""
                + answer.headers().firstValue("Carillon-Trace-Id").orElseThrow()
                + "\"}");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
  }
}
