package dev.carillon.acceptance.proof;

import java.util.Collections;
import java.util.List;

/// What is said of many measured values.
final class Figures {
  private Figures() {}

  /// 0 when there is none.
  static long median(List<Long> values) {
    return values.isEmpty() ? 0 : values.stream().sorted().toList().get(values.size() / 2);
  }

  static long worst(List<Long> values) {
    return values.isEmpty() ? 0 : Collections.max(values);
  }
}
