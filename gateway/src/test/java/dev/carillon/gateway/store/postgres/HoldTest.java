package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node knows, without asking anybody, of whether its tasks are its own still.
class HoldTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(23));

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @AfterEach
  void clean() {
    PostgresBench.clean(folder);
  }

  @Test
  void a_node_that_gave_no_sign_for_its_lease_is_sure_of_nothing_it_had_before_though_it_is_back() {
    try (var line = PostgresBench.line();
        var node = line.open(folder, clock, ids, PostgresBench.SHORT_LEASE)) {
      BooleanSupplier before = node.tasks().hold();
      assertThat(before.getAsBoolean()).isTrue();

      line.cut();
      Await.until("it is not sure any more", SOON, () -> !before.getAsBoolean());
      Await.until("its lease has lapsed", SOON, () -> PostgresBench.hasLapsed(node));
      line.mend();

      Await.until("it is back", SOON, () -> node.tasks().hold().getAsBoolean());
      assertThat(before.getAsBoolean()).isFalse();
    }
  }
}
