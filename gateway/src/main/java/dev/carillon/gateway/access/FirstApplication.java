package dev.carillon.gateway.access;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.store.AccessStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Makes an empty store usable: an account with credit, a general application and one token.
public final class FirstApplication {
  private final AccessStore store;
  private final TokenMaker tokens;
  private final Ids ids;
  private final InstantSource clock;

  /// Writes to this store when it is empty.
  ///
  /// @param random where tokens come from; cryptographically strong
  public FirstApplication(
      AccessStore store, TokenHash hash, Ids ids, RandomGenerator random, InstantSource clock) {
    this.store = store;
    this.tokens = new TokenMaker(hash, random);
    this.ids = ids;
    this.clock = clock;
  }

  /// The new token, 32 lower-case hexadecimal characters, which nobody can read again; empty when
  /// the store has an application already, in which case nothing changes. Of several nodes that
  /// start at once on an empty store, one gets a token.
  ///
  /// @param credit the account's general balance
  public Optional<String> create(Money credit) {
    if (!store.applications().isEmpty()) {
      return Optional.empty();
    }
    var application =
        new Application(
            new ApplicationId(ids.next()),
            new AccountId(ids.next()),
            "first",
            Optional.empty(),
            Money.ZERO,
            true,
            false,
            clock.instant());
    TokenMaker.Made made = tokens.business();
    boolean first = store.createFirst(application, credit, credential(application.id(), made));
    return first ? Optional.of(made.token()) : Optional.empty();
  }

  private Credential credential(ApplicationId application, TokenMaker.Made made) {
    return new Credential(
        new CredentialId(ids.next()),
        application,
        "first",
        made.stored().hash(),
        made.stored().prefix(),
        Optional.empty(),
        false,
        clock.instant());
  }
}
