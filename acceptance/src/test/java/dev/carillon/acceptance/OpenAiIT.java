package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.ModelStandIn;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// OpenAI's official clients, unchanged, against this gateway without any key of a provider. The
/// programs stand in `acceptance/openai`; each prints a line a step and ends with 1 when one
/// failed.
@ExtendWith(SharedGateway.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class OpenAiIT {
  private static final Path PROGRAMS =
      Path.of(System.getProperty("carillon.openai", "openai")).toAbsolutePath().normalize();
  private static final Path HOME = PROGRAMS.resolveSibling(".openai");
  private static final int PREPARING_MINUTES = 8;
  private static final int RUNNING_SECONDS = 240;
  private static final Duration SOON = Duration.ofSeconds(30);

  private final GatewayProcess gateway;

  OpenAiIT(GatewayProcess gateway) {
    this.gateway = gateway;
  }

  @BeforeAll
  @Timeout(value = PREPARING_MINUTES, unit = TimeUnit.MINUTES)
  static void prepare() throws Exception {
    var builder = new ProcessBuilder(PROGRAMS.resolve("prepare").toString());
    run(builder, "OpenAI's clients could not be installed", PREPARING_MINUTES * 60);
  }

  @Test
  void the_python_client_works_unchanged() throws Exception {
    client(HOME.resolve("python/bin/python").toString(), PROGRAMS.resolve("python/client.py"));
  }

  @Test
  void the_javascript_client_works_unchanged() throws Exception {
    client("node", HOME.resolve("javascript/client.js"));
  }

  private void client(String runner, Path program) throws Exception {
    var builder = new ProcessBuilder(List.of(runner, program.toString()));
    builder.environment().put("OPENAI_BASE_URL", gateway.base() + "/v1");
    builder.environment().put("OPENAI_API_KEY", gateway.token());
    builder.environment().put("LIMITED_API_KEY", limitedToken());
    run(builder, program.getFileName() + " failed", RUNNING_SECONDS);
  }

  /// A token of an application that may call three times at once and then every second.
  private String limitedToken() throws Exception {
    Api admin = gateway.api().as(gateway.adminToken());
    String application =
        admin.post("/admin/v1/applications", "{\"name\":\"limited\"}").json().path("id").asString();
    Answer limits =
        admin.send(
            admin
                .request("/admin/v1/applications/" + application + "/limits")
                .method(
                    "PATCH",
                    BodyPublishers.ofString("{\"create_per_second\":1,\"create_burst\":3}")));
    assertThat(limits.status()).as("%s", limits).isEqualTo(200);
    return admin
        .post("/admin/v1/credentials", "{\"application_id\":\"" + application + "\"}")
        .json()
        .path("token")
        .asString();
  }

  private static void run(ProcessBuilder builder, String failure, int seconds)
      throws IOException, InterruptedException {
    Program.run(builder.directory(PROGRAMS.toFile()), failure, seconds);
  }

  /// What was held for a call whose gateway was killed is given back by the next start.
  @Test
  void killed_in_the_middle_of_a_stream_nothing_stays_held() throws Exception {
    var over = new CountDownLatch(1);
    try (var other = GatewayProcess.start(Map.of("CARILLON_FIRST_CREDIT", "10"));
        var provider =
            new ModelStandIn(turn -> {
              turn.begin(200, "text/event-stream").event("{\"choices\":[]}");
              over.await(SOON.toSeconds(), TimeUnit.SECONDS);
            })) {
      Files.createDirectories(other.data().resolve("passthrough"));
      Files.writeString(
          other.data().resolve("passthrough/p.yaml"),
          "base-url: " + provider.url() + "\nmodels: [{name: m, price: {request: \"4\"}}]\n");
      other.kill();
      other.startAgain();
      begin(other);
      other.kill();
      other.startAgain();

      Api api = other.api();
      Await.until("the call has ended", SOON, () -> newest(api).path("finished_at").isString());
      assertThat(newest(api).path("state").asString()).isEqualTo("failed");
      assertThat(newest(api).at("/charge/released").asString()).isEqualTo("4");
      assertThat(spendable(api)).isEqualTo("10");
      assertThat(provider.asked()).isEqualTo(1);
    } finally {
      over.countDown();
    }
  }

  private static JsonNode newest(Api api) {
    return api.get("/v1/tasks").json().at("/items/0");
  }

  private static String spendable(Api api) {
    return api.post("/v1/midjourney/imagine?dry_run=1", "{\"prompt\":\"x\"}")
        .json()
        .at("/balance/spendable")
        .asString();
  }

  /// Sends a call and returns once its first event has come.
  private static void begin(GatewayProcess gateway) throws Exception {
    var request =
        gateway
            .api()
            .request("/v1/chat/completions")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));
    InputStream stream =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream()).body();
    byte[] start = stream.readNBytes("data: {".length());
    assertThat(new String(start, StandardCharsets.UTF_8)).isEqualTo("data: {");
  }
}
