package dev.carillon.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.http.HttpConfig;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OpsTest {
  private final AtomicBoolean store = new AtomicBoolean(true);
  private final Health health = new Health(store::get);
  private final Metrics metrics = new Metrics();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServer server =
      new WebServer(
          HttpConfig.DEFAULTS.withPort(0),
          metrics.addTo(health.addTo(new Routes())),
          new Ids(InstantSource.system(), RandomGenerator.getDefault()),
          _ -> Optional.empty(),
          metrics);
  private final int port = server.start();

  @AfterEach
  void close() {
    client.close();
    server.close();
    metrics.close();
  }

  @Test
  void it_lives_from_the_start_and_is_ready_when_serving_with_a_store() throws Exception {
    assertThat(get("/health/live", "").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready", "").statusCode()).isEqualTo(503);

    health.serving(true);
    assertThat(get("/health/ready", "").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready", "").body())
        .isEqualTo("{\"status\":\"ready\",\"serving\":true,\"store\":true}");

    store.set(false);
    assertThat(get("/health/ready", "").statusCode()).isEqualTo(503);
    assertThat(get("/health/live", "").statusCode()).isEqualTo(200);
  }

  @Test
  void figures_are_shown_as_prometheus_reads_them() throws Exception {
    metrics.taskAccepted("suno");
    metrics.taskAccepted("suno");
    metrics.taskEnded("suno", "succeeded", Duration.ofMillis(3), Duration.ofSeconds(4));
    metrics.callbackAttempted("delivered", Duration.ofMillis(2));
    metrics.gauge("carillon.inline.waits", "Requests that wait for a result.", () -> 7);
    get("/nowhere", "");

    var answer = get("/metrics", "");

    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains("carillon_tasks_accepted_total{service=\"suno\"} 2.0")
        .contains("carillon_tasks_ended_total{outcome=\"succeeded\",service=\"suno\"} 1.0")
        .contains("carillon_task_queued_seconds_count{service=\"suno\"} 1")
        .contains("carillon_task_running_seconds_sum{service=\"suno\"} 4.0")
        .contains("carillon_callback_attempts_total{result=\"delivered\"} 1.0")
        .contains("carillon_callback_lag_seconds_bucket{le=\"0.005\"} 1")
        .contains("carillon_inline_waits 7.0")
        .contains("carillon_http_requests_seconds_count{route=\"none\",status=\"404\"} 1")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void openmetrics_is_spoken_to_who_asks_for_it() throws Exception {
    var answer = get("/metrics", "application/openmetrics-text; version=1.0.0");

    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(answer.body()).endsWith("# EOF\n");
  }

  private HttpResponse<String> get(String path, String accept)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (!accept.isEmpty()) {
      request.header("Accept", accept);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
