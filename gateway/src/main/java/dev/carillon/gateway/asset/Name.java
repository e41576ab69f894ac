package dev.carillon.gateway.asset;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a task's file, such as `u0-9f86…08.png`: it tells all that is known of the file but
/// its length, so no table has to.
///
/// @param origin `u` for one copied from an address, `b` for bytes a provider handed over
/// @param index tells a task's files of one origin apart, from 0
/// @param sha256 of its bytes
/// @param extension tells its type
record Name(char origin, int index, String sha256, String extension) {
  static final char COPIED = 'u';
  static final char HANDED = 'b';

  private static final Pattern FORM =
      Pattern.compile("([ub])([0-9]{1,4})-([0-9a-f]{64})\\.([a-z0-9]{1,5})");

  static Name of(char origin, int index, Staged file) {
    return new Name(origin, index, file.sha256(), file.sniffed().extension());
  }

  static Optional<Name> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(
            new Name(
                parts.group(1).charAt(0),
                Integer.parseInt(parts.group(2)),
                parts.group(3),
                parts.group(4)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "%c%d-%s.%s".formatted(origin, index, sha256, extension);
  }
}
