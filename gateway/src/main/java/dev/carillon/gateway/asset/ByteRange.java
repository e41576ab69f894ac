package dev.carillon.gateway.asset;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a `Range` field asks of a file (RFC 9110, section 14).
sealed interface ByteRange {
  /// The whole file: no range, another unit, a broken field, or several ranges, which a server may
  /// ignore (section 14.2).
  record Whole() implements ByteRange {}

  /// Bytes `first` to `last`, both within the file.
  record Part(long first, long last) implements ByteRange {}

  /// A range outside the file.
  record Unsatisfiable() implements ByteRange {}

  Pattern ONE =
      Pattern.compile("bytes=[ \t]*(\\d{0,18})-(\\d{0,18})[ \t]*", Pattern.CASE_INSENSITIVE);

  /// Reads the field.
  ///
  /// @param length the length of the file, in bytes
  static ByteRange of(Optional<String> field, long length) {
    Matcher parts = ONE.matcher(field.orElse(""));
    if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
      return new Whole();
    }
    if (parts.group(1).isEmpty()) {
      long suffix = Long.parseLong(parts.group(2));
      return suffix == 0 || length == 0
          ? new Unsatisfiable()
          : new Part(Math.max(0, length - suffix), length - 1);
    }
    long first = Long.parseLong(parts.group(1));
    long last = parts.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(parts.group(2));
    if (last < first) {
      return new Whole();
    }
    return first >= length ? new Unsatisfiable() : new Part(first, Math.min(last, length - 1));
  }
}
