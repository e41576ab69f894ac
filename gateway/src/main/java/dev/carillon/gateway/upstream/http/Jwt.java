package dev.carillon.gateway.upstream.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.node.ObjectNode;

/// Makes signed tokens (RFC 7519) with HS256, as Kling wants them.
final class Jwt {
  private static final Duration SKEW = Duration.ofSeconds(5);
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private Jwt() {}

  static String hs256(String issuer, String secret, Instant now, Duration lifetime) {
    ObjectNode claims = Reply.Json.MAPPER.createObjectNode();
    claims.put("iss", issuer);
    claims.put("exp", now.plus(lifetime).getEpochSecond());
    claims.put("nbf", now.minus(SKEW).getEpochSecond());
    String signed = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + part(claims.toString());
    return signed + "." + URL.encodeToString(hmac(secret.getBytes(StandardCharsets.UTF_8), signed));
  }

  static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static String part(String json) {
    return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
