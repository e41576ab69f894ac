package dev.carillon.gateway.delivery;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which headers of its own an endpoint may have: none that carry the request, and none of ours.
public final class CustomHeaders {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
  private static final Pattern VALUE =
      Pattern.compile("[\\x21-\\x7E](?:[\\x20-\\x7E]*[\\x21-\\x7E])?|");
  private static final Set<String> RESERVED =
      Set.of(
          "accept",
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");
  private static final Set<String> RESERVED_PREFIXES = Set.of("proxy-", "webhook-", "x-forwarded-");

  private CustomHeaders() {}

  /// True for a header that is sent as it is; others are left out of a callback.
  public static boolean accepts(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAME.matcher(name).matches()
        && VALUE.matcher(value).matches()
        && !RESERVED.contains(lower)
        && RESERVED_PREFIXES.stream().noneMatch(lower::startsWith);
  }
}
