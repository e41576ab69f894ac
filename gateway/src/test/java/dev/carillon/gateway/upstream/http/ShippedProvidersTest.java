package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.testkit.provider.ProviderStandIn;
import dev.carillon.testkit.provider.ProviderStandIn.Trouble;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every shipped definition against its stand-in: how jobs end, what goes wrong on the way, and
/// that nothing is ever generated twice.
class ShippedProvidersTest {
  /// An endpoint of each provider and a request to it, with `%s` for the word that decides its end.
  private static final Map<String, String> REQUESTS =
      Map.ofEntries(
          Map.entry("replicate", "/flux/images {\"prompt\":\"sea %s\",\"model\":\"flux-dev\"}"),
          Map.entry("fal", "/flux/images {\"prompt\":\"sea %s\",\"model\":\"flux-pro\"}"),
          Map.entry("kling", "/kling/videos {\"prompt\":\"sea %s\",\"action\":\"text2video\"}"),
          Map.entry("midjourney-proxy", "/midjourney/imagine {\"prompt\":\"sea %s\"}"),
          Map.entry("midjourney-proxy-plus", "/midjourney/imagine {\"prompt\":\"sea %s\"}"),
          Map.entry("xhuoapi", "/seedream/images {\"prompt\":\"sea %s\"}"),
          Map.entry("carillon", "/seedream/images {\"prompt\":\"sea %s\"}"),
          Map.entry(
              "openai-images",
              "/openai/images/generations {\"prompt\":\"sea %s\",\"model\":\"gpt-image-1\"}"),
          Map.entry("openai-videos", "/sora/videos {\"prompt\":\"sea %s\"}"),
          Map.entry("veo", "/veo/videos {\"prompt\":\"sea %s\",\"action\":\"text2video\"}"),
          Map.entry("imagen", "/imagen/images {\"prompt\":\"sea %s\"}"),
          Map.entry(
              "runway",
              "/runway/videos {\"prompt\":\"sea %s\",\"image_url\":\"https://a.example/a.png\"}"),
          Map.entry("luma", "/luma/videos {\"prompt\":\"sea %s\"}"),
          Map.entry("minimax", "/hailuo/videos {\"prompt\":\"sea %s\",\"action\":\"generate\"}"),
          Map.entry("stability", "/stability/images {\"prompt\":\"sea %s\"}"),
          Map.entry("bfl", "/flux/images {\"prompt\":\"sea %s\",\"model\":\"flux-pro\"}"),
          Map.entry("elevenlabs", "/elevenlabs/speech {\"text\":\"sea %s\"}"),
          Map.entry("suno-api", "/suno/audios {\"prompt\":\"sea %s\"}"),
          Map.entry(
              "comfyui",
              "/comfyui/images {\"workflow\":{\"6\":{\"class_type\":\"CLIPTextEncode\",\"inputs\":{\"text\":\"sea %s\"}}}}"),
          Map.entry("runpod", "/runpod/jobs {\"input\":{\"prompt\":\"sea %s\"}}"));

  /// Their answer to the request is the result, so there is no job to look at, resume or cancel.
  private static final Set<String> AT_ONCE =
      Set.of("openai-images", "imagen", "stability", "elevenlabs");

  /// These can be asked what became of a submission whose answer was lost.
  private static final Set<String> FINDABLE =
      Set.of(
          "kling", "midjourney-proxy", "midjourney-proxy-plus", "xhuoapi", "carillon", "comfyui");

  private static final Map<String, CancelAnswer> CANCEL =
      Map.of(
          "replicate", CancelAnswer.CONFIRMED,
          "fal", CancelAnswer.CONFIRMED,
          "midjourney-proxy-plus", CancelAnswer.CONFIRMED,
          "carillon", CancelAnswer.CONFIRMED,
          "runway", CancelAnswer.PENDING,
          "luma", CancelAnswer.PENDING,
          "runpod", CancelAnswer.CONFIRMED,
          "comfyui", CancelAnswer.PENDING);

  /// They refuse before anything is begun.
  private static final Set<String> MODERATE_FIRST =
      Set.of("midjourney-proxy", "midjourney-proxy-plus", "minimax");

  @TempDir Path results;

  static List<String> all() {
    return Definitions.names();
  }

  static Stream<String> jobs() {
    return all().stream().filter(name -> !AT_ONCE.contains(name));
  }

  private Desk desk(String provider, ProviderStandIn standIn, String word) {
    String[] parts = REQUESTS.getOrDefault(provider, "").split(" ", 2);
    return new Desk(
        Desk.config(provider, standIn.url(), results), parts[0], parts[1].formatted(word));
  }

  @Test
  void every_definition_has_a_stand_in_and_a_request() {
    assertThat(all()).containsExactlyInAnyOrderElementsOf(ProviderStandIn.providers());
    assertThat(REQUESTS.keySet()).containsExactlyInAnyOrderElementsOf(all());
  }

