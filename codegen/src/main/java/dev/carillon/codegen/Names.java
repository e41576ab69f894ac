package dev.carillon.codegen;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Java names from those of the wire.
final class Names {
  private static final Set<String> TAKEN =
      Set.of("default", "class", "new", "for", "long", "switch", "package", "set", "submission");

  private Names() {}

  /// `nano-banana` becomes `NanoBanana`.
  static String type(String wire) {
    return words(wire).map(Names::capitalized).collect(Collectors.joining());
  }

  /// `image_url` becomes `imageUrl`; what Java or the base class has taken gets a `Field` behind.
  static String member(String wire) {
    String name = type(wire);
    String small = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    return TAKEN.contains(small) ? small + "Field" : small;
  }

  private static Stream<String> words(String wire) {
    return Arrays.stream(wire.split("[^A-Za-z0-9]+")).filter(word -> !word.isEmpty());
  }

  private static String capitalized(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
