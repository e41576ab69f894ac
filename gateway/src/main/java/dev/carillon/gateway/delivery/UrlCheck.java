package dev.carillon.gateway.delivery;

import dev.carillon.gateway.delivery.Verdict.Allowed;
import dev.carillon.gateway.delivery.Verdict.Refused;
import dev.carillon.gateway.delivery.Verdict.Stage;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Checks a callback URL's text, before anything is looked up. Reads the authority by its own
/// grammar, because libraries disagree about odd hosts, and what one takes for a name another takes
/// for 127.0.0.1.
final class UrlCheck {
  /// How many characters a URL has at most, where nothing else is said.
  static final int USUAL_LENGTH = 2048;

  /// Names that lead inside: RFC 2606, 6761, 6762, 7686, 8375, 9476, ICANN's `.internal`, and the
  /// habits of container platforms.
  private static final Set<String> INSIDE =
      Set.of(
          "localhost",
          "local",
          "localdomain",
          "internal",
          "intranet",
          "private",
          "corp",
          "home",
          "lan",
          "home.arpa",
          "arpa",
          "onion",
          "invalid",
          "test",
          "example",
          "svc",
          "cluster.local",
          "consul",
          "alt",
          "metadata.tencentyun.com");

  /// Ports at and above 1024 on which well-known services listen that are no web servers.
  private static final Set<Integer> SERVICES =
      Set.of(
          1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5433, 5672, 5900,
          5984, 5985, 5986, 6379, 6443, 6667, 8500, 9042, 9092, 9200, 9300, 10250, 10255, 11211,
          15672, 25672, 27017, 27018, 27019, 33060);

  private final Rules rules;
  private final Predicate<InetAddress> permitted;
  private final int longest;

  /// @param http also `http` and its port 80
  /// @param literals also IP literals
  /// @param privateNames also single-label and inside names, and any port
  record Rules(boolean http, boolean literals, boolean privateNames) {}

  /// @param permitted decides about the address of an IP literal
  /// @param longest how many characters a URL may have
  UrlCheck(Rules rules, Predicate<InetAddress> permitted, int longest) {
    this.rules = rules;
    this.permitted = permitted;
    this.longest = longest;
  }

  Verdict check(String text) {
    if (text.isEmpty() || text.length() > longest) {
      return refused(Stage.SYNTAX, "a URL has 1 to " + longest + " characters");
    }
    if (!text.chars().allMatch(UrlCheck::isPlain)) {
      return refused(
          Stage.SYNTAX, "only visible ASCII is taken; write an international host in punycode");
    }
    try {
      return check(new URI(text));
    } catch (URISyntaxException e) {
      return refused(Stage.SYNTAX, "not a URL: " + e.getReason());
    }
  }

  private static boolean isPlain(int c) {
    return c > 0x20 && c < 0x7F && c != '\\' && c != '{' && c != '}';
  }

  private Verdict check(URI uri) {
    if (uri.getScheme() == null) {
      return refused(Stage.SYNTAX, "no scheme");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (uri.isOpaque() || !(scheme.equals("https") || (rules.http && scheme.equals("http")))) {
      return refused(Stage.SCHEME, rules.http ? "not http or https" : "not https");
    }
    String authority = uri.getRawAuthority();
    if (authority == null) {
      return refused(Stage.HOST, "no host");
    }
    if (authority.contains("@")) {
      return refused(Stage.USERINFO, "a user name in the URL is not taken");
    }
    if (uri.getRawFragment() != null) {
      return refused(Stage.FRAGMENT, "a fragment is not taken");
    }
    return check(uri, scheme, authority);
  }

  private Verdict check(URI uri, String scheme, String authority) {
    int hostEnd = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
    String host = hostEnd < 0 ? authority : authority.substring(0, hostEnd);
    String rest = authority.substring(host.length());
    int port = rest.isEmpty() ? (scheme.equals("https") ? 443 : 80) : portOf(rest);
    if (!portPermitted(port)) {
      return refused(Stage.PORT, "this port is not taken");
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    Optional<String> query = Optional.ofNullable(uri.getRawQuery());
    if (host.startsWith("[")) {
      return literal(new Target(scheme, host.substring(1, host.length() - 1), port, path, query));
    }
    String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
    return name(new Target(scheme, name.toLowerCase(Locale.ROOT), port, path, query));
  }

  /// The port after a colon; -1 for anything that is not a plain number.
  private static int portOf(String rest) {
    String digits = rest.substring(1);
    boolean plain =
        rest.charAt(0) == ':'
            && !digits.isEmpty()
            && digits.length() <= 5
            && digits.chars().allMatch(UrlCheck::isDigit)
            && digits.charAt(0) != '0';
    return plain ? Integer.parseInt(digits) : -1;
  }

  private boolean portPermitted(int port) {
    if (port < 1 || port > 65535) {
      return false;
    }
    if (rules.privateNames || port == 443) {
      return true;
    }
    return port == 80 ? rules.http : port >= 1024 && !SERVICES.contains(port);
  }

  private Verdict name(Target target) {
    String[] labels = target.host().split("\\.", -1);
    if (target.host().length() > 253) {
      return refused(Stage.HOST, "the host is too long");
    }
    for (String label : labels) {
      if (!isLabel(label)) {
        return refused(Stage.HOST, "the host is no name");
      }
    }
    if (isNumeric(labels[labels.length - 1])) {
      return isCanonicalQuad(labels)
          ? literal(target)
          : refused(Stage.HOST, "an IPv4 address is four plain decimal numbers");
    }
    if (rules.privateNames) {
      return new Allowed(target);
    }
    boolean inside = labels.length == 1;
    for (String name = target.host(); !inside; name = name.substring(name.indexOf('.') + 1)) {
      inside = INSIDE.contains(name);
      if (name.indexOf('.') < 0) {
        break;
      }
    }
    return inside ? refused(Stage.NAME, "this name leads inside") : new Allowed(target);
  }

  private Verdict literal(Target target) {
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(target.host());
    } catch (IllegalArgumentException e) {
      return refused(Stage.HOST, "no IP address");
    }
    if (target.host().contains("%")) {
      return refused(Stage.HOST, "an address with a zone is not taken");
    }
    if (!rules.literals) {
      return refused(Stage.LITERAL, "an IP address instead of a name is not taken");
    }
    return permitted.test(address)
        ? new Allowed(target)
        : refused(Stage.IP, "this address is not public");
  }

  private static boolean isLabel(String label) {
    return !label.isEmpty()
        && label.length() <= 63
        && !label.startsWith("-")
        && !label.endsWith("-")
        && label
            .chars()
            .allMatch(c -> (c >= 'a' && c <= 'z') || isDigit(c) || c == '-' || c == '_');
  }

  /// What some parser reads as a number: then the whole host is read as an address.
  private static boolean isNumeric(String label) {
    if (label.startsWith("0x")) {
      return label.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0);
    }
    return label.chars().allMatch(UrlCheck::isDigit);
  }

  private static boolean isCanonicalQuad(String[] labels) {
    if (labels.length != 4) {
      return false;
    }
    for (String label : labels) {
      boolean canonical =
          label.length() <= 3
              && label.chars().allMatch(UrlCheck::isDigit)
              && (label.length() == 1 || label.charAt(0) != '0')
              && Integer.parseInt(label) <= 255;
      if (!canonical) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static Refused refused(Stage stage, String detail) {
    return new Refused(stage, detail);
  }
}
