package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The known answers are those of Standard Webhooks 1.0.0 and of RFC 8032 and RFC 8037.
final class SigningTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final long SECONDS = 1_614_265_330;
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
  private static final String V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final String V1A =
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
  private static final String PAIR =
      "6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";

  private final Signer signer = new Signer();
  private final SigningSecret hmac = hmac("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private final SigningSecret pair = pair("whsk_" + PAIR);

  @Test
  void the_known_answers_come_out() {
    assertThat(signer.sign(ID, SECONDS, BODY, List.of(hmac))).isEqualTo(V1);
    assertThat(signer.sign(ID, SECONDS, BODY, List.of(pair))).isEqualTo(V1A);
  }

  @Test
  void every_secret_signs_in_its_order() {
    assertThat(signer.sign(ID, SECONDS, BODY, List.of(pair, hmac))).isEqualTo(V1A + " " + V1);
    assertThat(signer.sign(ID, SECONDS, BODY, List.of())).isEmpty();
  }

  @Test
  void a_remembered_signature_is_of_the_same_bytes_and_key_alone() {
    var other = SigningKeys.fresh(Kind.ED25519, new SplittableRandom(1), NOW);
    List<String> signatures =
        List.of(
            signer.sign(ID, SECONDS, BODY, List.of(pair)),
            signer.sign(ID + "_1", SECONDS, BODY, List.of(pair)),
            signer.sign(ID, SECONDS + 1, BODY, List.of(pair)),
            signer.sign(ID, SECONDS, new byte[0], List.of(pair)),
            signer.sign(ID, SECONDS, BODY, List.of(other)));

    assertThat(signatures).doesNotHaveDuplicates();
    assertThat(signer.sign(ID, SECONDS, BODY, List.of(pair))).isEqualTo(V1A);
  }

  @Test
  void a_seed_alone_is_the_same_key_as_seed_and_public_key() {
    byte[] both = Base64.getDecoder().decode(PAIR);
    String seed = Base64.getEncoder().encodeToString(Arrays.copyOf(both, 32));
    String publicKey = Base64.getEncoder().encodeToString(Arrays.copyOfRange(both, 32, 64));

    assertThat(signer.sign(ID, SECONDS, BODY, List.of(pair("whsk_" + seed)))).isEqualTo(V1A);
    assertThat(SigningKeys.publicKey(pair)).isEqualTo("whpk_" + publicKey);
    assertThat(SigningKeys.publicKey(pair("whsk_" + seed))).isEqualTo("whpk_" + publicKey);
  }

  @Test
  void the_jwk_and_its_thumbprint_are_those_of_rfc_8037() {
    byte[] seed =
        HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    var secret = pair("whsk_" + Base64.getEncoder().encodeToString(seed));

    assertThat(SigningKeys.jwk(secret))
        .isEqualTo(
            Map.of(
                "kty", "OKP",
                "crv", "Ed25519",
                "x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                "use", "sig",
                "alg", "EdDSA",
                "kid", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
  }

  @Test
  void fresh_secrets_differ_and_work() throws GeneralSecurityException {
    var random = new SplittableRandom(7);
    var first = SigningKeys.fresh(Kind.HMAC, random, NOW);
    var second = SigningKeys.fresh(Kind.HMAC, random, NOW);
    assertThat(first.text()).startsWith("whsec_").hasSize(50).isNotEqualTo(second.text());
    assertThat(first.expiresAt()).isEmpty();

    for (int i = 0; i < 20; i++) {
      var fresh = SigningKeys.fresh(Kind.ED25519, random, NOW);
      String signature = signer.sign(ID, SECONDS, BODY, List.of(fresh)).substring("v1a,".length());
      assertThat(verifies(SigningKeys.publicKey(fresh), signature)).isTrue();
    }
  }

  @Test
  void a_secret_in_no_known_form_is_refused_and_none_shows_itself() {
    for (SigningSecret bad :
        List.of(
            hmac("v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            hmac("whsec_c2hvcnQ="),
            hmac("whsec_%%%"),
            pair("whsk_c2hvcnQ="))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> signer.sign(ID, SECONDS, BODY, List.of(bad)));
    }
    assertThat(hmac.toString()).doesNotContain("MfKQ");
  }

  private static boolean verifies(String publicKey, String signature)
      throws GeneralSecurityException {
    byte[] raw = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
    byte[] spki =
        HexFormat.of().parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(raw));
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
    verifier.update((ID + "." + SECONDS + ".").getBytes(StandardCharsets.UTF_8));
    verifier.update(BODY);
    return verifier.verify(Base64.getDecoder().decode(signature));
  }

  private static SigningSecret hmac(String text) {
    return new SigningSecret(Kind.HMAC, text, NOW, Optional.empty());
  }

  private static SigningSecret pair(String text) {
    return new SigningSecret(Kind.ED25519, text, NOW, Optional.empty());
  }
}
