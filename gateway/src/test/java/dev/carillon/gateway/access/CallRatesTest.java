package dev.carillon.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How fast callers may be, and what they are told of it.
final class CallRatesTest extends AccessStand {
  @Test
  void creations_beyond_the_burst_are_429_with_the_wait_and_reads_go_on() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    for (int i = 0; i < 3; i++) {
      assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(200);
    }

    var refused = create("Bearer " + TOKEN);

    assertProblem(refused, 429, "too_many_requests", "You have exceeded the rate limit.");
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.headers().firstValue("RateLimit-Policy")).contains("\"create\";q=3;w=3");
    assertThat(refused.headers().firstValue("RateLimit")).contains("\"create\";r=0;t=3");
    assertThat(query().statusCode()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(1));
    assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(200);
    assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(429);
  }

  @Test
  void every_answer_tells_how_much_is_left_and_when_it_is_whole_again() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);

    var first = create("Bearer " + TOKEN);
    var second = create("Bearer " + TOKEN);

    assertThat(first.headers().firstValue("RateLimit-Policy")).contains("\"create\";q=3;w=3");
    assertThat(first.headers().firstValue("RateLimit")).contains("\"create\";r=2;t=1");
    assertThat(second.headers().firstValue("RateLimit")).contains("\"create\";r=1;t=2");
    assertThat(query().headers().firstValue("RateLimit")).contains("\"query\";r=19;t=1");
    clock.advance(Duration.ofSeconds(2));
    assertThat(create("Bearer " + TOKEN).headers().firstValue("RateLimit"))
        .contains("\"create\";r=2;t=1");
    assertThat(create("Bearer wrong").headers().firstValue("RateLimit")).isEmpty();
  }

  @Test
  void wrong_tokens_from_one_address_are_slowed_down_but_a_right_one_still_works()
      throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    assertThat(query().statusCode()).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      assertThat(create("Bearer wrong" + i).statusCode()).isEqualTo(401);
    }

    var refused = create("Bearer wrong");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    access.forget();
    assertThat(query().statusCode()).isEqualTo(200);
  }
}
