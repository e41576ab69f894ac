package dev.carillon.gateway.upstream.sandbox.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SealTest {
  private static final String EARLIER =
      "Rz8bBBJxR9gTogECAAAAAAAAAIAAAAAAAAAAKgAAAAAAPwAAAD-AAAACgAFoAAAfQAFhIGNhdCwg5LiA5Y-q54yr";

  private final Seal seal = new Seal(new byte[32]);
  private final Recipe recipe =
      Recipe.clip("a cat, 一只猫", 42, 640, 360, Duration.ofSeconds(8)).sounding(true);

  @Test
  void a_token_gives_back_its_recipe() {
    assertThat(seal.open(seal.token(recipe))).contains(recipe);
  }

  @Test
  void the_longest_token_has_no_more_than_200_characters() {
    var longest = Recipe.grid("猫".repeat(5000), Long.MAX_VALUE, 4096, 4096);

    assertThat(seal.token(longest)).hasSizeLessThanOrEqualTo(200).matches("[A-Za-z0-9_-]+");
    assertThat(seal.open(seal.token(longest))).contains(longest);
  }

  @Test
  void no_single_character_of_a_token_can_be_changed() {
    String token = seal.token(recipe);
    for (int i = 0; i < token.length() - 1; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      assertThat(seal.open(token.substring(0, i) + other + token.substring(i + 1))).isEmpty();
    }
  }

  @Test
  void another_instances_token_opens_nothing() {
    byte[] key = new byte[32];
    key[0] = 1;

    assertThat(new Seal(key).open(seal.token(recipe))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "!!!!", "AAAAAAAAAAAAAAAAAAAA", "../../etc/passwd"})
  void nonsense_opens_nothing(String token) {
    assertThat(seal.open(token)).isEmpty();
  }

  @Test
  void a_caption_is_cut_between_characters_and_lone_surrogates_do_no_harm() {
    var emoji = Recipe.picture("x" + "😀".repeat(60), 1, 64, 64);
    var lone = Recipe.picture("a\ud83d b\n c", 1, 64, 64);

    assertThat(emoji.caption()).matches("x(😀)+");
    assertThat(seal.open(seal.token(lone))).contains(lone);
    assertThat(lone.caption()).isEqualTo("a? b c");
  }

  @ParameterizedTest
  @CsvSource({
    "'a cat', 'a cat'",
    "' a cat ', 'a cat'",
    "'a  cat', 'a cat'",
    "'a\tcat', 'a cat'",
    "'', ''",
    "' ', ''",
  })
  void a_caption_is_one_line_without_needless_blanks(String prompt, String caption) {
    assertThat(Recipe.picture(prompt, 1, 64, 64).caption()).isEqualTo(caption);
  }

  @Test
  void a_caption_has_94_bytes_at_most_and_does_not_end_with_a_blank() {
    assertThat(Recipe.picture("x".repeat(94), 1, 64, 64).caption()).hasSize(94);
    assertThat(Recipe.picture("x".repeat(95), 1, 64, 64).caption()).hasSize(94);
    assertThat(Recipe.picture("x".repeat(93) + " y", 1, 64, 64).caption()).hasSize(93);
  }

  /// Made before the code was taken from a copy: addresses live longer than processes.
  @Test
  void a_token_of_an_earlier_version_opens() {
    assertThat(seal.open(EARLIER)).contains(recipe);
    assertThat(seal.token(recipe)).isEqualTo(EARLIER);
  }

  @Test
  void many_threads_seal_at_once() {
    var tokens = IntStream.range(0, 2_000).parallel().mapToObj(_ -> seal.token(recipe)).distinct();

    assertThat(tokens).containsExactly(EARLIER);
  }

  @Test
  void sizes_and_lengths_are_bounded() {
    var huge = Recipe.clip("x", 1, 1_000_000, 3, Duration.ofDays(1));

    assertThat(huge.width()).isEqualTo(2048);
    assertThat(huge.height()).isEqualTo(64);
    assertThat(huge.length()).isEqualTo(Recipe.LONGEST);
  }
}
