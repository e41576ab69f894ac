package dev.carillon.gateway.access;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the token of a call out of its `Authorization` header, the only place it may stand in.
final class Bearer {
  private static final int TOKEN_CHARS = 256;

  /// The names under which people put tokens into URLs, from where they get into logs.
  private static final Set<String> QUERY_NAMES =
      Set.of("access_token", "api_token", "token", "api_key", "authorization");

  /// What tokens made here look like, whichever kind they are of.
  private static final Pattern LIKE_A_TOKEN =
      Pattern.compile("(?i)(bearer\\s+)?([0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})");

  private static final Pattern LIKE_A_PLATFORM_TOKEN =
      Pattern.compile("(?i)(bearer\\s+)?platform-[0-9a-f]{32}");

  /// Parameters whose values are ids, places or callers' keys, which may look like tokens.
  private static final Pattern NAMES_AN_ID =
      Pattern.compile(
          "(?i).*ids?|task|trace|application|account|credential|endpoint|delivery|recovery"
              + "|consumer|after|before|since|cursor|idempotency_key");

  private Bearer() {}

  /// The token, which need not be a valid one.
  ///
  /// @throws Problem `bad_request` for a token in the query string, whatever the header says;
  ///   `no_token` without the header, `invalid_token` for anything but a bearer token
  static String of(Call call) {
    Set<String> names = call.queryNames();
    if (!names.isEmpty()) {
      refuseInQuery(call, names);
    }
    String header =
        call.header("Authorization").orElseThrow(() -> Problem.of(ErrorCode.NO_TOKEN)).strip();
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    String token = space < 0 ? "" : header.substring(space + 1).strip();
    boolean wellFormed =
        scheme.equalsIgnoreCase("Bearer")
            && !token.isEmpty()
            && token.length() <= TOKEN_CHARS
            && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!wellFormed) {
      throw Problem.of(ErrorCode.INVALID_TOKEN);
    }
    return token;
  }

  private static void refuseInQuery(Call call, Set<String> names) {
    String sent = call.header("Authorization").orElse("");
    for (String name : names) {
      boolean holdsOne =
          QUERY_NAMES.contains(name.toLowerCase(Locale.ROOT))
              || looksLikeOne(name)
              || call.queryAll(name).stream().anyMatch(value -> isOne(name, value, sent));
      if (holdsOne) {
        // The name may be the token, so it is not repeated.
        throw new Problem(
            ErrorCode.BAD_REQUEST,
            "A token must not stand in the query string, since URLs are written to logs: send it"
                + " as 'Authorization: Bearer <token>' and replace this one.");
      }
    }
  }

  /// Where an id may stand, only what surely is a token counts.
  private static boolean isOne(String name, String value, String sent) {
    return NAMES_AN_ID.matcher(name).matches()
        ? LIKE_A_PLATFORM_TOKEN.matcher(value).matches()
            || (looksLikeOne(value) && sent.endsWith(value))
        : looksLikeOne(value);
  }

  private static boolean looksLikeOne(String text) {
    return LIKE_A_TOKEN.matcher(text).matches() || LIKE_A_PLATFORM_TOKEN.matcher(text).matches();
  }
}
