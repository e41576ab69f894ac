package dev.carillon.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path folder;

  private static Settings settings(Map<String, String> texts) {
    return Settings.of(List.of(new Settings.Source("carillon.yaml", texts)));
  }

  @Test
  void without_sources_every_key_has_its_default() {
    Settings settings = settings(Map.of());

    assertThat(settings.get(Keys.PORT)).isEqualTo(8080);
    assertThat(settings.get(Keys.CALLBACK_ALLOW_PRIVATE)).isFalse();
    assertThat(settings.get(Keys.CALLBACK_RETRIES)).hasSize(13).startsWith(Duration.ofSeconds(1));
    assertThat(settings.effective()).hasSize(Keys.ALL.size());
  }

  @Test
  void a_later_source_wins() {
    var settings =
        Settings.of(
            List.of(
                new Settings.Source("carillon.yaml", Map.of("port", "1", "log-level", "warn")),
                Settings.environment(Map.of("CARILLON_PORT", "2")),
                new Settings.Source("flags", Map.of("port", "3"))));

    assertThat(settings.get(Keys.PORT)).isEqualTo(3);
    assertThat(settings.get(Keys.LOG_LEVEL)).isEqualTo(Keys.LogLevel.WARN);
  }

  @Test
  void the_variables_of_other_programs_are_known() {
    var source =
        Settings.environment(
            Map.of(
                "CARILLON_CALLBACK_ALLOW_PRIVATE", "true", "CARILLON_TOKEN", "x", "PATH", "/bin"));

    assertThat(source.texts()).containsExactly(Map.entry("callback.allow-private", "true"));
  }

  @Test
  void a_key_that_stands_twice_in_the_file_is_a_mistake() throws IOException {
    Path file = Files.writeString(folder.resolve("twice.yaml"), "port: 1\nport: 2\n");

    assertThatThrownBy(() -> SettingsFile.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("twice.yaml")
        .hasMessageContaining("line 2")
        .hasMessageContaining("port");
  }

  @Test
  void a_range_is_told_once() {
    assertThatThrownBy(() -> settings(Map.of("port", "70000")))
        .hasMessageContaining("port cannot be '70000': it must be 0 to 65535")
        .hasMessageNotContaining("65535 (0 to");
  }

  @Test
  void all_mistakes_are_told_at_once_with_key_reason_and_a_guess() {
    var texts = Map.of("prot", "80", "http.body", "huge", "wait.inline", "3 fortnights");

    assertThatThrownBy(() -> settings(texts))
        .isInstanceOfSatisfying(
            ConfigException.class,
            wrong ->
                assertThat(wrong.faults())
                    .hasSize(3)
                    .anyMatch(f -> f.contains("'prot'") && f.contains("did you mean 'port'?"))
                    .anyMatch(f -> f.contains("http.body cannot be 'huge'"))
                    .anyMatch(f -> f.contains("wait.inline") && f.contains("duration")));
  }

  @Test
  void an_unknown_variable_with_our_prefix_is_a_mistake() {
    var source = Settings.environment(Map.of("CARILLON_PRT", "80"));

    assertThatThrownBy(() -> Settings.of(List.of(source)))
        .hasMessageContaining("CARILLON_PRT")
        .hasMessageContaining("did you mean 'CARILLON_PORT'?");
  }

  @Test
  void a_value_out_of_range_is_a_mistake() {
    assertThatThrownBy(() -> settings(Map.of("port", "70000"))).hasMessageContaining("0 to 65535");
  }

  @Test
  void a_file_may_nest_keys_or_write_them_with_dots() throws IOException {
    Path file = folder.resolve("carillon.yaml");
    Files.writeString(
        file,
        """
        port: 9000
        callback:
          allow-private: true
          retries: [1s, 2s]
        http.body: 4MiB
        """);

    Settings settings = Settings.of(List.of(SettingsFile.read(file)));

    assertThat(settings.get(Keys.PORT)).isEqualTo(9000);
    assertThat(settings.get(Keys.CALLBACK_ALLOW_PRIVATE)).isTrue();
    assertThat(settings.get(Keys.CALLBACK_RETRIES))
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(settings.get(Keys.HTTP_BODY)).isEqualTo(4L << 20);
  }

  @Test
  void pairs_may_be_written_as_an_object_whose_lists_are_an_order() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("carillon.yaml"),
            """
            provider:
              routes:
                /kling/videos: ["kling:3|fal", replicate]
                /flux/images: bfl
            """);

    Settings settings = Settings.of(List.of(SettingsFile.read(file)));

    assertThat(settings.get(ProviderKeys.ROUTES))
        .containsExactly("/kling/videos=kling:3|fal>replicate", "/flux/images=bfl");
  }

  @Test
  void a_broken_file_is_told_by_name() throws IOException {
    Path file = folder.resolve("carillon.yaml");
    Files.writeString(file, "port: [1");

    assertThatThrownBy(() -> SettingsFile.read(file)).hasMessageContaining("carillon.yaml");
  }

  @Test
  void the_reference_page_lists_every_key() throws IOException {
    String page = Files.readString(Path.of("../docs/configuration.md"));

    assertThat(page).contains(Keys.reference().lines().toList());
  }

  @Test
  void a_password_in_the_stores_url_is_never_shown() {
    var wrong = Map.of("store", "postgresql://me:s3c@ret@db:5432");
    var right = Map.of("store", "postgresql://me:s3c%40ret@db:5432/carillon?sslmode=require");

    assertThatThrownBy(() -> Settings.of(List.of(new Settings.Source("test", wrong))))
        .hasMessageContaining("postgresql://me:…@db:5432")
        .hasMessageNotContaining("ret");
    assertThat(Settings.of(List.of(new Settings.Source("test", right))).effective())
        .contains("store=postgresql://me:…@db:5432/carillon?sslmode=require (test)");
  }

  @Test
  void the_stores_password_may_stand_apart_and_is_never_shown() {
    var environment = Settings.environment(Map.of("CARILLON_STORE_PASSWORD", "s3cret"));

    Settings settings = Settings.of(List.of(environment));

    assertThat(settings.get(Keys.STORE_PASSWORD)).isEqualTo("s3cret");
    assertThat(settings.effective()).noneMatch(line -> line.contains("s3cret"));
  }
}
