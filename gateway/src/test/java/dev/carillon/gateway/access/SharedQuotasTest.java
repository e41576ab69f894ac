package dev.carillon.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.http.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Two nodes that tell each other what they counted.
final class SharedQuotasTest {
  private static final Optional<String> SUNO = Optional.of("suno");

  private final HandClock clock = new HandClock();
  private final ApplicationId app = new ApplicationId(new UUID(0x7000, 1));
  private final Quotas quotas = quotas();
  private final Quotas otherQuotas = quotas();
  private final Map<String, Long> toOther = new HashMap<>();
  private final Map<String, Long> toThis = new HashMap<>();
  private final SharedQuotas node =
      new SharedQuotas(quotas, counted -> exchange(counted, toOther, toThis));
  private final SharedQuotas other =
      new SharedQuotas(otherQuotas, counted -> exchange(counted, toThis, toOther));

  private Quotas quotas() {
    var limits =
        new Limits(
            new Ceiling(Optional.of(Rate.perSecond(10, 10)), Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of("suno", new Ceiling(Optional.of(Rate.perSecond(4, 4)), Optional.empty())));
    return new Quotas(AccessConfig.DEFAULTS, Quotas.Usual.NONE, _ -> limits, (_, _) -> 0, clock);
  }

  private static Map<String, Long> exchange(
      Map<String, Long> counted, Map<String, Long> out, Map<String, Long> in) {
    counted.forEach((key, count) -> out.merge(key, count, Long::sum));
    var heard = Map.copyOf(in);
    in.clear();
    return heard;
  }

  private int callsTaken(Quotas at, Optional<String> service, int calls) {
    int taken = 0;
    for (int i = 0; i < calls; i++) {
      try {
        at.count(app, service, Kind.CREATE);
        taken++;
      } catch (Problem tooFast) {
        // Counted by what is left.
      }
    }
    return taken;
  }

  private void tell() {
    node.round();
    other.round();
    node.round();
  }

  @Test
  void two_nodes_together_give_an_application_its_rate_and_not_twice_as_much() {
    quotas.share();
    otherQuotas.share();
    int taken = 0;
    int seconds = 60;
    for (int second = 0; second < seconds; second++) {
      taken += callsTaken(quotas, Optional.empty(), 30);
      taken += callsTaken(otherQuotas, Optional.empty(), 30);
      tell();
      clock.advance(Duration.ofSeconds(1));
    }

    int rate = 10;
    int bursts = 2 * 10;
    assertThat(taken).isBetween(rate * (seconds - 2), rate * seconds + bursts);
  }

  @Test
  void an_application_that_calls_one_node_only_gets_its_whole_rate_there() {
    quotas.share();
    otherQuotas.share();
    int taken = 0;
    for (int second = 0; second < 20; second++) {
      taken += callsTaken(quotas, Optional.empty(), 30);
      tell();
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(taken).isEqualTo(10 * 20);
  }

  @Test
  void the_rate_of_one_service_is_shared_as_well() {
    quotas.share();
    otherQuotas.share();
    assertThat(callsTaken(otherQuotas, SUNO, 1)).isEqualTo(1);
    assertThat(callsTaken(quotas, SUNO, 9)).isEqualTo(4);

    tell();

    assertThat(callsTaken(otherQuotas, SUNO, 9)).isZero();
    clock.advance(Duration.ofSeconds(2));
    assertThat(callsTaken(otherQuotas, SUNO, 9)).isPositive();
  }
}
