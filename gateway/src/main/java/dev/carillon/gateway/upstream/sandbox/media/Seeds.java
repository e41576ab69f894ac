package dev.carillon.gateway.upstream.sandbox.media;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/// Numbers out of numbers, the same on every machine: all that is random in the sandbox comes from
/// here, so a recipe always gives the same file.
public final class Seeds {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /// A well mixed number from two others (the finaliser of SplitMix64).
  public static long mix(long a, long b) {
    long z = a + GOLDEN * (b + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// A number from a text; equal texts give equal numbers.
  public static long of(String text) {
    long sum = 0xCBF29CE484222325L;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      sum = (sum ^ (each & 0xff)) * 0x100000001B3L;
    }
    return mix(sum, text.length());
  }

  /// A stream of numbers from one.
  public static SplittableRandom stream(long seed) {
    return new SplittableRandom(mix(seed, 0x5EED));
  }
}
