package dev.carillon.gateway.upstream.sandbox.media;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Turns recipes into tokens for URLs and ids, and back. A token carries a code made with the
/// instance's key, so strangers cannot order rendering of their own choice, and every node with the
/// key can serve every URL for ever.
public final class Seal {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int CODE_BYTES = 10;
  private static final int LONGEST_TOKEN = 200;

  /// Has the key and nothing else; copied for each code, as looking for an algorithm takes longer
  /// than a code.
  private final Mac fresh;

  /// A seal with a key.
  ///
  /// @param key the instance's own; the same on all its nodes, kept over restarts
  public Seal(byte[] key) {
    if (key.length < 16) {
      throw new IllegalArgumentException("the sandbox's key needs at least 16 bytes");
    }
    try {
      this.fresh = Mac.getInstance(ALGORITHM);
      fresh.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /// The token of a recipe: at most 200 characters of `A-Z a-z 0-9 - _`.
  public String token(Recipe recipe) {
    byte[] body = recipe.toBytes();
    byte[] sealed = ByteBuffer.allocate(CODE_BYTES + body.length).put(code(body)).put(body).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  /// The recipe of a token; empty when it was not made with this key.
  public Optional<Recipe> open(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return Optional.empty();
    }
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (sealed.length <= CODE_BYTES) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOfRange(sealed, CODE_BYTES, sealed.length);
    byte[] given = Arrays.copyOf(sealed, CODE_BYTES);
    return MessageDigest.isEqual(given, code(body)) ? Recipe.ofBytes(body) : Optional.empty();
  }

  private byte[] code(byte[] body) {
    try {
      return Arrays.copyOf(((Mac) fresh.clone()).doFinal(body), CODE_BYTES);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every Java copies " + ALGORITHM, e);
    }
  }
}
