package dev.carillon.client.webhook;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key that signatures are checked with. Safe for many threads.
abstract sealed class SigningKey {
  private static final String SECRET = "whsec_";
  private static final String PRIVATE = "whsk_";
  private static final String PUBLIC = "whpk_";
  private static final int LEAST_SECRET_BYTES = 24;
  private static final int MOST_SECRET_BYTES = 64;
  private static final int PUBLIC_KEY_BYTES = 32;

  /// The version in front of the signatures it understands.
  abstract String version();

  /// Whether it made this signature of these bytes.
  ///
  /// @param head what is signed before the body
  abstract boolean fits(byte[] signature, byte[] head, byte[] body);

  /// Reads `whsec_` and Base64 of 24 to 64 bytes.
  static SigningKey ofSecret(String text) {
    return new Hmac(decoded("secret", SECRET, text, LEAST_SECRET_BYTES, MOST_SECRET_BYTES));
  }

  /// Reads `whpk_` and Base64 of 32 bytes.
  static SigningKey ofPublicKey(String text) {
    return new Ed25519(decoded("public key", PUBLIC, text, PUBLIC_KEY_BYTES, PUBLIC_KEY_BYTES));
  }

  private static byte[] decoded(String what, String prefix, String text, int least, int most) {
    if (!text.startsWith(prefix)) {
      throw new WebhookKeyException(whyNot(what, prefix, text));
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      throw new WebhookKeyException(
          "what follows " + prefix + " is no Base64; was the " + what + " cut or wrapped?");
    }
    if (bytes.length < least || bytes.length > most) {
      String wanted = least == most ? "" + least : least + " to " + most;
      throw new WebhookKeyException(
          "the " + what + " has " + bytes.length + " bytes instead of " + wanted);
    }
    return bytes;
  }

  private static String whyNot(String what, String prefix, String text) {
    String wanted = "a " + what + " begins with " + prefix;
    if (text.isBlank()) {
      return "the " + what + " is empty";
    }
    if (text.startsWith("v1,") || text.startsWith("v1a,")) {
      return "you pasted " + text.substring(0, text.indexOf(',') + 1) + "…; " + wanted;
    }
    if (text.startsWith(PUBLIC)) {
      return "this is a public key; give it to publicKey(…)";
    }
    if (text.startsWith(SECRET)) {
      return "this is a secret; give it to secret(…)";
    }
    if (text.startsWith(PRIVATE)) {
      return "whsk_… is the gateway's private key and must not leave it; a receiver takes whpk_…";
    }
    if (text.contains(prefix)) {
      return "there is something before " + prefix + ", such as a space or a quote";
    }
    return wanted;
  }

  private static final class Hmac extends SigningKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    Hmac(byte[] secret) {
      this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    @Override
    String version() {
      return "v1";
    }

    @Override
    boolean fits(byte[] signature, byte[] head, byte[] body) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(key);
        mac.update(head);
        return MessageDigest.isEqual(mac.doFinal(body), signature);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
      }
    }
  }

  private static final class Ed25519 extends SigningKey {
    private static final String ALGORITHM = "Ed25519";

    private final PublicKey key;

    Ed25519(byte[] littleEndian) {
      // RFC 8032: the top bit is the parity of x, the rest is y, the lowest byte first.
      byte[] y = new byte[littleEndian.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = littleEndian[y.length - 1 - i];
      }
      boolean xIsOdd = (y[0] & 0x80) != 0;
      y[0] &= 0x7f;
      var point = new EdECPoint(xIsOdd, new BigInteger(1, y));
      try {
        this.key =
            KeyFactory.getInstance(ALGORITHM)
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
      } catch (GeneralSecurityException e) {
        throw new WebhookKeyException("the public key is no point of Ed25519");
      }
    }

    @Override
    String version() {
      return "v1a";
    }

    @Override
    boolean fits(byte[] signature, byte[] head, byte[] body) {
      try {
        Signature check = Signature.getInstance(ALGORITHM);
        check.initVerify(key);
        check.update(head);
        check.update(body);
        return check.verify(signature);
      } catch (GeneralSecurityException e) {
        return false; // A signature of a wrong length, or a key that is no point of the curve.
      }
    }
  }
}
