package dev.carillon.gateway.webhook;

import dev.carillon.gateway.http.strict.Strict;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which headers an endpoint may be given: none that frames the request, none that the gateway
/// itself sends, none that speaks of its way.
final class HeaderRules {
  static final String HIDDEN = "[redacted]";

  private static final String SEPARATORS = "\"(),/:;<=>?@[\\]{}";
  private static final Set<String> OURS =
      Set.of(
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "forwarded",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");
  private static final List<String> OUR_BEGINNINGS = List.of("proxy-", "webhook-", "x-forwarded-");

  private final WebhookLimits limits;

  HeaderRules(WebhookLimits limits) {
    this.limits = limits;
  }

  /// The headers as given.
  ///
  /// @throws dev.carillon.gateway.http.Problem for the first that may not be set
  Map<String, String> checked(Map<String, String> headers) {
    if (headers.size() > limits.headers()) {
      throw Strict.refused(
          "headers may be at most %d; there are %d".formatted(limits.headers(), headers.size()));
    }
    Set<String> seen = new HashSet<>();
    int bytes = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      String name = header.getKey();
      checkName(name);
      checkValue(name, header.getValue());
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw Strict.refused("headers holds " + name + " twice; case does not tell names apart");
      }
      bytes += name.length() + header.getValue().length();
    }
    if (bytes > limits.headerBytes()) {
      throw Strict.refused(
          "headers may have at most %d bytes of names and values in all; they have %d"
              .formatted(limits.headerBytes(), bytes));
    }
    return headers;
  }

  private static void checkName(String name) {
    boolean token =
        !name.isEmpty()
            && name.chars().allMatch(c -> c > ' ' && c < 0x7f && SEPARATORS.indexOf(c) < 0);
    if (!token) {
      throw Strict.refused(
          "headers holds a name that is no header name; use letters, digits and -");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (OURS.contains(lower) || OUR_BEGINNINGS.stream().anyMatch(lower::startsWith)) {
      throw Strict.refused("headers may not hold " + name + "; the gateway sets it itself");
    }
  }

  private static void checkValue(String name, String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f) || !value.equals(value.strip())) {
      throw Strict.refused("headers." + name + " must be visible ASCII without spaces around it");
    }
    if (value.equals(HIDDEN)) {
      throw Strict.refused(
          "headers." + name + " is what answers show in place of the value; send the value itself");
    }
  }
}
