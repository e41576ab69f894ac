package dev.carillon.gateway.access;

import dev.carillon.gateway.store.DirectoryStore.FreshToken;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Makes tokens: 128 random bits in lower-case hexadecimal, a prefix before them where the kind has
/// one.
public final class TokenMaker {
  private static final int BYTES = 16;
  private static final int PREFIX_CHARS = 6;

  private final TokenHash hash;
  private final RandomGenerator random;

  /// @param random cryptographically strong
  public TokenMaker(TokenHash hash, RandomGenerator random) {
    this.hash = hash;
    this.random = random;
  }

  /// A token for making tasks.
  public Made business() {
    return made("");
  }

  /// A token for managing an account.
  public Made platform() {
    return made(Access.PLATFORM_PREFIX);
  }

  private Made made(String kind) {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = kind + HexFormat.of().formatHex(bytes);
    return new Made(
        token, new FreshToken(hash.of(token), token.substring(0, kind.length() + PREFIX_CHARS)));
  }

  /// A token that is shown once and kept nowhere, and what the store may hold of it.
  public record Made(String token, FreshToken stored) {
    @Override
    public String toString() {
      return stored.prefix() + "…";
    }
  }
}
