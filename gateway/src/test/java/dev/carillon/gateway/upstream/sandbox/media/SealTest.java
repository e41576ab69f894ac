package dev.carillon.gateway.upstream.sandbox.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealTest {
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

  @Test
  void sizes_and_lengths_are_bounded() {
    var huge = Recipe.clip("x", 1, 1_000_000, 3, Duration.ofDays(1));

    assertThat(huge.width()).isEqualTo(2048);
    assertThat(huge.height()).isEqualTo(64);
    assertThat(huge.length()).isEqualTo(Recipe.LONGEST);
  }
}
