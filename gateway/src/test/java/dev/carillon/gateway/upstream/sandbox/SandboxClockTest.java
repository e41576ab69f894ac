package dev.carillon.gateway.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.sandbox.media.Seal;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import dev.carillon.gateway.upstream.sandbox.media.StudioConfig;
import dev.carillon.testkit.HandClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Somebody sets the clock while the sandbox thinks.
class SandboxClockTest {
  private static final String PROMPT = "x [[sandbox take=20s]]";

  private final HandClock clock = new HandClock();
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void an_order_takes_as_long_as_it_takes(long hours) {
    try (var studio = new Studio(StudioConfig.in(folder), new Seal(new byte[32]))) {
      var sandbox = new Sandbox(studio, 1e9, clock, clock::elapsed);
      SandboxOrder order = order();
      clock.jump(Duration.ofHours(hours));
      sandbox.look(order);

      clock.jump(Duration.ofHours(-hours));
      clock.advance(Duration.ofSeconds(10));
      assertThat(sandbox.look(order))
          .isEqualTo(new SandboxResult.Pending(Duration.ofSeconds(1), 50));
      assertThat(sandbox.glance(order.task()))
          .contains(new SandboxResult.Pending(Duration.ofSeconds(1), 50));
      clock.advance(Duration.ofSeconds(10));

      assertThat(sandbox.look(order)).isInstanceOf(SandboxResult.Made.class);
    }
  }

  private SandboxOrder order() {
    return new SandboxOrder(
        Map.of("kind", "image", "prompt", PROMPT),
        JsonMapper.builder().build().createObjectNode().put("prompt", PROMPT),
        Optional.empty(),
        new TaskId(new UUID(77, 1)),
        Optional.empty(),
        new SandboxOrder.Pace(Duration.ofSeconds(30), Duration.ofSeconds(60)),
        clock.instant().plus(Duration.ofHours(3)),
        "http://gateway");
  }
}
