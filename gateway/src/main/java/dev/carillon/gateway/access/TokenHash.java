package dev.carillon.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Turns tokens into what the store may hold: HMAC-SHA256 under a secret of this instance, in
/// hexadecimal. Safe for many threads.
public final class TokenHash {
  /// The name of the secret in [dev.carillon.gateway.store.AccessStore#secret].
  public static final String SECRET_NAME = "token-hash";

  /// How long the secret is.
  public static final int SECRET_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac prototype;

  /// A hash under this secret.
  public TokenHash(byte[] secret) {
    try {
      prototype = Mac.getInstance(ALGORITHM);
      prototype.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
    }
  }

  /// The hash of a token: 64 lower-case hexadecimal characters.
  public String of(String token) {
    try {
      var mac = (Mac) prototype.clone();
      return HexFormat.of().formatHex(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException("the JDK's HMAC can be cloned", impossible);
    }
  }

  /// Compares two hashes in a time that does not tell where they differ.
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
