package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Applications, tokens, credit and usage: by the operator's commands, the admin API and the
/// platform API (contract sections 1.3, 1.4 and 5.3).
final class ManagementIT {
  private static final String SONG = "{\"prompt\":\"a song\",\"async\":true}";

  private static JsonNode json(GatewayProcess gateway, String... arguments) {
    var all = new java.util.ArrayList<>(List.of(arguments));
    all.add("--json");
    GatewayProcess.Ending ending = gateway.command(all.toArray(String[]::new));
    assertThat(ending.status()).as(ending.output()).isZero();
    return Json.read(ending.output());
  }

  @Test
  void what_a_command_made_on_a_stopped_gateways_file_works_when_it_starts() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      gateway.stop();
      json(gateway, "app", "create", "shop", "--service", "suno", "--credit", "0.5");
      JsonNode made = json(gateway, "token", "create", "--app", "shop");
      gateway.startAgain();
      Api shop = gateway.api().as(made.path("token").asString());

      shop.ended(shop.submit("/suno/audios", SONG));

      Shapes.assertError(shop.post("/suno/audios", SONG), 403, "used_up");
      Shapes.assertError(shop.post("/luma/videos", SONG), 401, "token_mismatched");
      json(gateway, "credit", "add", "0.5", "--app", "shop");
      shop.submit("/suno/audios", SONG);
      json(gateway, "token", "revoke", made.path("id").asString());
      Shapes.assertError(shop.post("/suno/audios", SONG), 401, "invalid_token");
    }
  }

  @Test
  void the_instance_balance_pays_first_and_the_general_one_only_when_allowed() {
    try (var gateway = GatewayProcess.start(Map.of("CARILLON_FIRST_CREDIT", "10"))) {
      Api admin = gateway.api().as(gateway.adminToken());
      JsonNode app =
          admin
              .post(
                  "/admin/v1/applications",
                  "{\"name\":\"a\",\"service\":\"suno\",\"credit\":\"0.7\"}")
              .json();
      String id = app.path("id").asString();
      Api caller = gateway.api().as(token(admin, id, ""));

      caller.ended(caller.submit("/suno/audios", SONG));
      Shapes.assertError(caller.post("/suno/audios", SONG), 403, "used_up");
      admin.send(
          admin
              .request("/admin/v1/applications/" + id)
              .method(
                  "PATCH",
                  java.net.http.HttpRequest.BodyPublishers.ofString(
                      "{\"allow_consume_global\":true}")));
      caller.ended(caller.submit("/suno/audios", SONG));

      JsonNode balances = admin.get("/admin/v1/balances").json().at("/items/0");
      assertThat(balances.path("general_balance").decimalValue()).isEqualByComparingTo("9.7");
      assertThat(balances.at("/applications/0/remaining_amount").decimalValue())
          .isEqualByComparingTo("0");
    }
  }

  private static String token(Api admin, String application, String more) {
    Answer made =
        admin.post(
            "/admin/v1/credentials", "{\"application_id\":\"" + application + "\"" + more + "}");
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    return made.json().path("token").asString();
  }

  private static String firstApplication(Api admin) {
    return admin.get("/admin/v1/applications").json().at("/items/0/id").asString();
  }

  @Test
  void a_token_does_what_it_may_and_no_more() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      Api admin = gateway.api().as(gateway.adminToken());
      String app = firstApplication(admin);
      Api limited = gateway.api().as(token(admin, app, ",\"limited_amount\":0.6"));
      Api reader = gateway.api().as(token(admin, app, ",\"read_only\":true"));
      Api suno = gateway.api().as(token(admin, app, ",\"services\":[\"suno\"]"));
      Api lyrics = gateway.api().as(token(admin, app, ",\"allowed_api_ids\":[\"/suno/lyrics\"]"));

      String id = limited.submit("/suno/audios", SONG);
      Answer refused = limited.post("/suno/audios", SONG);
      Shapes.assertError(refused, 403, "used_up");
      assertThat(refused.text()).contains("spending limit");
      assertThat(reader.post("/suno/tasks", "{\"id\":\"" + id + "\"}").status()).isEqualTo(200);
      Shapes.assertError(reader.post("/suno/audios", SONG), 401, "token_mismatched");
      Shapes.assertError(reader.post("/v1/tasks/" + id + "/cancel", ""), 401, "token_mismatched");
      Shapes.assertError(suno.post("/luma/videos", SONG), 401, "token_mismatched");
      suno.submit("/suno/audios", SONG);
      Shapes.assertError(lyrics.post("/suno/audios", SONG), 401, "token_mismatched");
    }
  }

  @Test
  void usage_is_exact_after_a_kill() {
    try (var gateway = GatewayProcess.start(Map.of())) {
      Api api = gateway.api();
      for (int i = 0; i < 5; i++) {
        api.ended(api.submit("/suno/audios", SONG));
      }
      api.ended(
          api.submit(
              "/suno/audios", "{\"prompt\":\"[[sandbox fail=forbidden]] x\",\"async\":true}"));
      gateway.kill();
      gateway.startAgain();

      JsonNode usage = api.get("/v1/usage?group=service,api").json().at("/items/0");
      assertThat(usage.path("api").asString()).isEqualTo("/suno/audios");
      assertThat(usage.path("succeeded").intValue()).isEqualTo(5);
      assertThat(usage.path("failed").intValue()).isEqualTo(1);
      assertThat(usage.path("charged").asString()).isEqualTo("2.5");
      assertThat(api.get("/v1/usage", "accept", "text/csv").text())
          .startsWith("day,service,tasks,");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/tasks", "/api/v1/applications/", "/admin/v1/accounts"})
  void a_token_in_the_query_string_is_refused_everywhere(String path) {
    try (var gateway = GatewayProcess.start(Map.of())) {
      Answer refused = gateway.api().anonymous().get(path + "?token=" + gateway.token());

      Shapes.assertError(refused, 400, "bad_request");
      assertThat(refused.text()).contains("query string");
    }
  }
}
