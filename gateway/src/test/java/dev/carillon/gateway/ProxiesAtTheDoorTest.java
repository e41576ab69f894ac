package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Wrong tokens that come through a reverse proxy.
final class ProxiesAtTheDoorTest {
  private static final int MOST = 1_000;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private static int wrong(Door door, String from) {
    return door.sendAs("wrong", "GET", "/v1/tasks", "", "X-Forwarded-For", from).status();
  }

  /// Tries as one caller, who says something else of itself each time.
  ///
  /// @return whether it was slowed down
  private static boolean isSlowedDown(Door door, String... told) {
    for (int i = 0; i < MOST; i++) {
      String madeUp = "203.0.113." + i % 250;
      if (wrong(door, String.join(", ", Stream.concat(Stream.of(madeUp), Stream.of(told)).toList()))
          == 429) {
        return true;
      }
    }
    return false;
  }

  @Test
  void behind_a_trusted_proxy_each_caller_is_slowed_down_for_its_own_failures() {
    try (Door door = new Door(folder, Map.of("http.trusted-proxies", "127.0.0.0/8, ::1"))) {
      assertThat(isSlowedDown(door, "198.51.100.1")).isTrue();

      assertThat(wrong(door, "198.51.100.2")).isEqualTo(401);
    }
  }

  @Test
  void of_a_proxy_that_is_not_trusted_nothing_is_believed() {
    try (Door door = new Door(folder, Map.of())) {
      assertThat(isSlowedDown(door)).isTrue();
    }
  }
}
