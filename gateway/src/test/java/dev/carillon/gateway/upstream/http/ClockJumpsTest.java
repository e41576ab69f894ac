package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Outcome;
import dev.carillon.testkit.provider.ProviderStandIn;
import dev.carillon.testkit.provider.ProviderStandIn.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody sets the clock while tasks are offered to a provider.
class ClockJumpsTest {
  private static final String PICTURE = "{\"prompt\":\"sea\",\"model\":\"flux-pro\"}";

  @TempDir private Path folder;

  @Test
  void a_clock_that_jumps_ahead_and_comes_back_stalls_no_key() throws Exception {
    try (var only = ProviderStandIn.start("bfl")) {
      for (int fault = 0; fault < 5; fault++) {
        only.submitting(Trouble.DOWN);
      }
      var config = Desk.config("bfl", only.url(), folder);
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        desk.clock().jump(Duration.ofHours(1));
        for (int turn = 0; turn < 6; turn++) {
          desk.fresh();
          desk.upstream().run(desk.claim(), desk);
        }
        desk.clock().jump(Duration.ofHours(-1));
        desk.clock().advance(Duration.ofSeconds(16));
        desk.fresh();

        Outcome outcome = desk.upstream().run(desk.claim(), desk);

        assertThat(outcome).isInstanceOf(Outcome.Wait.class);
        assertThat(only.received()).hasSize(6);
      }
    }
  }

  @Test
  void a_key_keeps_its_pace_while_the_clock_jumps() throws Exception {
    try (var only = ProviderStandIn.start("bfl")) {
      var config = Desk.config("bfl", only.url(), folder);
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        desk.clock().jump(Duration.ofHours(1));
        desk.turn();
        desk.clock().jump(Duration.ofHours(-1));
        desk.fresh();

        desk.turn();

        assertThat(only.received().stream().filter(one -> one.method().equals("POST"))).hasSize(2);
      }
    }
  }
}
