package dev.carillon.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a token may stand, and in which form.
final class TokenPlacesTest extends AccessStand {
  private static final String OTHER_CASE = "0123456789ABCDEF0123456789ABCDEF";

  @ParameterizedTest
  @ValueSource(strings = {"Bearer " + TOKEN, "bearer " + TOKEN, "BEARER   " + TOKEN + " "})
  void a_valid_token_is_admitted(String header) throws Exception {
    var application = store(TOKEN, Optional.empty(), Optional.empty(), false);

    var answer = create(header);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(application.toString());
  }

  @Test
  void without_the_header_it_is_400_no_token() throws Exception {
    assertProblem(
        client.send(
            HttpRequest.newBuilder(uri("/tasks?limit=1")).build(),
            HttpResponse.BodyHandlers.ofString()),
        400,
        "no_token",
        "No token specified for the request.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "access_token", "api_token", "api_key"})
  void a_token_in_the_query_string_is_refused_even_beside_a_right_one(String name)
      throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);

    var answer =
        client.send(
            HttpRequest.newBuilder(uri("/tasks?limit=1&" + name + "=" + TOKEN))
                .header("Authorization", "Bearer " + TOKEN)
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertProblem(answer, 400, "bad_request", "must not stand in the query string");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "******",
        "Basic " + TOKEN,
        TOKEN,
        "Bearer platform-" + TOKEN,
        "Bearer " + TOKEN + " x",
        "Bearer 1" + TOKEN,
        "Bearer '; drop table credential; --"
      })
  void anything_else_is_401_invalid_token(String header) throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    store("platform-" + TOKEN, Optional.empty(), Optional.empty(), false);

    assertProblem(create(header), 401, "invalid_token", "The specified token is invalid or wrong.");
  }

  private HttpResponse<String> get(String target) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(target)).header("Authorization", "Bearer " + TOKEN).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tasks?key=" + TOKEN,
        "/tasks?limit=1&whatever=" + TOKEN,
        "/tasks?whatever=x&whatever=Bearer%20" + TOKEN,
        "/tasks?whatever=" + OTHER_CASE,
        "/tasks?" + TOKEN,
        "/tasks?" + TOKEN + "=",
        "/tasks?x=platform-" + TOKEN,
        "/tasks?id=platform-" + TOKEN,
        "/tasks?x=" + TOKEN + TOKEN,
        "/tasks?id=" + TOKEN
      })
  void what_looks_like_a_token_is_refused_under_any_name_and_not_repeated(String target)
      throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);

    var answer = get(target);

    assertProblem(answer, 400, "bad_request", "must not stand in the query string");
    assertThat(answer.body()).doesNotContainIgnoringCase(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tasks?id=fedcba9876543210fedcba9876543210",
        "/tasks?trace_ids=fedcba9876543210fedcba9876543210",
        "/tasks?author_id=fedcba9876543210fedcba9876543210",
        "/tasks?idempotency_key=fedcba9876543210fedcba9876543210",
        "/tasks?after=fedcba9876543210fedcba9876543210",
        "/tasks?task=fedcba9876543210fedcba9876543210",
        "/tasks?trace=fedcba9876543210fedcba9876543210",
        "/tasks?application=fedcba9876543210fedcba9876543210",
        "/tasks?account=fedcba9876543210fedcba9876543210",
        "/tasks?credential=fedcba9876543210fedcba9876543210",
        "/tasks?endpoint=fedcba9876543210fedcba9876543210",
        "/tasks?delivery=fedcba9876543210fedcba9876543210",
        "/tasks?recovery=fedcba9876543210fedcba9876543210",
        "/tasks?consumer=fedcba9876543210fedcba9876543210",
        "/tasks?before=fedcba9876543210fedcba9876543210",
        "/tasks?since=fedcba9876543210fedcba9876543210",
        "/tasks?q=fedcba9876543210fedcba987654321"
      })
  void an_id_that_looks_like_one_is_none(String target) throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);

    assertThat(get(target).statusCode()).isEqualTo(200);
  }
}
