package dev.carillon.gateway.manage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlatformRoutesTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private House house;

  @SuppressWarnings("NullAway.Init") // set before each test
  private AccountId account;

  @SuppressWarnings("NullAway.Init") // set before each test
  private String token;

  @BeforeEach
  void open() {
    house = new House(folder);
    account = house.account("100");
    token = house.platformToken(account);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private House.Answer ask(String method, String target, String body) {
    return house.ask(token, method, "/api/v1" + target, body);
  }

  private String application() {
    var made = ask("POST", "/applications/", "{\"service_id\":\"suno\"}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.at("/id");
  }

  private House.Answer credential(String more) {
    var made =
        ask("POST", "/credentials/", "{\"application_id\":\"" + application() + "\"" + more + "}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made;
  }

  @Test
  void an_application_is_made_found_and_allowed_the_general_balance() {
    String id = application();

    var shown = ask("GET", "/applications/" + id, "");
    assertThat(shown.at("/scope")).isEqualTo("Individual");
    assertThat(shown.at("/service")).isEqualTo("suno");
    assertThat(shown.json().at("/remaining_amount").isNumber()).isTrue();
    assertThat(shown.at("/allow_consume_global")).isEqualTo("false");
    var allowed =
        ask(
            "POST",
            "/applications/" + id + "/update-allow-consume-global/",
            "{\"allow_consume_global\":true}");
    assertThat(allowed.at("/allow_consume_global")).isEqualTo("true");
    var list = ask("GET", "/applications/?service_id=" + shown.at("/service_id"), "");
    assertThat(list.at("/count")).isEqualTo("1");
    assertThat(list.json().path("items")).isEqualTo(list.json().path("results"));
    assertThat(ask("GET", "/applications/?scope=Global", "").at("/count")).isEqualTo("0");
    assertThat(ask("GET", "/applications/?user_id=another", "").at("/count")).isEqualTo("0");
  }

  @Test
  void a_global_application_shows_the_general_balance() {
    var made = ask("POST", "/applications/", "{\"scope\":\"Global\"}");

    assertThat(made.json().path("service_id").isNull()).isTrue();
    assertThat(made.at("/remaining_amount")).isEqualTo("100");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | service_id",
        "{\"service_id\":\"sunno\"} | sunno",
        "{\"service_id\":\"suno\",\"type\":\"Period\"} | type",
        "{\"scope\":\"All\"} | scope"
      })
  void an_application_that_cannot_be_is_refused(String body, String named) {
    var refused = ask("POST", "/applications/", body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains(named);
  }

  @Test
  void a_credential_shows_its_token_once() {
    var made = credential(",\"name\":\"k\",\"limited_amount\":0.5");

    assertThat(made.at("/token")).matches("[0-9a-f]{32}");
    assertThat(made.at("/limited_amount")).isEqualTo("0.5");
    var shown = ask("GET", "/credentials/" + made.at("/id"), "");
    assertThat(shown.json().path("token").isNull()).isTrue();
    assertThat(ask("GET", "/credentials/?name=k", "").text())
        .contains(made.at("/id"))
        .doesNotContain(made.at("/token"));
  }

  @Test
  void a_credential_is_changed_by_what_is_sent_and_null_takes_away() {
    var made = credential(",\"limited_amount\":5,\"expired_at\":\"2027-01-01T00:00:00\"");
    String path = "/credentials/" + made.at("/id");

    var renamed = ask("PATCH", path, "{\"name\":\"other\"}");
    assertThat(renamed.at("/name")).isEqualTo("other");
    assertThat(renamed.at("/limited_amount")).isEqualTo("5");
    assertThat(renamed.at("/expired_at")).isEqualTo("2027-01-01T00:00:00Z");
    var freed = ask("PATCH", path, "{\"limited_amount\":null,\"expired_at\":null}");
    assertThat(freed.json().path("limited_amount").isNull()).isTrue();
    assertThat(freed.json().path("expired_at").isNull()).isTrue();
    var bound = ask("PATCH", path, "{\"allowed_api_ids\":[\"/suno/audios\"]}");
    assertThat(bound.at("/apis/0")).isEqualTo("/suno/audios");
    String api = bound.at("/allowed_api_ids/0");
    assertThat(ask("PATCH", path, "{\"allowed_api_ids\":[\"" + api + "\"]}").at("/apis/0"))
        .isEqualTo("/suno/audios");
    assertThat(ask("PATCH", path, "{\"allowed_api_ids\":[\"/no/such\"]}").status()).isEqualTo(400);
  }

  @Test
  void rotating_gives_another_token_and_keeps_the_old_one_only_when_asked() {
    var made = credential("");
    String path = "/credentials/" + made.at("/id") + "/rotate/";

    var rotated = ask("POST", path, "");
    assertThat(rotated.at("/token")).isNotEqualTo(made.at("/token"));
    assertThat(works(made.at("/token"))).isEqualTo("token_expired");
    assertThat(works(rotated.at("/token"))).isEmpty();

    var again = ask("POST", path, "{\"overlap\":\"10m\"}");
    assertThat(works(rotated.at("/token"))).isEmpty();
    assertThat(works(again.at("/token"))).isEmpty();
    house.clock.advance(Duration.ofMinutes(10));
    assertThat(works(rotated.at("/token"))).isEqualTo("token_expired");
    assertThat(works(again.at("/token"))).isEmpty();
  }

  @Test
  void a_deleted_credential_fails_with_the_next_request() {
    var made = credential("");
    assertThat(works(made.at("/token"))).isEmpty();

    var deleted = ask("DELETE", "/credentials/" + made.at("/id") + "/", "");

    assertThat(deleted.text()).isEqualTo("{}");
    assertThat(works(made.at("/token"))).isEqualTo("invalid_token");
    assertThat(ask("GET", "/credentials/" + made.at("/id"), "").status()).isEqualTo(404);
    assertThat(ask("GET", "/credentials/", "").at("/count")).isEqualTo("0");
  }

  /// The code a business call is refused with; empty when it is not.
  private String works(String business) {
    return house.ask(business, "GET", "/v1/usage", "").code();
  }

  @Test
  void business_tokens_do_not_manage_and_platform_tokens_do_no_business() {
    var made = credential("");

    var refused = house.ask(made.at("/token"), "GET", "/api/v1/applications/", "");

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.code()).isEqualTo("invalid_token");
    assertThat(works(token)).isEqualTo("invalid_token");
  }

  @Test
  void what_belongs_to_another_account_looks_unknown() {
    String id = application();
    var made = credential("");
    String other = house.platformToken(house.account("1"));

    for (String path :
        new String[] {
          "/applications/" + id, "/credentials/" + made.at("/id"), "/applications/no-uuid"
        }) {
      assertThat(house.ask(other, "GET", "/api/v1" + path, "").code()).isEqualTo("not_found");
    }
    assertThat(
            house
                .ask(other, "POST", "/api/v1/credentials/" + made.at("/id") + "/rotate/", "")
                .code())
        .isEqualTo("not_found");
    assertThat(house.ask(other, "GET", "/api/v1/credentials/", "").at("/count")).isEqualTo("0");
    assertThat(works(made.at("/token"))).isEmpty();
  }

  @Test
  void platform_tokens_are_made_listed_and_taken_back() {
    assertThat(ask("GET", "/platform-tokens/me/", "").at("/id")).isEqualTo(account.toString());
    var made = ask("POST", "/platform-tokens/", "{}");
    assertThat(made.at("/token")).startsWith("platform-");
    assertThat(ask("GET", "/platform-tokens/", "").at("/count")).isEqualTo("2");
    assertThat(house.ask(made.at("/token"), "GET", "/api/v1/config/", "").status()).isEqualTo(200);

    ask("DELETE", "/platform-tokens/" + made.at("/id") + "/", "");

    assertThat(house.ask(made.at("/token"), "GET", "/api/v1/config/", "").code())
        .isEqualTo("invalid_token");
    assertThat(ask("GET", "/platform-tokens/", "").at("/count")).isEqualTo("1");
  }

  @Test
  void usage_tells_each_ended_task_and_its_sums() {
    var made = credential("");
    var application = ApplicationId.parse(made.at("/application_id")).orElseThrow();
    var credential = CredentialId.parse(made.at("/id")).orElseThrow();
    house.directory.change(application, java.util.Optional.empty(), java.util.Optional.of(true));
    assertThat(house.accept(application, credential, "0.5")).isInstanceOf(Accepted.Taken.class);
    house.clock.advance(Duration.ofSeconds(2));
    var now = house.clock.instant();
    house.end(new TaskState.Succeeded(now, now, new Answer("{}")));

    var list = ask("GET", "/usage/apis/?limit=5", "");
    assertThat(list.at("/count")).isEqualTo("1");
    assertThat(list.at("/items/0/amount")).isEqualTo("0.5");
    assertThat(list.at("/items/0/status_code")).isEqualTo("200");
    assertThat(ask("GET", "/usage/apis/" + list.at("/items/0/id"), "").at("/path"))
        .isEqualTo("/suno/audios");
    assertThat(ask("GET", "/usage/apis/aggregate/", "").at("/total")).isEqualTo("0.5");
    assertThat(ask("GET", "/usage/apis/export/", "").text()).contains(",/suno/audios,200,0.5,");
    assertThat(ask("GET", "/credentials/" + made.at("/id"), "").at("/used_amount"))
        .isEqualTo("0.5");
    assertThat(house.directory.account(account).generalBalance().toString()).isEqualTo("99.5");
    String other = house.platformToken(house.account("1"));
    assertThat(house.ask(other, "GET", "/api/v1/usage/apis/", "").at("/count")).isEqualTo("0");
    assertThat(house.ask(other, "GET", "/api/v1/usage/apis/" + list.at("/items/0/id"), "").status())
        .isEqualTo(404);
  }

  @Test
  void the_catalog_is_told_to_everybody_with_stable_ids() {
    var service = ask("GET", "/services/?limit=300", "");
    assertThat(service.json().path("items").size()).isGreaterThan(20);
    var api = ask("GET", "/apis/?path=/suno/audios", "");
    assertThat(api.at("/count")).isEqualTo("1");
    assertThat(api.at("/items/0/id")).isEqualTo(CatalogIds.ofApi("/suno/audios").toString());
    assertThat(api.json().at("/items/0/definition/requestBody").isObject()).isTrue();
    assertThat(ask("GET", "/services/suno", "").at("/id")).isEqualTo(api.at("/items/0/service_id"));
    assertThat(ask("GET", "/models/", "").json().path("data").size()).isGreaterThan(10);
  }

  @Test
  void what_was_given_reads_as_finished_orders_of_the_account_alone() {
    house.admin("POST", "/credits", "{\"amount\": 7, \"account_id\": \"" + account + "\"}");
    house.admin("POST", "/credits", "{\"amount\": -2, \"account_id\": \"" + account + "\"}");
    house.admin(
        "POST", "/credits", "{\"amount\": 9, \"account_id\": \"" + house.account("1") + "\"}");

    var orders = ask("GET", "/orders/?limit=20&state=Finished&user_id=" + account, "");

    var seven =
        orders
            .json()
            .path("items")
            .valueStream()
            .filter(one -> one.path("amount").asInt() == 7)
            .toList();
    assertThat(seven).hasSize(1);
    assertThat(orders.text()).doesNotContain("\"amount\":-2").doesNotContain("\"amount\":9");
    assertThat(orders.json().path("results")).isEqualTo(orders.json().path("items"));
    String id = seven.getFirst().path("id").asString();
    assertThat(ask("GET", "/orders/" + id, "").at("/state")).isEqualTo("Finished");
    assertThat(ask("GET", "/orders/summary/", "").json().path("count"))
        .isEqualTo(orders.json().path("count"));
    assertThat(ask("GET", "/orders/export/", "").text()).contains(id);
    assertThat(ask("GET", "/orders/?state=Paid", "").json().path("count").asInt()).isZero();
    assertThat(ask("POST", "/orders/", "{}").code()).isEqualTo("api_not_implemented");
  }

  @Test
  void each_service_has_a_document_that_needs_no_token() {
    var all = house.ask("", "GET", "/api/v1/documents/?type=Text&private=false&limit=100", "");
    var suno =
        all.json()
            .path("items")
            .valueStream()
            .filter(one -> one.path("alias").asString("").equals("suno"))
            .findFirst()
            .orElseThrow();

    var one = ask("GET", "/documents/?id=" + suno.path("id").asString(), "");

    assertThat(one.json().path("count").asInt()).isEqualTo(1);
    assertThat(one.at("/items/0/content")).contains("## POST /suno/audios");
    assertThat(ask("GET", "/documents/?private=true", "").json().path("count").asInt()).isZero();
  }
}
