package dev.carillon.gateway.store.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.testkit.HandClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stands in the database of a secret, and with which key a process starts on it.
class SealedStoreTest {
  private static final SigningSecret.Owner OWNER =
      new SigningSecret.Owner.OfApplication(new ApplicationId(new UUID(0x7000, 1)));
  private static final SealKey KEY = SealKey.of("a key of at least 32 characters, or so");
  private static final SealKey NEW = SealKey.of("another key of at least 32 characters");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final HandClock clock = new HandClock();

  @SuppressWarnings("NullAway.Init") // set before each test
  private Store raw;

  @BeforeEach
  void open() {
    raw =
        SqliteStore.open(
            folder.resolve("c.db"), SqliteConfig.defaults(), clock, new Ids(clock, new Random(1)));
  }

  @AfterEach
  void close() {
    raw.close();
  }

  private static Optional<Seal> with(SealKey key, SealKey... others) {
    return Optional.of(new Seal(key, List.of(others), new SecureRandom()));
  }

  private Store over(Optional<Seal> seal) {
    return SealedStore.over(raw, seal, "look for it");
  }

  private SigningSecret secret(String text) {
    return new SigningSecret(Kind.HMAC, text, clock.instant(), Optional.empty());
  }

  private List<String> texts(Store store) {
    return store
        .endpoints()
        .secrets(OWNER, clock.instant(), () -> List.of(secret("whsec_first")))
        .stream()
        .map(SigningSecret::text)
        .toList();
  }

  @Test
  void the_database_holds_no_secret_in_the_clear() {
    Store sealed = over(with(KEY));

    assertThat(texts(sealed)).containsExactly("whsec_first");
    clock.advance(Duration.ofSeconds(1));
    sealed
        .endpoints()
        .rotate(OWNER, secret("whsec_second"), clock.instant().plus(Duration.ofDays(1)));

    assertThat(texts(sealed)).containsExactly("whsec_second", "whsec_first");
    assertThat(texts(raw)).hasSize(2).allMatch(text -> text.startsWith("sealed:1:" + KEY.name()));
  }

  @Test
  void what_stood_in_the_clear_is_sealed_at_the_start() {
    assertThat(texts(raw)).containsExactly("whsec_first");

    Store sealed = over(with(KEY));

    assertThat(texts(sealed)).containsExactly("whsec_first");
    assertThat(texts(raw)).allMatch(text -> text.startsWith("sealed:1:"));
  }

  @Test
  void without_the_key_nothing_starts() {
    over(with(KEY));

    assertThatThrownBy(() -> over(with(NEW)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(KEY.name())
        .hasMessageContaining("look for it");
    assertThatThrownBy(() -> over(Optional.empty())).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void a_new_key_takes_the_place_of_the_old_one_which_is_then_needed_no_more() {
    texts(over(with(KEY)));

    assertThat(texts(over(with(NEW, KEY)))).containsExactly("whsec_first");

    assertThat(texts(raw)).allMatch(text -> text.startsWith("sealed:1:" + NEW.name()));
    assertThat(texts(over(with(NEW)))).containsExactly("whsec_first");
    assertThatThrownBy(() -> over(with(KEY))).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void without_any_key_secrets_stay_as_they_are_until_there_is_one() {
    Store store = over(Optional.empty());
    assertThat(texts(store)).containsExactly("whsec_first");
    assertThat(texts(raw)).containsExactly("whsec_first");

    assertThat(texts(over(with(KEY)))).containsExactly("whsec_first");
    assertThat(texts(raw)).allMatch(text -> text.startsWith("sealed:1:"));
  }

  @Test
  void a_row_of_a_key_that_is_not_here_is_told_like_a_database_of_it() {
    texts(over(with(KEY)));
    var _ =
        raw.access()
            .changeSecret(
                "secrets-key-name",
                KEY.name().getBytes(StandardCharsets.US_ASCII),
                NEW.name().getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> over(with(NEW)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(KEY.name())
        .hasMessageContaining("look for it");
  }

  @Test
  void what_another_node_seals_meanwhile_is_not_shown_without_the_key() {
    Store keyless = over(Optional.empty());
    assertThat(texts(keyless)).containsExactly("whsec_first");
    assertThat(keyless.ready()).isTrue();
    over(with(KEY));

    assertThatThrownBy(() -> texts(keyless))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(KEY.name());
    assertThat(keyless.ready()).isFalse();
  }
}
