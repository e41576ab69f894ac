package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.Sleeper;
import dev.carillon.gateway.upstream.UpstreamListener;
import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.provider.FalNews;
import dev.carillon.testkit.provider.ProviderStandIn;
import dev.carillon.testkit.provider.ProviderStandIn.Trouble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// News that fal signs, by the shipped file and against the stand-in's public key.
class SignedNewsTest {
  private static final TaskId TASK =
      new TaskId(new UUID(0x0199_0000_7000_0000L, 0x8000_0000_0000_0001L));
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  private static final String BODY = "{\"request_id\":\"j1\",\"status\":\"OK\"}";
  private static final byte[] SECRET = new byte[32];

  @TempDir Path folder;
  private final HandClock clock = new HandClock(NOW);
  private final ProviderStandIn standIn = ProviderStandIn.start("fal");
  private HttpProviders providers;

  @BeforeEach
  void open() {
    providers =
        new HttpProviders(
            Desk.config("fal", standIn.url(), folder),
            new HttpProviders.Parts(
                clock,
                Sleeper.REAL,
                UpstreamListener.NONE,
                SECRET,
                new HttpProviders.Outside(
                    (_, _, _) -> {
                      throw new AssertionError("there is no result here");
                    },
                    OkHttpClient::new)));
  }

  @AfterEach
  void close() {
    providers.close();
    standIn.close();
  }

  private boolean isHeard(Map<String, String> headers, String body) throws InterruptedException {
    return providers
        .heard(
            "fal",
            new NewsSeal(SECRET).token("fal", TASK),
            name -> Optional.ofNullable(headers.get(name)),
            body.getBytes(StandardCharsets.UTF_8))
        .filter(news -> news.task().equals(TASK) && news.job().equals(Map.of("id", "j1")))
        .isPresent();
  }

  private static Map<String, String> signed(Instant at) {
    return FalNews.ofStandIn().headers("j1", BODY, at);
  }

  private static Map<String, String> with(String name, String value) {
    var changed = new HashMap<>(signed(NOW));
    changed.put(name, value);
    return changed;
  }

  @Test
  void news_that_fal_signed_are_heard_and_its_keys_fetched_once_a_day() throws Exception {
    assertThat(isHeard(signed(NOW), BODY)).isTrue();
    assertThat(isHeard(signed(NOW), BODY)).isTrue();
    assertThat(standIn.received()).hasSize(1);
    assertThat(standIn.received().getFirst().header("authorization")).isEmpty();

    clock.advance(Duration.ofHours(25));
    assertThat(isHeard(signed(clock.instant()), BODY)).isTrue();
    assertThat(standIn.received()).hasSize(2);
  }

  @Test
  void a_signature_holds_for_what_was_signed_alone() throws Exception {
    assertThat(isHeard(signed(NOW), BODY + " ")).isFalse();
    assertThat(isHeard(with("x-fal-webhook-request-id", "j2"), BODY)).isFalse();
    assertThat(isHeard(with("x-fal-webhook-user-id", "other"), BODY)).isFalse();
    assertThat(isHeard(with("x-fal-webhook-signature", "00".repeat(64)), BODY)).isFalse();
    assertThat(isHeard(with("x-fal-webhook-signature", "no signature"), BODY)).isFalse();
    assertThat(isHeard(Map.of(), BODY)).isFalse();
    assertThat(isHeard(signed(NOW), BODY)).isTrue();
  }

  @Test
  void old_news_and_news_of_the_future_are_not_heard() throws Exception {
    assertThat(isHeard(signed(NOW.minusSeconds(301)), BODY)).isFalse();
    assertThat(isHeard(signed(NOW.plusSeconds(301)), BODY)).isFalse();
    assertThat(isHeard(with("x-fal-webhook-timestamp", "later"), BODY)).isFalse();
    assertThat(standIn.received()).as("no key is needed for that").isEmpty();
    assertThat(isHeard(signed(NOW.minusSeconds(299)), BODY)).isTrue();
  }

  @Test
  void a_key_that_fal_does_not_publish_signs_nothing_and_is_asked_for_once_a_minute()
      throws Exception {
    Map<String, String> foreign = new FalNews().headers("j1", BODY, NOW);

    for (int i = 0; i < 5; i++) {
      assertThat(isHeard(foreign, BODY)).isFalse();
    }
    assertThat(standIn.received()).hasSize(1);

    clock.advance(Duration.ofSeconds(61));
    assertThat(isHeard(foreign, BODY)).isFalse();
    assertThat(standIn.received()).hasSize(2);
  }

  @Test
  void nothing_is_heard_while_the_keys_cannot_be_had() throws Exception {
    standIn.asking(Trouble.DOWN);
    assertThat(isHeard(signed(NOW), BODY)).isFalse();
    assertThat(isHeard(signed(NOW), BODY)).as("not asked for again at once").isFalse();
    assertThat(standIn.received()).hasSize(1);

    clock.advance(Duration.ofMinutes(2));
    assertThat(isHeard(signed(clock.instant()), BODY)).isTrue();
  }

  @Test
  void an_address_that_was_not_made_here_makes_nobody_fetch_keys() throws Exception {
    assertThat(
            providers.heard(
                "fal",
                "A".repeat(43),
                name -> Optional.ofNullable(signed(NOW).get(name)),
                BODY.getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
    assertThat(standIn.received()).isEmpty();
  }
}
