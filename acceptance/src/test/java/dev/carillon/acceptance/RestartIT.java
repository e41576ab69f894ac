package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a start in order keeps: everything. [KillIT] tells what a death keeps.
final class RestartIT {

  @Test
  void a_restart_keeps_tasks_results_media_and_the_token_and_shows_no_token() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      Api api = gateway.api();
      String first = gateway.logOfThisStart();
      JsonNode image = api.post("/midjourney/imagine", "{\"prompt\":\"kept\"}").json();
      String ended = image.path("task_id").asString();
      String running =
          api.submit("/suno/audios", "{\"prompt\":\"[[sandbox take=3s]] x\",\"async\":true}");
      JsonNode before = api.record("midjourney", ended);
      byte[] picture = api.get(image.path("image_url").asString()).body();

      gateway.stop();
      gateway.startAgain();

      assertThat(first).containsOnlyOnce("Authorization: Bearer");
      assertThat(gateway.logOfThisStart()).doesNotContain("Bearer").doesNotContain(gateway.token());
      assertThat(api.record("midjourney", ended)).isEqualTo(before);
      assertThat(api.get(image.path("image_url").asString()).body()).isEqualTo(picture);
      Shapes.assertSucceeded(api.finished("suno", running));
    }
  }

  @Test
  void a_second_gateway_on_the_same_data_does_not_start() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      var second =
          GatewayProcess.run(
              Map.of(), Map.of(), "serve", "--port", "0", "--data", gateway.data().toString());

      assertThat(second.status()).isNotZero();
      assertThat(second.output()).doesNotContain("Exception");
      assertThat(gateway.api().get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void readiness_liveness_and_metrics_need_no_token() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      Api stranger = gateway.api().anonymous();

      assertThat(stranger.get("/health/live").status()).isEqualTo(200);
      assertThat(stranger.get("/health/ready").status()).isEqualTo(200);
      assertThat(stranger.get("/metrics").text()).contains("# TYPE");
      assertThat(stranger.get("/openapi.json").json().path("paths").has("/midjourney/imagine"))
          .isTrue();
    }
  }
}
