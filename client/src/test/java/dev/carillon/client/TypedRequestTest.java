package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.client.service.Flux;
import dev.carillon.client.service.Openai;
import org.junit.jupiter.api.Test;

final class TypedRequestTest {

  @Test
  void a_typed_request_has_the_fields_of_the_wire_and_the_presets_of_the_catalog() {
    Submission submission = Flux.images("a fox").count(2).size("1024x1024").submission();

    assertThat(submission.service()).isEqualTo("flux");
    assertThat(submission.endpoint()).isEqualTo("images");
    assertThat(submission.body())
        .hasToString(
            """
            {"action":"generate","prompt":"a fox","count":2,"size":"1024x1024"}\
            """);
    assertThat(submission.key()).isNotEqualTo(Flux.images("a fox").submission().key());
  }

  @Test
  void an_endpoint_may_lie_deeper_and_take_fields_that_the_catalog_does_not_know() {
    Submission submission =
        Openai.imagesGenerations("a map")
            .with("seed", 7)
            .callbackUrl("https://example.com/hook")
            .submission();

    assertThat(submission.endpoint()).isEqualTo("images/generations");
    assertThat(submission.body().path("seed").asInt()).isEqualTo(7);
    assertThat(submission.body().path("callback_url").asString())
        .isEqualTo("https://example.com/hook");
  }

  @Test
  @SuppressWarnings("NullAway") // on purpose: callers need not check
  void null_is_refused_with_the_name_of_its_field() {
    assertThatThrownBy(() -> Flux.images("a fox").size(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("size");
  }
}
