package dev.carillon.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A callback as the gateway sends it, signed with `v1` of Standard Webhooks, for tests of
/// receivers.
///
/// @param headers by name, each with one value
@SuppressWarnings("ArrayRecordComponent")
public record SignedRequest(byte[] body, Map<String, List<String>> headers) {
  /// A secret that everybody knows.
  public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";

  /// Signed with [#SECRET].
  public static SignedRequest of(String id, Instant at, String body) {
    return of(SECRET, id, at, body);
  }

  /// Signed with another secret.
  ///
  /// @param secret `whsec_` and Base64
  public static SignedRequest of(String secret, String id, Instant at, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String seconds = String.valueOf(at.getEpochSecond());
    byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
    String signature = "v1," + sign(key, id + "." + seconds + ".", bytes);
    return new SignedRequest(bytes, headers(id, seconds, signature));
  }

  /// The headers of a callback with these values.
  public static Map<String, List<String>> headers(String id, String timestamp, String signature) {
    return Map.of(
        "Content-Type", List.of("application/json"),
        "Webhook-Id", List.of(id),
        "Webhook-Timestamp", List.of(timestamp),
        "Webhook-Signature", List.of(signature));
  }

  private static String sign(byte[] key, String head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(head.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }
}
