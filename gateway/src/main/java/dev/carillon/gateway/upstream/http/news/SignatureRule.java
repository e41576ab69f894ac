package dev.carillon.gateway.upstream.http.news;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How a provider signs its news with Ed25519.
///
/// @param keys where it publishes its public keys, as a JSON Web Key Set
/// @param signature the header with the signature, in hex or base64
/// @param timestamp the header with the time of sending, in seconds of the epoch
/// @param signed the lines that are signed: headers by name, [#SHA256] of the body in hex, or the
///   [#BODY] itself
public record SignatureRule(URI keys, String signature, String timestamp, List<String> signed) {
  public static final String SHA256 = "sha256";
  public static final String BODY = "body";

  public SignatureRule {
    signed = List.copyOf(signed);
  }

  /// Of a provider that is reached at another address: its keys are asked for there, too.
  public SignatureRule at(URI base) {
    return new SignatureRule(URI.create(base + keys.getRawPath()), signature, timestamp, signed);
  }

  /// The headers it needs, in lower case.
  public Set<String> headers() {
    Set<String> names = new LinkedHashSet<>(signed);
    names.removeAll(Set.of(SHA256, BODY));
    names.add(signature);
    names.add(timestamp);
    return names;
  }

  /// What was signed.
  byte[] message(Map<String, String> headers, byte[] body) {
    var message = new ByteArrayOutputStream();
    for (String line : signed) {
      if (message.size() > 0) {
        message.write('\n');
      }
      message.writeBytes(
          switch (line) {
            case BODY -> body;
            case SHA256 -> ascii(HexFormat.of().formatHex(sha256(body)));
            default -> ascii(headers.getOrDefault(line, ""));
          });
    }
    return message.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("this Java has no SHA-256", impossible);
    }
  }
}
