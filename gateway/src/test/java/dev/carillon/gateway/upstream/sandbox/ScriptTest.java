package dev.carillon.gateway.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.CancelAnswer;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptTest {
  @ParameterizedTest
  @CsvSource({
    "take=3s,3000",
    "take=250ms,250",
    "take=2m,120000",
    "take=0,0",
    "take=1.5s,1500",
    "take=7,7000",
    "take=1h,3600000",
    "take=999999999h,86400000"
  })
  void a_time_is_read_in_every_unit(String word, long millis) throws Script.Mistake {
    assertThat(read(word).take()).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "fail=forbidden,FORBIDDEN",
    "fail=api_error,API_ERROR",
    "fail=timeout,TIMEOUT",
    "fail=no_such_code,API_ERROR",
    "fail,API_ERROR",
    "moderated,FORBIDDEN",
    "fail=busy,BUSY"
  })
  void a_failure_has_a_code_of_the_contract(String word, ErrorCode code) throws Script.Mistake {
    assertThat(read(word).end()).isEqualTo(new Script.Fails(code));
  }

  @Test
  void words_add_up_over_brackets_and_other_text() throws Script.Mistake {
    var script =
        Script.NONE.plusText(
            "a [[sandbox take=2s]] cat [[ sandbox fail=busy, progress=40% ]] sits");

    assertThat(script.take()).contains(Duration.ofSeconds(2));
    assertThat(script.end()).isEqualTo(new Script.Fails(ErrorCode.BUSY));
    assertThat(script.progress()).isEqualTo(OptionalInt.of(40));
  }

  @Test
  void hang_and_lost_are_ends_of_their_own() throws Script.Mistake {
    assertThat(read("hang").end()).isEqualTo(new Script.Hangs());
    assertThat(read("lost after=1s").end()).isEqualTo(new Script.Lost());
  }

  @Test
  void what_is_said_to_a_cancel_is_yes_unless_told_otherwise() throws Script.Mistake {
    assertThat(read("hang").cancel()).isEqualTo(CancelAnswer.CONFIRMED);
    assertThat(read("cancel=refused").cancel()).isEqualTo(CancelAnswer.REFUSED);
    assertThat(read("hang cancel=unsupported take=1s").cancel())
        .isEqualTo(CancelAnswer.UNSUPPORTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cancel=maybe",
        "explode",
        "take",
        "take=soon",
        "progress=140",
        "progress=x",
        "after=-1s"
      })
  void an_unknown_word_is_named_in_the_refusal(String word) {
    assertThatThrownBy(() -> read(word))
        .isInstanceOf(Script.Mistake.class)
        .hasMessageContaining("'" + word + "'");
  }

  @Test
  void script_words_leave_no_trace_in_captions() {
    assertThat(Script.stripped("a cat [[sandbox take=3s]] on a mat")).isEqualTo("a cat on a mat");
    assertThat(Script.stripped("keep [[other]] brackets")).isEqualTo("keep [[other]] brackets");
  }

  private static Script read(String words) throws Script.Mistake {
    return Script.NONE.plusText("x [[sandbox " + words + "]] y");
  }
}
