package dev.carillon.gateway.upstream.http.news;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The public keys of a provider, kept for a day, and asked for anew where a signature fits none of
/// them, as they may have changed; but not more often than once a minute, whatever is sent here.
/// While they cannot be had nothing is genuine. Safe for many threads.
public final class PublicKeys {
  private static final Logger log = LoggerFactory.getLogger(PublicKeys.class);
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final int MOST_KEYS = 16;
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  /// What stands before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410).
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private final SignatureRule rule;
  private final Source source;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Known known = new Known(List.of(), Instant.MIN, Instant.MIN);

  /// Fetches the set of keys.
  @FunctionalInterface
  public interface Source {
    /// Its text; empty when it cannot be had.
    Optional<String> fetch(URI address) throws InterruptedException;
  }

  /// @param at when they came
  /// @param asked when they were asked for last
  private record Known(List<PublicKey> keys, Instant at, Instant asked) {}

  public PublicKeys(SignatureRule rule, Source source) {
    this.rule = rule;
    this.source = source;
  }

  /// Whether news were signed by one of the keys, a short while ago.
  ///
  /// @param headers by name in lower case
  public boolean isSigned(Map<String, String> headers, byte[] body, Instant now)
      throws InterruptedException {
    Optional<byte[]> signature = bytes(headers.getOrDefault(rule.signature(), ""));
    if (signature.isEmpty() || !isFresh(headers.getOrDefault(rule.timestamp(), ""), now)) {
      return false;
    }
    byte[] message = rule.message(headers, body);
    Known first = known;
    boolean old = !now.isBefore(later(first.at, KEPT));
    if (!old && fits(first.keys, message, signature.get())) {
      return true;
    }
    return !now.isBefore(later(first.asked, LEAST))
        && fits(fetched(first, now).keys, message, signature.get());
  }

  private static Instant later(Instant from, Duration span) {
    return from.equals(Instant.MIN) ? from : from.plus(span);
  }

  private static boolean isFresh(String seconds, Instant now) {
    try {
      Instant sent = Instant.ofEpochSecond(Long.parseLong(seconds));
      return Duration.between(sent, now).abs().compareTo(SKEW) <= 0;
    } catch (NumberFormatException | DateTimeException | ArithmeticException noTime) {
      return false;
    }
  }

  private static Optional<byte[]> bytes(String text) {
    try {
      byte[] bytes =
          text.length() == 2 * SIGNATURE_BYTES
              ? HexFormat.of().parseHex(text)
              : Base64.getDecoder().decode(text);
      return Optional.of(bytes).filter(all -> all.length == SIGNATURE_BYTES);
    } catch (IllegalArgumentException neither) {
      return Optional.empty();
    }
  }

  /// One asks for all who wait.
  private Known fetched(Known before, Instant now) throws InterruptedException {
    fetching.lockInterruptibly();
    try {
      if (!known.asked.equals(before.asked)) {
        return known;
      }
      Optional<List<PublicKey>> keys = source.fetch(rule.keys()).map(PublicKeys::read);
      if (keys.filter(all -> !all.isEmpty()).isEmpty()) {
        log.warn("upstream.news.keys_missing address={}", rule.keys());
      }
      known =
          keys.map(all -> new Known(all, now, now))
              .orElseGet(() -> new Known(before.keys, before.at, now));
      return keys.isPresent() ? known : new Known(List.of(), now, now);
    } finally {
      fetching.unlock();
    }
  }

  private static List<PublicKey> read(String json) {
    List<PublicKey> keys = new ArrayList<>();
    try {
      for (JsonNode key : JsonMapper.shared().readTree(json).path("keys")) {
        boolean ours = key.path("crv").asString("Ed25519").equals("Ed25519");
        byte[] bytes = ours ? point(key.path("x").asString("")) : new byte[0];
        if (bytes.length == KEY_BYTES && keys.size() < MOST_KEYS) {
          byte[] encoded = new byte[X509.length + KEY_BYTES];
          System.arraycopy(X509, 0, encoded, 0, X509.length);
          System.arraycopy(bytes, 0, encoded, X509.length, KEY_BYTES);
          keys.add(
              KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        }
      }
    } catch (JacksonException | GeneralSecurityException unreadable) {
      log.warn("upstream.news.keys_unreadable reason=\"{}\"", unreadable.getMessage());
    }
    return keys;
  }

  private static byte[] point(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException noBase64) {
      return new byte[0];
    }
  }

  private static boolean fits(List<PublicKey> keys, byte[] message, byte[] signature) {
    for (PublicKey key : keys) {
      try {
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(key);
        check.update(message);
        if (check.verify(signature)) {
          return true;
        }
      } catch (GeneralSecurityException not) {
        // no signature of this key
      }
    }
    return false;
  }
}
