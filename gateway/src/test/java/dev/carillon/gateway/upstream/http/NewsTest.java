package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whose news are heard: those whose address this gateway made, and whose signature is right.
class NewsTest {
  private static final TaskId TASK =
      new TaskId(new UUID(0x0199_0000_7000_0000L, 0x8000_0000_0000_0001L));
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  private static final String KEY =
      "whsec_"
          + Base64.getEncoder()
              .encodeToString("a secret of some length".getBytes(StandardCharsets.UTF_8));
  private static final byte[] BODY = "{\"id\":\"j1\"}".getBytes(StandardCharsets.UTF_8);

  private static byte[] secret(int fill) {
    byte[] secret = new byte[32];
    java.util.Arrays.fill(secret, (byte) fill);
    return secret;
  }

  private static Map<String, String> signed(Instant at, String body) {
    String time = Long.toString(at.getEpochSecond());
    byte[] key = Base64.getDecoder().decode(KEY.substring("whsec_".length()));
    String signature = Base64.getEncoder().encodeToString(Jwt.hmac(key, "m1." + time + "." + body));
    return Map.of(
        "webhook-id",
        "m1",
        "webhook-timestamp",
        time,
        "webhook-signature",
        "v1,AAAA v1," + signature);
  }

  @Test
  void an_address_leads_to_its_task_and_no_other_can_be_made() {
    var seal = new NewsSeal(secret(1));
    String token = seal.token("replicate", TASK);
    char[] changed = token.toCharArray();
    changed[30] = changed[30] == 'A' ? 'B' : 'A';

    assertThat(seal.task("replicate", token)).contains(TASK);
    assertThat(new NewsSeal(secret(1)).task("replicate", token)).contains(TASK);
    assertThat(seal.task("fal", token)).isEmpty();
    assertThat(new NewsSeal(secret(2)).task("replicate", token)).isEmpty();
    assertThat(seal.task("replicate", new String(changed))).isEmpty();
    assertThat(seal.task("replicate", token.substring(1))).isEmpty();
    assertThat(seal.task("replicate", "no base64 !")).isEmpty();
  }

  @Test
  void a_signature_holds_for_one_body_and_a_short_while() {
    Map<String, String> headers = signed(NOW, new String(BODY, StandardCharsets.UTF_8));

    assertThat(NewsSeal.isSigned(KEY, headers, BODY, NOW)).isTrue();
    assertThat(NewsSeal.isSigned(KEY, headers, "{}".getBytes(StandardCharsets.UTF_8), NOW))
        .isFalse();
    assertThat(NewsSeal.isSigned(KEY, headers, BODY, NOW.plusSeconds(301))).isFalse();
    assertThat(NewsSeal.isSigned(KEY, headers, BODY, NOW.minusSeconds(301))).isFalse();
    assertThat(NewsSeal.isSigned("whsec_AAAA", headers, BODY, NOW)).isFalse();
    assertThat(NewsSeal.isSigned(KEY, Map.of(), BODY, NOW)).isFalse();
  }
}
