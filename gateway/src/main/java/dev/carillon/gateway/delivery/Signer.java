package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.callback.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs webhooks as Standard Webhooks 1.0.0 says: over `id.timestamp.body`, with every secret that
/// is in use. Safe for many threads.
///
/// An Ed25519 signature takes the JDK most of a millisecond, and the same bytes may go to several
/// endpoints, so the latest ones are remembered.
public final class Signer {
  private static final int REMEMBERED = 1024;

  private final Map<String, String> signatures = new Latest<>(); // guarded by itself
  private final Map<String, PrivateKey> keys = new Latest<>(); // guarded by itself

  /// The value of `webhook-signature`: one signature for each secret, in their order, with spaces
  /// between.
  ///
  /// @param id the `webhook-id`; has no dot
  /// @param seconds the `webhook-timestamp`, since the Unix epoch
  /// @param body the bytes that are sent
  /// @throws IllegalArgumentException for a secret that is not in its wire form
  public String sign(String id, long seconds, byte[] body, List<SigningSecret> secrets) {
    byte[] head = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
    return secrets.stream()
        .map(secret ->
            switch (secret.kind()) {
              case HMAC -> "v1," + hmac(secret, head, body);
              case ED25519 -> "v1a," + ed25519(secret, head, body);
            })
        .collect(Collectors.joining(" "));
  }

  private static String hmac(SigningSecret secret, byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SigningKeys.hmac(secret), "HmacSHA256"));
      mac.update(head);
      return SigningKeys.base64(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  private String ed25519(SigningSecret secret, byte[] head, byte[] body) {
    String signed = secret.text() + " " + SigningKeys.base64(SigningKeys.sha256(head, body));
    return remembered(
        signatures,
        signed,
        _ -> {
          PrivateKey key = remembered(keys, secret.text(), _ -> SigningKeys.privateKey(secret));
          return ed25519(key, head, body);
        });
  }

  private static String ed25519(PrivateKey key, byte[] head, byte[] body) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(head);
      signature.update(body);
      return SigningKeys.base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  /// What is made twice at the same moment is the same, so no lock is held while it is made.
  private static <V> V remembered(Map<String, V> map, String key, Function<String, V> maker) {
    synchronized (map) {
      V present = map.get(key);
      if (present != null) {
        return present;
      }
    }
    V made = maker.apply(key);
    synchronized (map) {
      map.put(key, made);
    }
    return made;
  }

  private static final class Latest<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > REMEMBERED;
    }
  }
}
