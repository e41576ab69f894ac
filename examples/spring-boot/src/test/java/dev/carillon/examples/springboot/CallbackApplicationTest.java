package dev.carillon.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.webhook.Inbox;
import dev.carillon.client.webhook.JdbcInbox;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.sqlite.SQLiteDataSource;

@Timeout(120)
final class CallbackApplicationTest {
  @TempDir Path folder;

  @Test
  void the_started_program_takes_callbacks_in_and_deals_with_them() throws Exception {
    String file = folder.resolve("inbox.db").toString();
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + file);

    try (var running =
        SpringApplication.run(
            CallbackApplication.class,
            "--server.port=0",
            "--spring.main.banner-mode=off",
            "--carillon.webhook-secret=" + SignedRequest.SECRET,
            "--carillon.inbox=" + file)) {
      String port = running.getEnvironment().getProperty("local.server.port");
      URI hook = URI.create("http://127.0.0.1:" + port + "/hook");
      var good =
          SignedRequest.of("a", InstantSource.system().instant(), "{\"type\": \"task.failed\"}");
      var forged = new SignedRequest(new byte[] {'{', '}'}, good.headers());

      assertThat(post(hook, good)).isEqualTo(204);
      assertThat(post(hook, good)).isEqualTo(204);
      assertThat(post(hook, forged)).isEqualTo(401);

      Inbox inbox = JdbcInbox.open(database);
      Inbox.Standing done =
          Await.value(
              "it is done",
              Duration.ofSeconds(30),
              () -> inbox.find("a").filter(at -> at.state() == Inbox.State.DONE));
      assertThat(done.attempts()).isEqualTo(1);
      assertThat(inbox.open()).isZero();
    }
  }

  private static int post(URI url, SignedRequest signed) throws Exception {
    var request = HttpRequest.newBuilder(url).POST(BodyPublishers.ofByteArray(signed.body()));
    signed.headers().forEach((name, values) -> request.header(name, values.getFirst()));
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }
}
