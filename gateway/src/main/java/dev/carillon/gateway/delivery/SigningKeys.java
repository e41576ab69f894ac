package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The keys that callbacks are signed with, in the forms of Standard Webhooks 1.0.0: `whsec_` and
/// Base64 of a secret for HMAC-SHA256; `whsk_` and Base64 of an Ed25519 seed, mostly with the
/// public key behind it; `whpk_` and Base64 of a public key.
public final class SigningKeys {
  private static final String HMAC_PREFIX = "whsec_";
  private static final String PRIVATE_PREFIX = "whsk_";
  private static final String PUBLIC_PREFIX = "whpk_";
  private static final int KEY_BYTES = 32;
  private static final int LEAST_HMAC_BYTES = 16;

  private SigningKeys() {}

  /// A new secret that does not expire: 32 random bytes, or a new key pair.
  ///
  /// @param random must be fit for secrets
  public static SigningSecret fresh(Kind kind, RandomGenerator random, Instant now) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    String text =
        switch (kind) {
          case HMAC -> HMAC_PREFIX + base64(bytes);
          case ED25519 -> PRIVATE_PREFIX + base64(joined(bytes, publicBytes(bytes)));
        };
    return new SigningSecret(kind, text, now, Optional.empty());
  }

  /// The public key of a key pair, as `whpk_…`.
  ///
  /// @throws IllegalArgumentException for a secret that is no key pair
  public static String publicKey(SigningSecret secret) {
    return PUBLIC_PREFIX + base64(publicBytes(seed(secret)));
  }

  /// The public key of a key pair as a JSON Web Key (RFC 8037), member by member. Its `kid` is the
  /// key's thumbprint (RFC 7638), so it changes with the key alone.
  ///
  /// @throws IllegalArgumentException for a secret that is no key pair
  public static Map<String, String> jwk(SigningSecret secret) {
    String x = base64Url(publicBytes(seed(secret)));
    String canonical = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}";
    var jwk = new LinkedHashMap<String, String>();
    jwk.put("kty", "OKP");
    jwk.put("crv", "Ed25519");
    jwk.put("x", x);
    jwk.put("use", "sig");
    jwk.put("alg", "EdDSA");
    jwk.put("kid", base64Url(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    return jwk;
  }

  /// The bytes of an HMAC secret.
  static byte[] hmac(SigningSecret secret) {
    byte[] bytes = decoded(secret, Kind.HMAC, HMAC_PREFIX);
    if (bytes.length < LEAST_HMAC_BYTES) {
      throw new IllegalArgumentException("the secret is too short");
    }
    return bytes;
  }

  /// The private key of a key pair.
  static PrivateKey privateKey(SigningSecret secret) {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed(secret)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// The seed alone, also of a text that holds the public key too.
  private static byte[] seed(SigningSecret secret) {
    byte[] bytes = decoded(secret, Kind.ED25519, PRIVATE_PREFIX);
    if (bytes.length != KEY_BYTES && bytes.length != 2 * KEY_BYTES) {
      throw new IllegalArgumentException("an Ed25519 key has 32 or 64 bytes");
    }
    return Arrays.copyOf(bytes, KEY_BYTES);
  }

  private static byte[] decoded(SigningSecret secret, Kind kind, String prefix) {
    if (secret.kind() != kind || !secret.text().startsWith(prefix)) {
      throw new IllegalArgumentException("not a " + prefix + " secret");
    }
    return Base64.getDecoder().decode(secret.text().substring(prefix.length()));
  }

  /// The JDK derives a public key only while it makes a pair, so it is handed the seed as its
  /// randomness.
  private static byte[] publicBytes(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
      return encoded((EdECPublicKey) generator.generateKeyPair().getPublic());
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  /// RFC 8032, 5.1.2: y in little-endian order, the top bit tells whether x is odd.
  private static byte[] encoded(EdECPublicKey key) {
    byte[] bigEndian = key.getPoint().getY().toByteArray();
    byte[] encoded = new byte[KEY_BYTES];
    for (int i = 0; i < Math.min(KEY_BYTES, bigEndian.length); i++) {
      encoded[i] = bigEndian[bigEndian.length - 1 - i];
    }
    if (key.getPoint().isXOdd()) {
      encoded[KEY_BYTES - 1] |= (byte) 0x80;
    }
    return encoded;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Randomness that is none: these bytes.
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final byte[] bytes;

    Fixed(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] target) {
      System.arraycopy(bytes, 0, target, 0, target.length);
    }
  }
}
