package dev.carillon.gateway.store.sealed;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A key for sealing, and the name it is known by, which tells nothing of it.
///
/// @param name 16 hexadecimal characters
public record SealKey(SecretKey key, String name) {
  private static final int NAME_BYTES = 8;

  /// The key that a configured text stands for; the same text gives the same key.
  public static SealKey of(String text) {
    byte[] key = sha256("carillon secrets key\n" + text);
    byte[] name = sha256("carillon secrets key name\n" + HexFormat.of().formatHex(key));
    return new SealKey(
        new SecretKeySpec(key, "AES"), HexFormat.of().formatHex(Arrays.copyOf(name, NAME_BYTES)));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible); // every Java has it
    }
  }

  @Override
  public String toString() {
    return "SealKey(" + name + ")";
  }
}
