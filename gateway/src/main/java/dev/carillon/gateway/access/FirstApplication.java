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
  /// the store has an application already, in which case nothing changes.
  ///
  /// @param credit the account's general balance
  public Optional<String> create(Money credit) {
    if (!store.applications().isEmpty()) {
      return Optional.empty();
    }
    var now = clock.instant();
    var account = new AccountId(ids.next());
    var application =
        new Application(
            new ApplicationId(ids.next()),
            account,
            "first",
            Optional.empty(),
            Money.ZERO,
            true,
            false,
            now);
    // The application comes last: a crash before it leaves a store that still counts as empty, so
    // the next start shows a token after all.
    store.createAccount(account, credit);
    String token = issue(application.id());
    store.createApplication(application);
    return Optional.of(token);
  }

  private String issue(ApplicationId application) {
    TokenMaker.Made made = tokens.business();
    store.createCredential(
        new Credential(
            new CredentialId(ids.next()),
            application,
            "first",
            made.stored().hash(),
            made.stored().prefix(),
            Optional.empty(),
            false,
            clock.instant()));
    return made.token();
  }
}
