package dev.carillon.examples.jdkserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.SignedRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class CallbackServerTest {
  @TempDir Path folder;

  private final List<String> ran = new CopyOnWriteArrayList<>();

  private CallbackServer server() throws Exception {
    return new CallbackServer(
        0,
        SignedRequest.SECRET,
        CallbackServer.inbox(folder.resolve("inbox.db").toString()),
        claim -> ran.add(claim.event().id()));
  }

  @Test
  void an_event_runs_once_though_it_comes_twice_and_the_program_starts_again() throws Exception {
    try (CallbackServer server = server()) {
      assertThat(post(server, signed("a"))).isEqualTo(204);
      assertThat(post(server, signed("a"))).isEqualTo(204);
      Await.until("it ran", Duration.ofSeconds(20), () -> ran.contains("a"));
    }
    try (CallbackServer again = server()) {
      assertThat(post(again, signed("a"))).isEqualTo(204);
      assertThat(post(again, signed("b"))).isEqualTo(204);
      Await.until("the other ran", Duration.ofSeconds(20), () -> ran.contains("b"));
    }

    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void a_forged_request_is_refused() throws Exception {
    SignedRequest good = signed("a");

    try (CallbackServer server = server()) {
      assertThat(post(server, new SignedRequest(new byte[] {'{', '}'}, good.headers())))
          .isEqualTo(401);
    }
    assertThat(ran).isEmpty();
  }

  private static SignedRequest signed(String id) {
    return SignedRequest.of(id, InstantSource.system().instant(), "{\"success\":true}");
  }

  private static int post(CallbackServer server, SignedRequest signed) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/hook"))
            .POST(BodyPublishers.ofByteArray(signed.body()));
    signed.headers().forEach((name, values) -> request.header(name, values.getFirst()));
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }
}
