package dev.carillon.gateway.config;

import java.math.BigDecimal;
import java.util.List;

/// The settings of the sandbox.
public final class SandboxKeys {
  public static final Key<BigDecimal> SPEED =
      Key.decimal(
          "sandbox.speed",
          "1",
          "0.01",
          "1000000000",
          "The sandbox takes its realistic times divided by this.");
  public static final Key<Integer> THREADS =
      Key.integer("sandbox.threads", 1, 1, 16, "Threads that draw, film and compose.");
  public static final Key<Integer> OPEN_JOBS =
      Key.integer(
          "sandbox.open-jobs",
          0,
          0,
          1_000_000,
          "Jobs the sandbox takes at once, as a provider with limits; the others wait. 0 for no limit.");
  public static final Key<Long> CACHE =
      Key.bytes(
          "sandbox.cache",
          "1GiB",
          1 << 20,
          1L << 40,
          "Largest size of the rendered files; the oldest go first and come back when asked for.");

  /// All of them in the order of the reference page.
  static final List<Key<?>> ALL = List.of(SPEED, THREADS, OPEN_JOBS, CACHE);

  private SandboxKeys() {}
}
