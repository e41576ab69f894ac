package dev.carillon.gateway.domain;

import java.util.Optional;
import java.util.UUID;

/// Strict reading of UUIDs: `UUID.fromString` also takes short groups, which are no ids of ours.
public final class Uuids {
  private Uuids() {}

  /// The id in this text, with or without dashes; empty for anything else.
  public static Optional<UUID> parse(String text) {
    String hex = text.length() == 36 ? withoutDashes(text) : text;
    if (hex.length() != 32) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new UUID(
              Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16)));
    } catch (NumberFormatException notHex) {
      return Optional.empty();
    }
  }

  private static String withoutDashes(String text) {
    boolean dashed =
        text.charAt(8) == '-'
            && text.charAt(13) == '-'
            && text.charAt(18) == '-'
            && text.charAt(23) == '-';
    return dashed ? text.replace("-", "") : "";
  }
}
