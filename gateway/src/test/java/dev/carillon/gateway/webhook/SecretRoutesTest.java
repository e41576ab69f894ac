package dev.carillon.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.NativeServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class SecretRoutesTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private NativeServer server;

  @BeforeEach
  void open() {
    server = Stand.open(folder);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void the_secret_is_made_on_first_use_and_stays() {
    JsonNode first = secret();

    assertThat(first.path("secret").asString()).startsWith("whsec_");
    assertThat(secret().path("secret")).isEqualTo(first.path("secret"));
    assertThat(first.path("public_keys").isEmpty()).isTrue();
    JsonNode others =
        server.send(server.other, "GET", "/v1/webhook-secret", Optional.empty()).json();
    assertThat(others.path("secret")).isNotEqualTo(first.path("secret"));
  }

  @Test
  void it_is_not_kept_by_anything_on_the_way() {
    var answer = server.get("/v1/webhook-secret").is(200);

    assertThat(answer.whole().headers().firstValue("cache-control")).contains("no-store");
  }

  @Test
  void a_rotated_secret_is_the_new_current_one_and_the_old_one_has_an_end() {
    String old = secret().path("secret").asString();

    JsonNode rotated =
        server.post("/v1/webhook-secret/rotate", "{\"overlap\":\"2h\"}").is(200).json();

    JsonNode now = secret();
    assertThat(now.path("secret")).isEqualTo(rotated.path("secret"));
    assertThat(now.path("secrets").size()).isEqualTo(2);
    assertThat(now.path("secrets").get(0).path("expires_at").isNull()).isTrue();
    assertThat(now.path("secrets").get(1).path("expires_at").asString())
        .isEqualTo(server.clock.instant().plusSeconds(7200).toString());
    String prefix = now.path("secrets").get(1).path("prefix").asString();
    assertThat(old).startsWith(prefix);
    assertThat(prefix).hasSize("whsec_".length() + 4);
    server.clock.advance(Duration.ofHours(3));
    assertThat(secret().path("secrets").size()).isEqualTo(1);
  }

  @Test
  void without_overlap_the_old_one_ends_at_once() {
    secret();

    server.post("/v1/webhook-secret/rotate", "{\"overlap\":\"0\"}").is(200);

    assertThat(secret().path("secrets").size()).isEqualTo(1);
  }

  @Test
  void a_key_pair_shows_its_public_half_only() {
    var made = server.post("/v1/webhook-secret/rotate", "{\"kind\":\"ed25519\"}").is(200);

    String key = made.json().path("public_key").asString();
    assertThat(key).startsWith("whpk_");
    assertThat(made.text()).doesNotContain("whsk_").doesNotContain("whsec_");
    JsonNode now = secret();
    assertThat(now.path("public_keys").get(0).asString()).isEqualTo(key);
    assertThat(now.path("secret").asString()).startsWith("whsec_");
    assertThat(now.toString()).doesNotContain("whsk_");
  }

  @Test
  void public_keys_are_open_to_all_and_may_be_kept_for_a_day() {
    server.post("/v1/webhook-secret/rotate", "{\"kind\":\"ed25519\"}").is(200);
    server.post("/v1/webhook-secret/rotate", "{\"kind\":\"ed25519\"}").is(200);
    String url = secret().path("jwks_url").asString();

    var keys = server.anonymous(url).is(200);

    assertThat(keys.json().path("keys").size()).isEqualTo(2);
    assertThat(keys.json().path("keys").get(0).path("use").asString()).isEqualTo("sig");
    assertThat(keys.whole().headers().firstValue("cache-control"))
        .contains("public, max-age=86400");
    assertThat(keys.text()).doesNotContain("whsk_").doesNotContain("whsec_");
  }

  @Test
  void an_application_without_key_pairs_has_an_empty_set_and_an_unknown_one_none() {
    assertThat(
            server
                .anonymous("/.well-known/webhook-keys/" + server.mine.id() + ".json")
                .is(200)
                .json()
                .path("keys")
                .isEmpty())
        .isTrue();
    server.anonymous("/.well-known/webhook-keys/0198c9a1-0000-7000-8000-00000000abcd.json").is(404);
    server.anonymous("/.well-known/webhook-keys/" + server.mine.id()).is(404);
    server.anonymous("/.well-known/webhook-keys/x.json").is(404);
  }

  @Test
  void what_cannot_be_is_refused() {
    assertThat(server.post("/v1/webhook-secret/rotate", "{\"kind\":\"rsa\"}").is(400).text())
        .contains("kind must be one of hmac, ed25519");
    assertThat(server.post("/v1/webhook-secret/rotate", "{\"overlap\":\"soon\"}").is(400).text())
        .contains("overlap must be a duration");
    server.anonymous("/v1/webhook-secret").is(400);
  }

  private JsonNode secret() {
    return server.get("/v1/webhook-secret").is(200).json();
  }
}
