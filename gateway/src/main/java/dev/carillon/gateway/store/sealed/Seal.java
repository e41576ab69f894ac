package dev.carillon.gateway.store.sealed;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// Seals texts with AES-256-GCM and opens them again. A sealed text is `sealed:1:`, the name of its
/// key, a colon, and Base64 of a random nonce and what it encrypts; it opens for its owner alone,
/// so a row that is moved to another one is worth nothing. Safe for many threads.
///
/// @param current what is sealed with
/// @param others what may have been sealed with, too
/// @param random must be fit for secrets
public record Seal(SealKey current, List<SealKey> others, RandomGenerator random) {
  private static final String PREFIX = "sealed:1:";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  public Seal {
    others = List.copyOf(others);
  }

  /// What a text begins with that the current key sealed.
  String prefix() {
    return PREFIX + current.name() + ":";
  }

  static boolean isSealed(String text) {
    return text.startsWith(PREFIX);
  }

  /// The name of the key that a sealed text was sealed with.
  static String keyName(String sealed) {
    return sealed.substring(PREFIX.length()).split(":", 2)[0];
  }

  String seal(UUID owner, String text) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed =
        run(Cipher.ENCRYPT_MODE, current, nonce, owner, text.getBytes(StandardCharsets.UTF_8));
    byte[] whole = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    return prefix() + Base64.getEncoder().encodeToString(whole);
  }

  /// The text itself; one that was never sealed comes back as it is.
  ///
  /// @throws StoreUnavailableException when it was sealed with a key that is not here
  /// @throws IllegalStateException when it was changed since
  String open(UUID owner, String text) {
    if (!isSealed(text)) {
      return text;
    }
    String[] parts = text.substring(PREFIX.length()).split(":", 2);
    SealKey key =
        key(parts[0])
            .orElseThrow(() ->
                new StoreUnavailableException(
                    "a secret is sealed with the key %s, which is not here".formatted(parts[0])));
    ByteBuffer whole = ByteBuffer.wrap(Base64.getDecoder().decode(parts[1]));
    byte[] nonce = new byte[NONCE_BYTES];
    whole.get(nonce);
    byte[] sealed = new byte[whole.remaining()];
    whole.get(sealed);
    return new String(run(Cipher.DECRYPT_MODE, key, nonce, owner, sealed), StandardCharsets.UTF_8);
  }

  Optional<SealKey> key(String name) {
    return Stream.concat(Stream.of(current), others.stream())
        .filter(key -> key.name().equals(name))
        .findFirst();
  }

  private static byte[] run(int mode, SealKey key, byte[] nonce, UUID owner, byte[] text) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(owner.toString().getBytes(StandardCharsets.US_ASCII));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("a sealed secret cannot be opened", broken);
    }
  }
}
