package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whose token it is, what it may do, and what it has left: contract sections 1.3, 5.2 and 5.3.
final class TokensIT {
  private static final String IMAGINE = "/midjourney/imagine";
  private static final String BODY = "{\"prompt\":\"a cat\",\"async\":true}";

  @Test
  void a_task_of_another_application_looks_unknown() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      Api api = gateway.api();
      String flux = api.submit("/flux/images", Shapes.FLUX);
      String maestro = api.submit("/maestro/videos", "{\"prompt\":\"x\"}");
      api.ended(flux);
      gateway.stop();
      Ledger.in(gateway.data()).moveTokenToAnotherApplication();
      gateway.startAgain();

      assertThat(api.post("/flux/tasks", "{\"id\":\"" + flux + "\"}").text()).isEqualTo("{}");
      assertThat(
              api.post(
                      "/flux/tasks",
                      "{\"action\":\"retrieve_batch\",\"ids\":[\"%s\"]}".formatted(flux))
                  .json()
                  .path("count")
                  .intValue(-1))
          .isZero();
      assertThat(
              api.post("/flux/tasks", "{\"action\":\"retrieve_batch\"}")
                  .json()
                  .path("items")
                  .isEmpty())
          .isTrue();
      assertThat(api.get("/v1/tasks").json().path("items").isEmpty()).isTrue();
      Shapes.assertError(api.get("/v1/tasks/" + flux), 404, "not_found");
      Shapes.assertError(api.get("/v1/tasks/" + flux + "/events"), 404, "not_found");
      Shapes.assertError(api.post("/v1/tasks/" + flux + "/cancel", ""), 404, "not_found");
      Shapes.assertError(
          api.post("/maestro/tasks", "{\"id\":\"" + maestro + "\"}"), 404, "not_found");
    }
  }

  @Test
  void a_token_of_one_service_fits_no_other() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      gateway.stop();
      Ledger.in(gateway.data()).bindTokenTo("suno");
      gateway.startAgain();

      Shapes.assertError(gateway.api().post(IMAGINE, BODY), 401, "token_mismatched");
      Shapes.assertError(
          gateway.api().post("/midjourney/tasks", "{\"id\":\"x\"}"), 401, "token_mismatched");
      assertThat(gateway.api().post("/suno/audios", BODY).status()).isEqualTo(200);
    }
  }

  @Test
  void an_expired_token_is_told_so_and_a_blocked_application_too() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      gateway.stop();
      Ledger.in(gateway.data()).blockApplication();
      gateway.startAgain();
      Shapes.assertError(gateway.api().post(IMAGINE, BODY), 403, "disabled");

      gateway.stop();
      Ledger.in(gateway.data()).expireToken();
      gateway.startAgain();
      Shapes.assertError(gateway.api().post(IMAGINE, BODY), 401, "token_expired");
    }
  }

  @Test
  void an_empty_balance_refuses_and_a_failure_costs_nothing() {
    try (var gateway = GatewayProcess.start(Map.of("CARILLON_FIRST_CREDIT", "0.3"))) {
      Api api = gateway.api();
      String failed =
          api.submit(IMAGINE, "{\"prompt\":\"[[sandbox fail=forbidden]] x\",\"async\":true}");
      api.ended(failed);

      String made = api.submit(IMAGINE, BODY);
      api.ended(made);

      Shapes.assertError(api.post(IMAGINE, BODY), 403, "used_up");
      assertThat(api.task(failed).at("/charge/charged").asString()).isEqualTo("0");
      assertThat(api.task(made).at("/charge/charged").asString()).isEqualTo("0.28");
      assertThat(api.post("/midjourney/tasks", "{\"id\":\"" + made + "\"}").status())
          .isEqualTo(200);
    }
  }

  @Test
  void a_burst_is_refused_with_the_time_to_wait_and_polling_goes_on() {
    var rates =
        Map.of("CARILLON_ACCESS_CREATE_PER_SECOND", "1", "CARILLON_ACCESS_CREATE_BURST", "3");
    try (var gateway = GatewayProcess.start(rates)) {
      Api api = gateway.api();
      String id = api.submit(IMAGINE, BODY);

      Answer refused =
          Await.value(
              "a refusal",
              Duration.ofSeconds(20),
              () -> Optional.of(api.post(IMAGINE, BODY)).filter(answer -> answer.status() != 200));

      Shapes.assertError(refused, 429, "too_many_requests");
      assertThat(Integer.parseInt(refused.header("retry-after").orElse("0"))).isPositive();
      assertThat(api.post("/midjourney/tasks", "{\"id\":\"" + id + "\"}").status()).isEqualTo(200);
    }
  }
}
