package dev.carillon.gateway.delivery;

/// What the check of a URL's text came to.
sealed interface Verdict {

  /// It may be looked up and, if its address allows it, connected to.
  record Allowed(Target target) implements Verdict {}

  /// It is never connected to.
  ///
  /// @param detail one sentence for the operator, without the URL
  record Refused(Stage stage, String detail) implements Verdict {}

  /// Which rule refused.
  enum Stage {
    SYNTAX,
    SCHEME,
    USERINFO,
    FRAGMENT,
    PORT,
    HOST,
    NAME,
    LITERAL,
    IP
  }
}
