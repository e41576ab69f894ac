package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The key that secrets are sealed with: its file, and what is said where it is missing.
final class SecretsKeyTest {
  private static final String KEY = "a-key-of-at-least-32-characters-or-so";
  private static final String SECRET = "/v1/webhook-secret";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @Test
  void the_key_is_made_once_and_nothing_else_is_left() throws IOException {
    Path data = folder.resolve("fresh");
    Files.createDirectories(data);
    Files.writeString(data.resolve("secrets.key.new"), "a start that broke off");
    var files = new AdminFiles(data);

    String key = files.secretsKey(new Random(1));

    assertThat(key).hasSize(64);
    assertThat(new AdminFiles(data).secretsKey(new Random(2))).isEqualTo(key);
    try (var left = Files.list(data)) {
      assertThat(left).containsExactly(data.resolve("secrets.key"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "0123456789abcdef", "with,a,comma,which,stands,between,two,keys"})
  void a_damaged_file_is_neither_used_nor_replaced(String text) throws IOException {
    Path file = folder.resolve("secrets.key");
    Files.writeString(file, text);
    var files = new AdminFiles(folder);

    assertThatThrownBy(() -> files.secretsKey(new Random(1)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("damaged");
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  @Test
  void a_configured_key_takes_the_place_of_the_file_s() {
    String secret;
    String token;
    try (Door door = new Door(folder, Map.of())) {
      token = door.token();
      secret = door.get(SECRET).text("/secret");
    }

    try (Door door = new Door(folder, Map.of("secrets.key", KEY), token)) {
      assertThat(door.get(SECRET).text("/secret")).isEqualTo(secret).isNotEmpty();
    }
  }

  @Test
  void without_the_file_nothing_starts_and_the_file_is_named() throws IOException {
    new Door(folder, Map.of()).close();
    Files.move(folder.resolve("secrets.key"), folder.resolve("kept"));

    assertThatThrownBy(() -> new Door(folder, Map.of("secrets.key", KEY)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(folder.resolve("secrets.key").toString())
        .hasMessageContaining("secrets.other-keys");
  }

  @Test
  void with_postgresql_the_file_is_no_advice() {
    assertThat(advice(Map.of()))
        .contains("secrets.key as on the other nodes")
        .doesNotContain("file")
        .doesNotContain("other-keys");
    assertThat(advice(Map.of("secrets.key", KEY))).contains("secrets.other-keys");
  }

  @Test
  void a_key_has_no_comma_as_it_stands_in_lists_with_commas() {
    assertThatThrownBy(() -> advice(Map.of("secrets.key", KEY + ",and-more")))
        .hasMessageContaining("comma");
  }

  private static String advice(Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.put("store", "postgresql://somebody@localhost/carillon");
    return Stores.advice(new RoomConfigs(Settings.of(List.of(new Settings.Source("test", all)))));
  }
}
