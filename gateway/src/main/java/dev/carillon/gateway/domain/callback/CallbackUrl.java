package dev.carillon.gateway.domain.callback;

import java.util.Locale;

/// Where a caller wants the result POSTed. Any string is taken, as clients send placeholders only
/// to ask for a task id (contract section 0, rule 10); whether it may be connected to is decided at
/// each delivery. It may hold a secret path segment, so [#toString] hides it.
public record CallbackUrl(String value) {
  private static final String NOWHERE = "nowhere";
  private static final int LONGEST_ORIGIN = 300;

  /// Its scheme, host and port, such as `https://example.com:443`, in lower case and without a user
  /// name; `nowhere` for a text that is no http URL. It only sorts receivers apart: whether one may
  /// be connected to is not decided by it.
  public String origin() {
    int colon = value.indexOf("://");
    String scheme = colon < 0 ? "" : value.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return NOWHERE;
    }
    int start = colon + "://".length();
    int end = start;
    while (end < value.length() && "/?#\\".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    String authority = value.substring(start, end).toLowerCase(Locale.ROOT);
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (host.isEmpty() || host.length() > LONGEST_ORIGIN) {
      return NOWHERE;
    }
    boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
    String port = hasPort ? "" : scheme.equals("https") ? ":443" : ":80";
    return scheme + "://" + host + port;
  }

  /// What may stand in lists and logs: the origin alone, since path and query may be secret.
  public String shown() {
    return origin() + "/…";
  }

  @Override
  public String toString() {
    return "CallbackUrl(hidden)";
  }
}
