package dev.carillon.gateway.upstream;

import java.util.Optional;

/// Whether the text of a provider's key can be sent in a header. Told at the start by the name of
/// its variable, since later the HTTP client's complaint would hold the key itself.
public final class KeyText {
  private KeyText() {}

  /// What is wrong with a key; empty when nothing is, or there is none.
  ///
  /// @param variable that holds it
  public static Optional<String> fault(String variable, String key) {
    return key.strip().chars().allMatch(c -> c > ' ' && c < 0x7f)
        ? Optional.empty()
        : Optional.of(
            variable
                + ": holds a character that no key may have;"
                + " keys are visible ASCII without spaces");
  }
}
