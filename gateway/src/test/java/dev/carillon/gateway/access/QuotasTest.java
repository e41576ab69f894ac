package dev.carillon.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.http.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

final class QuotasTest {
  private static final Optional<String> SUNO = Optional.of("suno");
  private final HandClock clock = new HandClock();
  private final ApplicationId app = new ApplicationId(new UUID(0x7000, 1));
  private final ApplicationId other = new ApplicationId(new UUID(0x7000, 2));
  private final Map<ApplicationId, Limits> own = new ConcurrentHashMap<>();
  private final Quotas quotas =
      new Quotas(
          AccessConfig.DEFAULTS,
          new Quotas.Usual(
              7, Map.of("suno", new Ceiling(Optional.of(new Rate(500, 2)), Optional.of(5)))),
          id -> own.getOrDefault(id, Limits.USUAL),
          (_, _) -> 4,
          clock);

  private static Limits create(Rate rate) {
    return new Limits(
        new Ceiling(Optional.of(rate), Optional.empty()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private void count(ApplicationId id, Optional<String> service) {
    quotas.count(id, service, Kind.CREATE);
  }

  private String state(ApplicationId id, Optional<String> service) {
    return quotas.headers(id, service, Kind.CREATE).getOrDefault("RateLimit", "");
  }

  @Test
  void an_application_with_a_rate_of_its_own_has_that_one_and_others_the_usual() {
    own.put(app, create(Rate.perSecond(1, 1)));
    count(app, Optional.empty());

    assertThatThrownBy(() -> count(app, Optional.empty()))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> assertThat(problem.headers()).containsEntry("Retry-After", "1"));
    count(other, Optional.empty());
    assertThat(state(other, Optional.empty())).isEqualTo("\"create\";r=399;t=1");
  }

  @Test
  void a_bucket_fills_up_in_its_time_though_the_clock_was_set_back() {
    own.put(app, create(Rate.perSecond(1, 1)));
    clock.advance(Duration.ofHours(1));
    count(app, Optional.empty());
    assertThatThrownBy(() -> count(app, Optional.empty())).isInstanceOf(Problem.class);

    clock.advance(Duration.ofHours(-1));
    assertThatThrownBy(() -> count(app, Optional.empty())).isInstanceOf(Problem.class);
    clock.advance(Duration.ofSeconds(1));

    count(app, Optional.empty());
  }

  @Test
  void another_rate_is_in_force_with_the_next_call() {
    own.put(app, create(Rate.perSecond(1, 1)));
    count(app, Optional.empty());

    own.put(app, create(Rate.perSecond(10, 10)));

    count(app, Optional.empty());
    assertThat(state(app, Optional.empty())).isEqualTo("\"create\";r=9;t=1");
  }

  @Test
  void a_service_slower_than_one_a_second_refuses_with_the_true_wait() {
    count(app, SUNO);
    count(app, SUNO);

    assertThatThrownBy(() -> count(app, SUNO))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.headers())
                    .containsEntry("Retry-After", "2")
                    .containsEntry("RateLimit-Policy", "\"create-suno\";q=2;w=4"));
    clock.advance(Duration.ofSeconds(2));
    count(app, SUNO);
  }

  @Test
  void what_the_service_refuses_does_not_count_for_the_application() {
    count(app, SUNO);
    count(app, SUNO);

    assertThatThrownBy(() -> count(app, SUNO)).isInstanceOf(Problem.class);

    assertThat(state(app, SUNO))
        .isEqualTo(
            "\"create\";r=398;t=1, \"create-suno\";r=0;t=4, \"open\";r=3, \"open-suno\";r=1");
  }

  @Test
  void an_application_may_have_other_limits_of_a_service_than_all_have() {
    own.put(
        app,
        new Limits(
            Ceiling.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of("suno", new Ceiling(Optional.empty(), Optional.of(50)))));

    assertThat(state(app, SUNO)).contains("\"open-suno\";r=46").contains("\"create-suno\";r=2;t=0");
    assertThat(state(other, SUNO)).contains("\"open-suno\";r=1");
  }
}
