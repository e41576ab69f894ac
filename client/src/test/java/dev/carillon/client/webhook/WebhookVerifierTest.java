package dev.carillon.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.standardwebhooks.Webhook;
import dev.carillon.client.webhook.WebhookVerificationException.Reason;
import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.SignedRequest;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WebhookVerifierTest {
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant AT = Instant.ofEpochSecond(1_614_265_330);
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final String V1A =
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
  private static final String OTHER_SECRET =
      "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

  private final HandClock clock = new HandClock(AT);
  private final WebhookVerifier verifier = secrets(SignedRequest.SECRET);

  @Test
  void the_known_v1_answer_is_believed() throws Exception {
    Verified verified = verifier.verify(bytes(BODY), headers(V1));

    assertThat(verified.id()).isEqualTo(ID);
    assertThat(verified.timestamp()).isEqualTo(AT);
    assertThat(verified.type()).isEmpty();
    assertThat(verified.body()).isEqualTo(bytes(BODY));
  }

  @Test
  void the_known_v1a_answer_is_believed() throws Exception {
    WebhookVerifier publicKeys =
        WebhookVerifier.builder().publicKey(publicKey()).clock(clock).build();

    assertThat(publicKeys.verify(bytes(BODY), headers(V1A)).id()).isEqualTo(ID);
    assertThat(reason(publicKeys, bytes("{\"test\": 2432232315}"), headers(V1A)))
        .isEqualTo(Reason.NO_MATCH);
    assertThat(reason(publicKeys, bytes(BODY), headers("v1a,AAAA"))).isEqualTo(Reason.NO_MATCH);
  }

  @Test
  void one_fitting_signature_of_several_is_enough() throws Exception {
    String several = "v2,xyz v1,!!! v1," + "A".repeat(43) + "= " + V1 + " " + V1A;

    assertThat(verifier.verify(bytes(BODY), headers(several)).id()).isEqualTo(ID);
    assertThat(secrets(OTHER_SECRET, SignedRequest.SECRET).verify(bytes(BODY), headers(V1)).id())
        .isEqualTo(ID);
  }

  @Test
  void a_signature_beyond_the_sixteenth_is_not_looked_at() {
    String many = "v1,AAAA ".repeat(16) + V1;

    assertThat(reason(verifier, bytes(BODY), headers(many))).isEqualTo(Reason.NO_MATCH);
  }

  @Test
  void whatever_was_changed_on_the_way_is_not_believed() {
    byte[] changed = bytes(BODY);
    for (int i = 0; i < changed.length; i++) {
      changed[i] ^= 1;
      assertThat(reason(verifier, changed, headers(V1))).isEqualTo(Reason.NO_MATCH);
      changed[i] ^= 1;
    }
    assertThat(reason(verifier, bytes(BODY + " "), headers(V1))).isEqualTo(Reason.NO_MATCH);
    assertThat(reason(verifier, bytes(BODY), SignedRequest.headers("msg_other", seconds(0), V1)))
        .isEqualTo(Reason.NO_MATCH);
    assertThat(reason(verifier, bytes(BODY), SignedRequest.headers(ID, seconds(1), V1)))
        .isEqualTo(Reason.NO_MATCH);
    assertThat(reason(secrets(OTHER_SECRET), bytes(BODY), headers(V1))).isEqualTo(Reason.NO_MATCH);
    assertThat(reason(verifier, bytes(BODY), headers(V1.replace("=", "AA=="))))
        .isEqualTo(Reason.NO_MATCH);
  }

  @Test
  void a_version_without_a_key_is_told_apart_from_a_wrong_signature() {
    assertThat(reason(verifier, bytes(BODY), headers(V1A))).isEqualTo(Reason.UNKNOWN_VERSION_ONLY);
    assertThat(reason(verifier, bytes(BODY), headers("v9,AAAA junk ,")))
        .isEqualTo(Reason.UNKNOWN_VERSION_ONLY);
  }

  @Test
  void a_timestamp_may_be_five_minutes_off_and_no_second_more() throws Exception {
    clock.advance(Duration.ofMinutes(5));
    assertThat(verifier.verify(bytes(BODY), headers(V1)).id()).isEqualTo(ID);
    clock.advance(Duration.ofSeconds(1));
    assertThat(reason(verifier, bytes(BODY), headers(V1))).isEqualTo(Reason.TOO_OLD);

    clock.advance(Duration.ofMinutes(-10).minusSeconds(1));
    assertThat(verifier.verify(bytes(BODY), headers(V1)).id()).isEqualTo(ID);
    clock.advance(Duration.ofSeconds(-1));
    assertThat(reason(verifier, bytes(BODY), headers(V1))).isEqualTo(Reason.TOO_NEW);
  }

  @ParameterizedTest
  @CsvSource({"-1", "1e9", "161426533O", "99999999999999999999", "' 1614265330'"})
  void a_timestamp_is_plain_seconds(String timestamp) {
    assertThat(reason(verifier, bytes(BODY), SignedRequest.headers(ID, timestamp, V1)))
        .isEqualTo(Reason.BAD_TIMESTAMP);
  }

  @ParameterizedTest
  @CsvSource({"webhook-id", "webhook-timestamp", "webhook-signature"})
  void each_header_comes_exactly_once(String name) {
    var headers = new java.util.TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(headers(V1));
    List<String> once = headers.getOrDefault(name, List.of());
    assertThat(once).hasSize(1);

    headers.remove(name);
    assertThat(reason(verifier, bytes(BODY), headers)).isEqualTo(Reason.MISSING_HEADER);
    headers.put(name, List.of(" "));
    assertThat(reason(verifier, bytes(BODY), headers)).isEqualTo(Reason.MISSING_HEADER);
    headers.put(name, List.of(once.getFirst(), once.getFirst()));
    assertThat(reason(verifier, bytes(BODY), headers)).isEqualTo(Reason.DUPLICATE_HEADER);
  }

  @Test
  void the_type_is_that_of_the_outermost_object() throws Exception {
    assertThat(typeOf("{\"data\":{\"type\":\"inner\"},\"type\":\"task.succeeded\"}"))
        .contains("task.succeeded");
    assertThat(typeOf("{\"data\":{\"type\":\"inner\"}}")).isEmpty();
    assertThat(typeOf("{\"type\":7}")).isEmpty();
    assertThat(typeOf("no JSON at all")).isEmpty();
    assertThat(typeOf("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', you pasted v1",
    "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, publicKey",
    "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, private key",
    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, begins with whsec_",
    "' whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', before whsec_",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-w, no Base64",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==, 22 bytes",
    "'', empty",
  })
  void a_secret_in_another_form_is_told_at_once_and_never_repeated(String secret, String why) {
    assertThatThrownBy(() -> WebhookVerifier.builder().secret(secret))
        .isInstanceOf(WebhookKeyException.class)
        .hasMessageContaining(why)
        .message()
        .doesNotContain("MfKQ9r8");
  }

  @Test
  void a_verifier_without_a_key_is_none() {
    assertThatThrownBy(() -> WebhookVerifier.builder().build())
        .isInstanceOf(WebhookKeyException.class);
    assertThatThrownBy(() -> WebhookVerifier.builder().publicKey(SignedRequest.SECRET))
        .isInstanceOf(WebhookKeyException.class)
        .hasMessageContaining("secret(");
  }

  /// `com.standardwebhooks:standardwebhooks`, both ways; it takes the time from the machine.
  @Test
  void the_official_java_library_and_this_one_agree() throws Exception {
    var official = new Webhook(SignedRequest.SECRET);
    Instant now = java.time.InstantSource.system().instant();
    WebhookVerifier ours = WebhookVerifier.builder().secret(SignedRequest.SECRET).build();
    String body = "{\"type\":\"task.succeeded\",\"data\":{\"prompt\":\"ein Füchslein 🦊\"}}";

    String theirs = official.sign(ID, now.getEpochSecond(), body);
    Verified verified =
        ours.verify(bytes(body), SignedRequest.headers(ID, "" + now.getEpochSecond(), theirs));
    assertThat(verified.type()).contains("task.succeeded");

    SignedRequest signed = SignedRequest.of(ID, now, body);
    official.verify(body, HttpHeaders.of(signed.headers(), (_, _) -> true).map());
  }

  private java.util.Optional<String> typeOf(String body) throws WebhookVerificationException {
    SignedRequest request = SignedRequest.of(ID, AT, body);
    return verifier.verify(request.body(), request.headers()).type();
  }

  private WebhookVerifier secrets(String... secrets) {
    var builder = WebhookVerifier.builder().clock(clock);
    Arrays.stream(secrets).forEach(builder::secret);
    return builder.build();
  }

  private static String publicKey() {
    byte[] seedAndPublic =
        Base64.getDecoder()
            .decode(
                "6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==");
    return "whpk_" + Base64.getEncoder().encodeToString(Arrays.copyOfRange(seedAndPublic, 32, 64));
  }

  private static Reason reason(
      WebhookVerifier verifier, byte[] body, Map<String, List<String>> headers) {
    return catchThrowableOfType(
            WebhookVerificationException.class, () -> verifier.verify(body, headers))
        .reason();
  }

  private static Map<String, List<String>> headers(String signature) {
    return SignedRequest.headers(ID, seconds(0), signature);
  }

  private static String seconds(long more) {
    return "" + (AT.getEpochSecond() + more);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