  @ParameterizedTest
  @MethodSource("all")
  void success_gives_an_answer_with_an_address(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider);
        var desk = desk(provider, standIn, "calm")) {
      Outcome outcome = desk.end();

      assertThat(outcome).isInstanceOf(Outcome.Done.class);
      assertThat(((Outcome.Done) outcome).answer().json())
          .containsPattern("_?url(s)?\":\\[?\"https?://");
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void failure_is_a_refusal_and_no_moderation(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider);
        var desk = desk(provider, standIn, "FAIL")) {
      Outcome outcome = desk.end();

      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(((Outcome.Refused) outcome).reason().code())
          .isIn(ErrorCode.API_ERROR, ErrorCode.BAD_REQUEST);
      assertThat(standIn.generated()).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void moderation_is_told_as_such(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider);
        var desk = desk(provider, standIn, "MODERATE")) {
      Outcome outcome = desk.end();

      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      // ComfyUI knows no rules of content.
      assertThat(((Outcome.Refused) outcome).reason().code())
          .isEqualTo(provider.equals("comfyui") ? ErrorCode.BAD_REQUEST : ErrorCode.FORBIDDEN);
      if (MODERATE_FIRST.contains(provider)) {
        assertThat(standIn.generated()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_429_is_waited_out_and_begins_nothing_twice(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).submitting(Trouble.LIMITED);
        var desk = desk(provider, standIn, "calm")) {
      Outcome first = desk.turn();

      assertThat(first).isInstanceOf(Outcome.Full.class);
      assertThat(desk.claim().upstreamRef()).isEmpty();
      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_503_is_waited_out_and_begins_nothing_twice(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).submitting(Trouble.DOWN);
        var desk = desk(provider, standIn, "calm")) {
      assertThat(desk.turn()).isInstanceOf(Outcome.Full.class);
      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_500_is_asked_again_only_where_that_is_safe(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).submitting(Trouble.BROKEN);
        var desk = desk(provider, standIn, "calm")) {
      Outcome outcome = desk.end();

      // ComfyUI's history never speaks of a prompt that did not arrive, so that stays open.
      boolean safe = FINDABLE.contains(provider) && !provider.equals("comfyui");
      boolean unbilled = Set.of("openai-images", "imagen", "stability").contains(provider);
      if (safe || unbilled) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
      } else {
        assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
      }
      assertThat(standIn.generated()).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void a_slow_job_is_looked_at_until_it_ends(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).looks(8);
        var desk = desk(provider, standIn, "calm")) {
      Outcome outcome = desk.end();

      assertThat(outcome).isInstanceOf(Outcome.Done.class);
      assertThat(desk.shown()).hasSizeGreaterThanOrEqualTo(8);
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void troubles_of_looking_do_not_touch_the_job(String provider) throws Exception {
    try (var standIn =
            ProviderStandIn.start(provider)
                .asking(Trouble.BROKEN)
                .asking(Trouble.LIMITED)
                .asking(Trouble.CUT)
                .asking(Trouble.DOWN);
        var desk = desk(provider, standIn, "calm")) {
      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_lost_answer_is_looked_up_and_never_sent_again_blindly(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).submitting(Trouble.LOST);
        var desk = desk(provider, standIn, "calm")) {
      assertThat(desk.turn()).isInstanceOf(Outcome.Unknown.class);

      Outcome outcome = desk.end();

      assertThat(outcome)
          .isInstanceOf(FINDABLE.contains(provider) ? Outcome.Done.class : Outcome.Unknown.class);
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void dying_after_the_intent_was_noted_generates_nothing_twice(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider);
        var desk = desk(provider, standIn, "calm")) {
      desk.turn();
      desk.restartFrom(desk.notes().getFirst());

      Outcome outcome = desk.end();

      assertThat(outcome)
          .isInstanceOf(FINDABLE.contains(provider) ? Outcome.Done.class : Outcome.Unknown.class);
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void a_restart_in_the_middle_goes_on_with_the_same_job(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).looks(3);
        var desk = desk(provider, standIn, "calm")) {
      desk.turn();
      desk.restart();
      desk.turn();
      desk.restart();

      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void cancelling_asks_the_provider_where_it_can(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).looks(20);
        var desk = desk(provider, standIn, "calm")) {
      desk.turn();

      CancelAnswer answer = desk.cancel();

      assertThat(answer).isEqualTo(CANCEL.getOrDefault(provider, CancelAnswer.UNSUPPORTED));
      assertThat(standIn.cancelled()).isEqualTo(CANCEL.containsKey(provider) ? 1 : 0);
      if (answer == CancelAnswer.PENDING) {
        assertThat(desk.end())
            .isInstanceOfSatisfying(
                Outcome.Refused.class,
                refused -> assertThat(refused.reason().code()).isEqualTo(ErrorCode.CANCELLED));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runway", "luma"})
  void what_is_made_is_not_deleted_by_cancelling_it(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).looks(0);
        var desk = desk(provider, standIn, "calm")) {
      desk.turn();

      assertThat(desk.cancel()).isEqualTo(CancelAnswer.REFUSED);
      assertThat(standIn.cancelled()).isZero();
      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
    }
  }

  @Test
  void a_job_that_fal_only_promises_to_stop_may_still_end_and_be_charged() throws Exception {
    try (var standIn = ProviderStandIn.start("fal").looks(1);
        var desk = desk("fal", standIn, "calm")) {
      desk.turn();

      assertThat(desk.cancel()).isEqualTo(CancelAnswer.PENDING);
      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_refused_key_fails_at_once_and_generates_nothing(String provider) throws Exception {
    try (var standIn = ProviderStandIn.start(provider).submitting(Trouble.REFUSED_KEY);
        var desk = desk(provider, standIn, "calm")) {
      Outcome outcome = desk.turn();

      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(standIn.generated()).isZero();
    }
  }
}
