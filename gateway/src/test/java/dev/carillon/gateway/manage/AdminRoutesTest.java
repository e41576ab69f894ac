package dev.carillon.gateway.manage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdminRoutesTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private House house;

  @BeforeEach
  void open() {
    house = new House(folder);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private String application(String body) {
    var made = house.admin("POST", "/applications", body);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.at("/id");
  }

  @Test
  void only_the_admin_token_opens_and_tries_are_limited_by_address() {
    var account = house.account("1");

    assertThat(house.ask(house.platformToken(account), "GET", "/admin/v1/accounts", "").code())
        .isEqualTo("invalid_token");
    for (int i = 0; i < 250; i++) {
      house.ask("wrong", "GET", "/admin/v1/accounts", "");
    }
    assertThat(house.ask("wrong", "GET", "/admin/v1/accounts", "").code())
        .isEqualTo("too_many_requests");
    assertThat(house.admin("GET", "/accounts", "").status()).isEqualTo(200);
  }

  @Test
  void an_application_without_a_named_account_belongs_to_the_only_one() {
    assertThat(house.admin("POST", "/applications", "{\"name\":\"a\"}").text())
        .contains("There is no account yet");
    var account = house.account("1");
    application("{\"name\":\"a\"}");
    house.account("1");

    assertThat(house.admin("POST", "/applications", "{\"name\":\"a\"}").text())
        .contains("Say which account");
    application("{\"name\":\"b\",\"account_id\":\"" + account + "\"}");
    assertThat(house.admin("GET", "/applications?name=b", "").at("/count")).isEqualTo("1");
  }

  @Test
  void a_disabled_application_is_refused_with_the_next_request_until_it_is_enabled() {
    house.account("1");
    String id = application("{\"name\":\"a\"}");
    String token =
        house.admin("POST", "/credentials", "{\"application_id\":\"" + id + "\"}").at("/token");
    assertThat(house.ask(token, "GET", "/usage", "").status()).isEqualTo(200);

    house.admin("PATCH", "/applications/" + id, "{\"disabled\":true}");
    assertThat(house.ask(token, "GET", "/usage", "").code()).isEqualTo("disabled");
    house.admin("PATCH", "/applications/" + id, "{\"disabled\":false}");
    assertThat(house.ask(token, "GET", "/usage", "").status()).isEqualTo(200);
  }

  @Test
  void credit_goes_to_the_named_balance_once_for_each_id() {
    var account = house.account("10");
    String id = application("{\"name\":\"a\",\"service\":\"suno\",\"credit\":\"1.5\"}");
    String body =
        "{\"id\":\"01a215d7-0767-7000-a0a1-ff4c4e0a8d5f\",\"amount\":2,\"application_id\":\""
            + id
            + "\"}";

    assertThat(house.admin("POST", "/credits", body).at("/balance")).isEqualTo("3.5");
    assertThat(house.admin("POST", "/credits", body).at("/balance")).isEqualTo("3.5");
    assertThat(house.admin("POST", "/credits", body.replace(":2,", ":3,")).code())
        .isEqualTo("bad_request");
    assertThat(house.admin("POST", "/credits", "{\"amount\":\"0.25\"}").at("/balance"))
        .isEqualTo("10.25");
    assertThat(house.admin("POST", "/credits", "{\"amount\":-11}").code()).isEqualTo("conflict");
    assertThat(house.admin("GET", "/balances", "").at("/items/0/general_balance"))
        .isEqualTo("10.25");
    assertThat(house.admin("GET", "/balances", "").at("/items/0/applications/0/remaining_amount"))
        .isEqualTo("3.5");
    assertThat(house.admin("GET", "/credits?account_id=" + account, "").at("/count"))
        .isEqualTo("4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/applications | {\"nmae\":\"a\"} | did you mean 'name'",
        "/applications | {\"service\":\"sunno\"} | sunno",
        "/applications | {\"name\":7} | name",
        "/applications | {\"credit\":1} | credit",
        "/credits | {} | amount",
        "/credits | {\"amount\":0} | amount",
        "/credits | {\"amount\":\"1e\"} | amount",
        "/credits | {\"amount\":0.0000001} | amount",
        "/accounts | {\"credit\":-1} | credit",
        "/platform-tokens | {\"expired_at\":\"soon\"} | expired_at"
      })
  void a_mistake_names_its_field(String path, String body, String named) {
    house.account("1");

    var refused = house.admin("POST", path, body);

    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.text()).contains(named);
  }

  @Test
  void a_token_of_an_individual_application_is_for_its_service_only() {
    house.account("1");
    String id = application("{\"name\":\"a\",\"service\":\"suno\"}");

    var refused =
        house.admin(
            "POST", "/credentials", "{\"application_id\":\"" + id + "\",\"services\":[\"veo\"]}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("veo");
  }

  @Test
  void usage_is_summed_by_what_is_asked_for_as_json_and_csv() {
    house.account("100");
    String id = application("{\"name\":\"a\"}");
    var made = house.admin("POST", "/credentials", "{\"application_id\":\"" + id + "\"}");
    var application = ApplicationId.parse(id).orElseThrow();
    var credential = CredentialId.parse(made.at("/id")).orElseThrow();
    for (int i = 0; i < 2; i++) {
      house.accept(application, credential, "0.25");
      house.clock.advance(Duration.ofSeconds(1 + 2L * i));
      var now = house.clock.instant();
      house.end(new TaskState.Succeeded(now, now, new Answer("{}")));
    }
    house.accept(application, credential, "9");
    var now = house.clock.instant();
    house.end(new TaskState.Failed(now, now, Reason.of(ErrorCode.FORBIDDEN)));

    var all = house.admin("GET", "/usage?group=application,api", "");
    assertThat(all.at("/items/0/application")).isEqualTo(id);
    assertThat(all.at("/items/0/api")).isEqualTo("/suno/audios");
    assertThat(all.at("/total/tasks")).isEqualTo("3");
    assertThat(all.at("/total/charged")).isEqualTo("0.5");
    assertThat(all.json().at("/total/mean_seconds").doubleValue()).isEqualTo(2.0);
    assertThat(all.json().at("/total/longest_seconds").doubleValue()).isEqualTo(3.0);
    var own = house.ask(made.at("/token"), "GET", "/v1/usage", "", "text/csv");
    assertThat(own.text())
        .isEqualTo(
            """
            day,service,tasks,succeeded,failed,cancelled,expired,charged,mean_seconds,longest_seconds\r
            2026-11-23,suno,3,2,1,0,0,0.5,2.000,3.000\r
            """);
    assertThat(
            house.ask(made.at("/token"), "GET", "/v1/usage?to=2026-11-22", "").at("/total/tasks"))
        .isEqualTo("0");
    assertThat(house.ask(made.at("/token"), "GET", "/v1/usage?group=week", "").status())
        .isEqualTo(400);
  }

  @Test
  void a_token_of_some_services_sees_their_usage_only() {
    house.account("100");
    String id = application("{\"name\":\"a\"}");
    String body = "{\"application_id\":\"" + id + "\",\"services\":[\"%s\"]}";
    var suno = house.admin("POST", "/credentials", body.formatted("suno"));
    var veo = house.admin("POST", "/credentials", body.formatted("veo"));
    house.accept(
        ApplicationId.parse(id).orElseThrow(),
        CredentialId.parse(suno.at("/id")).orElseThrow(),
        "1");
    var now = house.clock.instant();
    house.end(new TaskState.Succeeded(now, now, new Answer("{}")));

    assertThat(house.ask(suno.at("/token"), "GET", "/usage?group=day", "").at("/total/charged"))
        .isEqualTo("1");
    assertThat(house.ask(veo.at("/token"), "GET", "/usage?group=day", "").at("/total/charged"))
        .isEqualTo("0");
  }
}
