package dev.carillon.testkit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Checks Amazon's Signature Version 4 of a request, written from its description and sharing no
/// code with any client.
final class SignatureV4 {
  private static final Pattern FIELD =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request,"
              + "\\s*SignedHeaders=([a-z0-9;-]+),\\s*Signature=([0-9a-f]{64})");

  private final String accessKey;
  private final String secretKey;
  private final String region;

  SignatureV4(String accessKey, String secretKey, String region) {
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.region = region;
  }

  /// A request as it came.
  ///
  /// @param path with its escapes
  /// @param query with its escapes; may be empty
  /// @param headers by their names in lower case
  record Asked(String method, String path, String query, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /// Why the signature is not good; empty when it is.
  Optional<String> fault(Asked asked) {
    Matcher field = FIELD.matcher(asked.header("authorization"));
    if (!field.matches() || !field.group(1).equals(accessKey) || !field.group(3).equals(region)) {
      return Optional.of("AuthorizationHeaderMalformed");
    }
    List<String> signed = List.of(field.group(4).split(";", -1));
    boolean covered =
        signed.contains("host")
            && signed.contains("x-amz-date")
            && signed.contains("x-amz-content-sha256")
            && asked.headers().keySet().stream()
                .filter(name -> name.startsWith("x-amz-"))
                .allMatch(signed::contains);
    if (!covered || !asked.header("x-amz-date").startsWith(field.group(2))) {
      return Optional.of("AccessDenied");
    }
    String expected = signature(asked, signed, field.group(2));
    return expected.equals(field.group(5))
        ? Optional.empty()
        : Optional.of("SignatureDoesNotMatch");
  }

  private String signature(Asked asked, List<String> signed, String day) {
    var canonical = new StringBuilder();
    canonical.append(asked.method()).append('\n').append(asked.path()).append('\n');
    canonical.append(canonicalQuery(asked.query())).append('\n');
    signed.forEach(
        name -> canonical.append(name).append(':').append(asked.header(name).strip()).append('\n'));
    canonical.append('\n').append(String.join(";", signed)).append('\n');
    canonical.append(asked.header("x-amz-content-sha256"));
    String scope = day + "/" + region + "/s3/aws4_request";
    String text =
        "AWS4-HMAC-SHA256\n"
            + asked.header("x-amz-date")
            + "\n"
            + scope
            + "\n"
            + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
    byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(day, region, "s3", "aws4_request")) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, text));
  }

  private static String canonicalQuery(String query) {
    var sorted = new TreeMap<String, List<String>>();
    for (String each : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      String value = equals < 0 ? "" : each.substring(equals + 1);
      sorted.computeIfAbsent(encoded(name), _ -> new ArrayList<>()).add(encoded(value));
    }
    var parts = new ArrayList<String>();
    sorted.forEach((name, values) -> {
      Collections.sort(values);
      values.forEach(value -> parts.add(name + "=" + value));
    });
    return String.join("&", parts);
  }

  private static String encoded(String text) {
    var out = new StringBuilder();
    for (byte b :
        URLDecoder.decode(text, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || b == '-'
              || b == '_'
              || b == '.'
              || b == '~';
      out.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xFF));
    }
    return out.toString();
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
