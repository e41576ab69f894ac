package dev.carillon.gateway.store.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final UUID OWNER = new UUID(1, 1);
  private static final SealKey KEY = SealKey.of("a key of at least 32 characters, or so");
  private static final SealKey OTHER = SealKey.of("another key of at least 32 characters");

  private final SecureRandom random = new SecureRandom();
  private final Seal seal = new Seal(KEY, List.of(), random);

  @Test
  void a_sealed_text_opens_to_itself_and_shows_nothing_of_it() {
    String sealed = seal.seal(OWNER, "whsec_abc");

    assertThat(sealed).startsWith("sealed:1:" + KEY.name() + ":").doesNotContain("whsec", "abc");
    assertThat(seal.open(OWNER, sealed)).isEqualTo("whsec_abc");
    assertThat(seal.seal(OWNER, "whsec_abc")).isNotEqualTo(sealed);
  }

  @Test
  void what_was_never_sealed_is_read_as_it_is() {
    assertThat(seal.open(OWNER, "whsec_abc")).isEqualTo("whsec_abc");
  }

  @Test
  void it_opens_for_its_owner_alone_and_only_as_it_was() {
    String sealed = seal.seal(OWNER, "whsec_abc");
    int at = sealed.length() - 6;
    String changed =
        sealed.substring(0, at) + (sealed.charAt(at) == 'A' ? 'B' : 'A') + sealed.substring(at + 1);

    assertThatThrownBy(() -> seal.open(new UUID(1, 2), sealed))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> seal.open(OWNER, changed)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void another_key_opens_it_only_where_it_is_named() {
    String sealed = seal.seal(OWNER, "whsec_abc");

    assertThatThrownBy(() -> new Seal(OTHER, List.of(), random).open(OWNER, sealed))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(KEY.name());
    assertThat(new Seal(OTHER, List.of(KEY), random).open(OWNER, sealed)).isEqualTo("whsec_abc");
  }

  @Test
  void the_same_text_is_the_same_key_and_its_name_tells_nothing_of_it() {
    assertThat(SealKey.of("a key of at least 32 characters, or so")).isEqualTo(KEY);
    assertThat(KEY.toString()).isEqualTo("SealKey(" + KEY.name() + ")");
    assertThat(KEY.name()).hasSize(16).isNotEqualTo(OTHER.name());
  }
}
