package dev.carillon.gateway.asset;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs addresses of kept files with an end date, and checks them when they come back. Whoever has
/// such an address may read the one file it names until that date.
public final class Links {
  /// The name under which the store keeps the key.
  public static final String SECRET_NAME = "asset-links";

  /// How long the key is.
  public static final int SECRET_BYTES = 32;

  static final String EXPIRES = "expires";
  static final String SIGNATURE = "signature";

  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,11}");

  private final SecretKeySpec key;
  private final Supplier<String> baseUrl;
  private final InstantSource clock;

  /// @param secret the key, of [#SECRET_BYTES]
  /// @param baseUrl what addresses of this gateway begin with, without a slash at the end
  public Links(byte[] secret, Supplier<String> baseUrl, InstantSource clock) {
    this.key = new SecretKeySpec(secret, ALGORITHM);
    this.baseUrl = baseUrl;
    this.clock = clock;
  }

  /// The whole address of a path of ours.
  ///
  /// @param until the first second at which it is no longer good
  String to(String path, Instant until) {
    String expires = Long.toString(until.getEpochSecond());
    return "%s%s?%s=%s&%s=%s"
        .formatted(baseUrl.get(), path, EXPIRES, expires, SIGNATURE, signature(path, expires));
  }

  /// Whether an address leads to this gateway.
  boolean isOurs(String url) {
    return url.startsWith(baseUrl.get() + "/");
  }

  /// Refuses a call whose signature is not ours, or whose end date has come.
  ///
  /// @return the end date
  /// @throws Problem `forbidden` or `gone`
  Instant check(Call call) {
    String expires = call.query(EXPIRES).orElse("");
    byte[] given = call.query(SIGNATURE).orElse("").getBytes(StandardCharsets.UTF_8);
    boolean ours =
        SECONDS.matcher(expires).matches()
            && MessageDigest.isEqual(
                given, signature(call.path(), expires).getBytes(StandardCharsets.UTF_8));
    if (!ours) {
      throw new Problem(
          ErrorCode.FORBIDDEN, "This link is not complete, or was not made by this gateway.");
    }
    Instant until = Instant.ofEpochSecond(Long.parseLong(expires));
    if (!clock.instant().isBefore(until)) {
      throw new Problem(
          ErrorCode.GONE, "This link has ended; ask for the task's files to get a new one.");
    }
    return until;
  }

  private String signature(String path, String expires) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] text = (path + '\n' + expires).getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(text));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", impossible);
    }
  }
}
