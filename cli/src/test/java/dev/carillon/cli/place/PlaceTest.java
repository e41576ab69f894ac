package dev.carillon.cli.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlaceTest {
  private static final String PROFILES =
      """
      default: home
      profiles:
        home: {url: "http://home:1/v1/", token: hers}
        studio: {url: "https://studio", token: theirs}
      """;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void write() throws IOException {
    environment.put("XDG_CONFIG_HOME", folder.toString());
    Path file = folder.resolve("carillon/profiles.yaml");
    Files.createDirectories(folder.resolve("carillon"));
    Files.writeString(file, PROFILES);
  }

  private String place(String url, String token, String profile) {
    Place place = Place.of(new Place.Flags(url, token, profile), environment);
    return place.url() + " " + place.token();
  }

  @Test
  void the_first_source_that_tells_wins() {
    assertThat(place("", "", "")).isEqualTo("http://home:1 hers");
    environment.put("ACEDATACLOUD_API_BASE_URL", "http://ace/");
    environment.put("ACEDATACLOUD_API_TOKEN", "a");
    assertThat(place("", "", "")).isEqualTo("http://ace a");
    environment.put("CARILLON_URL", "http://own");
    environment.put("CARILLON_TOKEN", "t");
    assertThat(place("", "", "")).isEqualTo("http://own t");
    assertThat(place("", "", "studio")).isEqualTo("https://studio theirs");
    assertThat(place("http://flag", "", "")).isEqualTo("http://flag t");
    assertThat(place("", "flag", "studio")).isEqualTo("https://studio flag");
  }

  @Test
  void a_default_profiles_token_goes_to_no_other_gateway() {
    assertThatThrownBy(() -> place("http://flag", "", ""))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("no token");
    assertThat(place("", "flag", "")).isEqualTo(Place.USUAL_URL + " flag");
  }

  @Test
  void an_unknown_profile_is_told_with_the_known_ones() {
    assertThatThrownBy(() -> place("", "", "hom")).hasMessageContaining("home, studio");
    environment.put("XDG_CONFIG_HOME", folder.resolve("none").toString());
    assertThatThrownBy(() -> place("", "", "home")).hasMessageContaining("no profile 'home'");
  }

  @Test
  void a_token_is_not_shown() {
    assertThat(Place.of(new Place.Flags("", "secret", ""), Map.of()).toString())
        .doesNotContain("secret");
  }
}
