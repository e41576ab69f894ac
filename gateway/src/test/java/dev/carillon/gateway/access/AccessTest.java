package dev.carillon.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.account.Grants;
import dev.carillon.gateway.store.AccessStore;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Who is admitted, and to what.
final class AccessTest extends AccessStand {
  @Test
  void a_token_expires_on_the_moment() throws Exception {
    store(TOKEN, Optional.of(clock.instant().plusSeconds(10)), Optional.empty(), false);

    clock.advance(Duration.ofMillis(9_999));
    assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(200);
    clock.advance(Duration.ofMillis(1));
    assertProblem(create("Bearer " + TOKEN), 401, "token_expired", "token expired.");
  }

  @Test
  void a_token_of_another_service_is_401_token_mismatched() throws Exception {
    store(TOKEN, Optional.empty(), Optional.of("luma"), false);

    assertProblem(
        create("Bearer " + TOKEN), 401, "token_mismatched", "token and api does not match.");
    assertThat(query().statusCode()).isEqualTo(200);
  }

  @Test
  void a_token_of_some_services_fits_no_other() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    grant(new Grants(Set.of("luma", "veo"), Set.of(), false));
    assertProblem(create("Bearer " + TOKEN), 401, "token_mismatched", "");

    grant(new Grants(Set.of("luma", "suno"), Set.of(), false));
    access.forget();
    assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(200);
  }

  @Test
  void a_read_only_token_reads_and_does_nothing_else() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    grant(new Grants(Set.of(), Set.of(), true));

    assertProblem(create("Bearer " + TOKEN), 401, "token_mismatched", "may only read");
    assertThat(query().statusCode()).isEqualTo(200);
    var delete =
        HttpRequest.newBuilder(uri("/tasks")).header("Authorization", "Bearer " + TOKEN).DELETE();
    assertProblem(
        client.send(delete.build(), HttpResponse.BodyHandlers.ofString()),
        401,
        "token_mismatched",
        "may only read");
  }

  @Test
  void a_token_of_some_services_sees_nothing_of_the_whole_application() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    var all = HttpRequest.newBuilder(uri("/all")).header("Authorization", "Bearer " + TOKEN);
    assertThat(client.send(all.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);

    grant(new Grants(Set.of("suno"), Set.of(), false));
    access.forget();
    assertProblem(
        client.send(all.build(), HttpResponse.BodyHandlers.ofString()),
        401,
        "token_mismatched",
        "whole application");
  }

  @Test
  void a_disabled_application_is_403_and_comes_after_mismatch() throws Exception {
    store(TOKEN, Optional.empty(), Optional.of("suno"), true);
    assertProblem(create("Bearer " + TOKEN), 403, "disabled", "has been disabled");

    store(TOKEN, Optional.empty(), Optional.of("luma"), true);
    access.forget();
    assertProblem(create("Bearer " + TOKEN), 401, "token_mismatched", "");
  }

  @Test
  void a_revoked_token_is_invalid() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    stored.replaceAll(
        (_, found) -> new AccessStore.Access(revoked(found.credential()), found.application()));

    assertProblem(create("Bearer " + TOKEN), 401, "invalid_token", "");
  }
}
