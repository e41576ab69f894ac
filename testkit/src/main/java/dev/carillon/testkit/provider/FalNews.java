package dev.carillon.testkit.provider;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/// Signs news as fal documents it, with a key pair of its own.
public final class FalNews {
  /// Where the public key is to be had.
  public static final String KEYS = "/.well-known/jwks.json";

  private static final int KEY_BYTES = 32;
  private static final FalNews OF_STAND_IN = new FalNews();

  private final KeyPair pair;

  /// One whose public key nobody tells.
  public FalNews() {
    try {
      pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("this Java has no Ed25519", impossible);
    }
  }

  /// The one whose public key the stand-in tells.
  public static FalNews ofStandIn() {
    return OF_STAND_IN;
  }

  /// Its public key as a JSON Web Key Set.
  public String keySet() {
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] key = Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    return "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}]}"
        .formatted(Base64.getUrlEncoder().withoutPadding().encodeToString(key));
  }

  /// The headers of a delivery.
  public Map<String, String> headers(String requestId, String body, Instant at) {
    String time = Long.toString(at.getEpochSecond());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
      String signed = String.join("\n", requestId, "user", time, HexFormat.of().formatHex(digest));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.UTF_8));
      return Map.of(
          "x-fal-webhook-request-id",
          requestId,
          "x-fal-webhook-user-id",
          "user",
          "x-fal-webhook-timestamp",
          time,
          "x-fal-webhook-signature",
          HexFormat.of().formatHex(signature.sign()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("this Java has no Ed25519", impossible);
    }
  }
}
