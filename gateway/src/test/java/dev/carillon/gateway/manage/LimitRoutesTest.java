package dev.carillon.gateway.manage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitRoutesTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private House house;

  @SuppressWarnings("NullAway.Init") // set before each test
  private String id;

  @BeforeEach
  void open() {
    house = new House(folder);
    house.account("1");
    id = house.admin("POST", "/applications", "{\"name\":\"a\"}").at("/id");
  }

  @AfterEach
  void close() {
    house.close();
  }

  private House.Answer change(String body) {
    return house.admin("PATCH", "/applications/" + id + "/limits", body);
  }

  private Limits stored() {
    return house.store.limits().of(ApplicationId.parse(id).orElseThrow());
  }

  @Test
  void a_limit_is_set_and_shown_and_taken_away_and_others_stay() {
    var set =
        change(
            "{\"create_per_second\":0.5,\"create_burst\":3,\"query_per_second\":\"20\",\"open_tasks\":5,"
                + "\"running_tasks\":2,\"weight\":3,\"services\":{\"suno\":{\"open_tasks\":1,\"running_tasks\":4}}}");
    assertThat(set.status()).as(set.text()).isEqualTo(200);
    assertThat(set.at("/create_per_second")).isEqualTo("0.5");
    assertThat(set.at("/query_burst")).isEqualTo("20");
    assertThat(set.at("/services/suno/open_tasks")).isEqualTo("1");
    assertThat(set.at("/services/suno/running_tasks")).isEqualTo("4");
    assertThat(set.at("/running_tasks")).isEqualTo("2");

    var changed =
        change(
            "{\"create_per_second\":2,\"open_tasks\":null,"
                + "\"services\":{\"nanobanana\":{\"create_per_second\":1}}}");
    assertThat(changed.at("/create_per_second")).isEqualTo("2");
    assertThat(changed.at("/create_burst")).isEqualTo("3");
    assertThat(changed.at("/open_tasks")).isEqualTo("null");
    assertThat(changed.at("/weight")).isEqualTo("3");
    assertThat(stored().services().keySet()).containsExactlyInAnyOrder("suno", "nano-banana");
    assertThat(house.admin("GET", "/applications/" + id + "/limits", "").text())
        .isEqualTo(changed.text());

    change(
        "{\"create_per_second\":null,\"query_per_second\":null,\"running_tasks\":null,"
            + "\"weight\":null,\"services\":null}");
    assertThat(stored()).isEqualTo(Limits.USUAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"opentasks\":1} | did you mean 'open_tasks'",
        "{\"open_tasks\":0} | open_tasks",
        "{\"open_tasks\":-1} | open_tasks",
        "{\"weight\":101} | 1 to 100",
        "{\"weight\":1.5} | weight",
        "{\"create_per_second\":0} | more than 0",
        "{\"create_per_second\":0.0001} | three decimals",
        "{\"create_per_second\":\"fast\"} | create_per_second",
        "{\"create_burst\":2} | needs create_per_second",
        "{\"services\":{\"sunno\":{}}} | sunno",
        "{\"services\":{\"suno\":{\"weight\":2}}} | weight",
        "{\"services\":[]} | object"
      })
  void what_is_no_limit_is_told(String body, String told) {
    var answer = change(body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains(told);
    assertThat(stored()).isEqualTo(Limits.USUAL);
  }

  @Test
  void an_unknown_application_has_no_limits() {
    assertThat(
            house
                .admin("GET", "/applications/01a215d7-0767-7000-a0a1-ff4c4e0a8d5f/limits", "")
                .code())
        .isEqualTo("not_found");
  }
}
