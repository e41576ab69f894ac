package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.TaskId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Makes and reads the last part of the addresses to which providers tell news: the task's id and a
/// seal over it, so that nobody can guess one and none has to be stored.
final class NewsSeal {
  /// What a signature of Standard Webhooks needs.
  static final List<String> HEADERS =
      List.of("webhook-id", "webhook-timestamp", "webhook-signature");

  private static final int SEAL = 16;
  private static final int ID = 16;
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final byte[] secret;

  NewsSeal(byte[] secret) {
    this.secret = secret.clone();
  }

  String token(String provider, TaskId task) {
    UUID id = task.value();
    byte[] bytes =
        ByteBuffer.allocate(ID + SEAL)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .put(seal(provider, task))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  Optional<TaskId> task(String provider, String token) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
    if (bytes.length != ID + SEAL) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    TaskId task = new TaskId(new UUID(buffer.getLong(), buffer.getLong()));
    byte[] seal = Arrays.copyOfRange(bytes, ID, ID + SEAL);
    return MessageDigest.isEqual(seal, seal(provider, task)) ? Optional.of(task) : Optional.empty();
  }

  private byte[] seal(String provider, TaskId task) {
    return Arrays.copyOf(Jwt.hmac(secret, "news/" + provider + "/" + task), SEAL);
  }

  /// Whether a body is signed as Standard Webhooks say.
  ///
  /// @param key `whsec_` and base64
  /// @param headers by name in lower case
  static boolean isSigned(String key, Map<String, String> headers, byte[] body, Instant now) {
    try {
      byte[] secret = Base64.getDecoder().decode(key.replaceFirst("^whsec_", ""));
      String id = headers.getOrDefault("webhook-id", "");
      String at = headers.getOrDefault("webhook-timestamp", "0");
      Instant sent = Instant.ofEpochSecond(Long.parseLong(at));
      if (Duration.between(sent, now).abs().compareTo(SKEW) > 0) {
        return false;
      }
      String signed = id + "." + at + "." + new String(body, StandardCharsets.UTF_8);
      byte[] wanted = Base64.getEncoder().encode(Jwt.hmac(secret, signed));
      return Arrays.stream(headers.getOrDefault("webhook-signature", "").split(" ", -1))
          .filter(one -> one.startsWith("v1,"))
          .map(one -> one.substring(3).getBytes(StandardCharsets.US_ASCII))
          .anyMatch(one -> MessageDigest.isEqual(one, wanted));
    } catch (IllegalArgumentException | java.time.DateTimeException broken) {
      return false;
    }
  }
}
