package dev.carillon.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FrontTest {
  private final TestServer server =
      new TestServer(
          new Routes()
              .post("/echo", call -> Reply.json(call.json().node().toString()))
              .get("/names", call -> Reply.json(String.join("|", call.queryNames())))
              .get(
                  "/closed",
                  _ -> {
                    throw Problem.of(ErrorCode.INVALID_TOKEN);
                  })
              .fallback(
                  call ->
                      call.path().equals("/door")
                          ? Routes.otherMethod(call.method(), "OPTIONS, POST")
                          : new Reply.Empty(204, Map.of()),
                  call -> call.path().startsWith("/door") ? "/door" : "none"));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_client_that_leaves_in_the_middle_of_its_body_is_no_error_of_ours() throws Exception {
    try (var socket = server.connect()) {
      String head = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{\"a\"";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();

      byte[] answer = socket.getInputStream().readAllBytes();

      assertThat(new String(answer, StandardCharsets.US_ASCII)).doesNotContain("HTTP/1.1 500");
    }
    assertThat(server.answered).noneMatch(line -> line.endsWith(" 500"));
  }

  @Test
  void what_the_fallback_answers_is_counted_under_its_own_name() throws Exception {
    server.get("/v1//door/");
    server.get("/elsewhere");

    assertThat(server.answered).containsExactly("/door 405", "none 204");
  }

  @Test
  void a_refused_token_says_which_scheme_would_do() throws Exception {
    var answer = server.get("/closed");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void a_handler_may_answer_other_methods_as_routes_do() throws Exception {
    var refused = server.get("/door");
    var options = server.raw("OPTIONS /door HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.body()).contains("GET is not allowed here; use OPTIONS, POST.");
    assertThat(refused.headers().firstValue("Allow")).contains("OPTIONS, POST");
    assertThat(options).startsWith("HTTP/1.1 204 ").contains("Allow: OPTIONS, POST");
  }

  @Test
  void the_names_in_a_query_can_be_listed() throws Exception {
    assertThat(server.get("/names?a=1&b%20c=2&a=3").body().split("\\|"))
        .containsExactlyInAnyOrder("a", "b c");
  }

  @Test
  void an_older_protocol_is_told_what_to_change_at_the_proxy() throws Exception {
    assertThat(server.raw("GET /echo HTTP/1.0\r\nHost: h\r\n\r\n"))
        .startsWith("HTTP/1.1 505 ")
        .contains("proxy_http_version 1.1");
  }
}
