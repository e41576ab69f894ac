package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.store.postgres.sql.PostgresUrl;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How the URL of a database reads.
final class PostgresUrlTest {
  @Test
  void all_parts_are_read_and_decoded() {
    PostgresUrl url = PostgresUrl.parse("postgresql://me:p%40ss+w@a:1,b:2/db%201?sslmode=require");

    assertThat(url)
        .isEqualTo(
            new PostgresUrl(
                "a:1,b:2",
                "db 1",
                Optional.of("me"),
                Optional.of("p@ss+w"),
                Map.of("sslmode", "require")));
  }

  @Test
  void user_port_and_password_may_be_missing() {
    PostgresUrl url = PostgresUrl.parse("postgres://[::1]/db");

    assertThat(url.hosts()).isEqualTo("[::1]");
    assertThat(url.user()).isEmpty();
    assertThat(url.withPassword("given").password()).contains("given");
  }

  @Test
  void it_never_shows_its_password() {
    assertThat(PostgresUrl.parse("postgresql://me:s3cret@h/d").toString())
        .isEqualTo("postgresql://me@h/d");
    assertThatThrownBy(() -> PostgresUrl.parse("postgresql://me:s3cret@h"))
        .hasMessageNotContaining("s3cret");
  }
}
