package dev.carillon.gateway.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What the caller prefers about waiting: the `Prefer` header of RFC 7240. Unknown and malformed
/// preferences are passed over, as its section 2 asks.
///
/// @param respondAsync answer with the task id at once
/// @param waitFor how long to wait for the result at most; empty when not said
public record Preferences(boolean respondAsync, Optional<Duration> waitFor) {
  private static final int SECONDS_DIGITS = 9;

  public static final Preferences NONE = new Preferences(false, Optional.empty());

  /// The preferences of a call; the first of two equal ones counts.
  public static Preferences of(Call call) {
    var lines = call.headers("Prefer");
    return lines.isEmpty() ? NONE : parse(String.join(",", lines));
  }

  static Preferences parse(String header) {
    boolean respondAsync = false;
    Optional<Duration> waitFor = Optional.empty();
    for (var part : header.split(",", -1)) {
      int semicolon = part.indexOf(';');
      String preference = (semicolon < 0 ? part : part.substring(0, semicolon)).strip();
      int equals = preference.indexOf('=');
      String name = (equals < 0 ? preference : preference.substring(0, equals)).strip();
      String value = equals < 0 ? "" : preference.substring(equals + 1).strip().replace("\"", "");
      switch (name.toLowerCase(Locale.ROOT)) {
        case "respond-async" -> respondAsync = true;
        case "wait" -> waitFor = waitFor.isPresent() ? waitFor : seconds(value);
        default -> {
          // RFC 7240, section 2: what is not known is ignored.
        }
      }
    }
    return new Preferences(respondAsync, waitFor);
  }

  private static Optional<Duration> seconds(String value) {
    boolean digits =
        !value.isEmpty()
            && value.length() <= SECONDS_DIGITS
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Optional.of(Duration.ofSeconds(Integer.parseInt(value))) : Optional.empty();
  }

  /// The reply with `Preference-Applied: respond-async`.
  public static Reply appliedAsync(Reply reply) {
    return reply.withHeader("Preference-Applied", "respond-async");
  }

  /// The reply with `Preference-Applied: wait=N`, N being what was really granted.
  public static Reply appliedWait(Reply reply, Duration granted) {
    return reply.withHeader("Preference-Applied", "wait=" + granted.toSeconds());
  }
}
