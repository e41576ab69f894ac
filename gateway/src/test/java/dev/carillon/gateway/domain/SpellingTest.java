package dev.carillon.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What a mistyped word brings.
final class SpellingTest {
  private static final List<String> KNOWN = List.of("port", "public-url", "prompt");

  @Test
  void the_nearest_word_is_offered_whatever_its_capitals_and_dashes() {
    assertThat(Spelling.didYouMean("prot", KNOWN)).isEqualTo("; did you mean 'port'?");
    assertThat(Spelling.didYouMean("PUBLIC_URI", KNOWN)).isEqualTo("; did you mean 'public-url'?");
    assertThat(Spelling.hint("promt", KNOWN)).isEqualTo("; did you mean 'prompt'?");
  }

  @Test
  void a_far_word_brings_nothing_or_the_whole_list() {
    assertThat(Spelling.didYouMean("elephant", KNOWN)).isEmpty();
    assertThat(Spelling.hint("elephant", KNOWN))
        .isEqualTo("; known here: port, prompt, public-url");
    assertThat(Spelling.didYouMean("x", List.of())).isEmpty();
  }
}
