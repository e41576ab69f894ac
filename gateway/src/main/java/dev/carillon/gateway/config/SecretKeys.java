package dev.carillon.gateway.config;

import java.util.List;

/// The settings of the key that secrets in the database are sealed with.
public final class SecretKeys {
  private static final int LEAST = 32;

  /// What such a key looks like.
  public static final String FORM = "[!-+\\--~]{32,256}";

  public static final Key<String> KEY =
      Key.listedSecret(
          "secrets.key",
          LEAST,
          "32 to 256 visible characters without a comma, or empty for <data>/secrets.key",
          "Seals the secrets that callbacks are signed with; with PostgreSQL the same on all nodes,"
              + " and without it they are not sealed there.");
  public static final Key<List<String>> OTHERS =
      Key.pairs(
          "secrets.other-keys",
          FORM,
          "keys with commas between",
          "Other keys that open what they sealed, while secrets.key is being replaced; secret.");

  static final List<Key<?>> ALL = List.of(KEY, OTHERS);

  private SecretKeys() {}
}
