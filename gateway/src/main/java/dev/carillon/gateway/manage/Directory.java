package dev.carillon.gateway.manage;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.TokenMaker;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Account;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Grants;
import dev.carillon.gateway.domain.account.PlatformToken;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.AccessStore;
import dev.carillon.gateway.store.DirectoryStore;
import dev.carillon.gateway.store.DirectoryStore.Credit;
import dev.carillon.gateway.store.DirectoryStore.Credited;
import dev.carillon.gateway.store.DirectoryStore.Labels;
import dev.carillon.gateway.store.DirectoryStore.Listed;
import dev.carillon.gateway.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Everything that can be done to accounts, applications, tokens and credit. Unknown ids are the
/// problem `not_found`. Safe for many threads.
public final class Directory {
  static final int MOST_ACCOUNTS = 10_000;
  static final int MOST_APPLICATIONS = 10_000;
  static final int MOST_TOKENS = 1_000;
  static final Duration LONGEST_OVERLAP = Duration.ofDays(7);

  private final Store whole;
  private final AccessStore access;
  private final DirectoryStore store;
  private final TokenMaker tokens;
  private final Ids ids;
  private final InstantSource clock;
  private final Runnable forget;

  /// @param forget makes the doors ask the store again
  public Directory(Store store, TokenMaker tokens, Ids ids, InstantSource clock, Runnable forget) {
    this.whole = store;
    this.access = store.access();
    this.store = store.directory();
    this.tokens = tokens;
    this.ids = ids;
    this.clock = clock;
    this.forget = forget;
  }

  Store store() {
    return whole;
  }

  InstantSource clock() {
    return clock;
  }

  // --- accounts ---

  List<Account> accounts() {
    return store.accounts(MOST_ACCOUNTS);
  }

  Account account(AccountId id) {
    return store.account(id).orElseThrow(() -> unknown("account"));
  }

  /// The account that is meant when none is named: the only one there is.
  Account onlyAccount() {
    List<Account> all = store.accounts(2);
    if (all.size() != 1) {
      throw new Problem(
          ErrorCode.BAD_REQUEST,
          all.isEmpty() ? "There is no account yet." : "Say which account, by account_id.");
    }
    return all.getFirst();
  }

  Account createAccount(String name, Money credit) {
    if (accounts().size() >= MOST_ACCOUNTS) {
      throw full("accounts", MOST_ACCOUNTS);
    }
    var account = new Account(new AccountId(ids.next()), name, credit, clock.instant());
    store.createAccount(account);
    return account(account.id());
  }

  // --- applications ---

  /// All applications of an account, or of all, oldest first.
  List<Application> applications(Optional<AccountId> account) {
    return access.applications().stream()
        .filter(found -> account.isEmpty() || found.account().equals(account.get()))
        .toList();
  }

  Application application(ApplicationId id) {
    return access.application(id).orElseThrow(() -> unknown("application"));
  }

  /// @param service the one service of an individual application; empty for a global one
  Application createApplication(
      AccountId owner, String name, Optional<String> service, boolean allowGeneral) {
    account(owner);
    if (access.applications().size() >= MOST_APPLICATIONS) {
      throw full("applications", MOST_APPLICATIONS);
    }
    var application =
        new Application(
            new ApplicationId(ids.next()),
            owner,
            name,
            service,
            Money.ZERO,
            allowGeneral || service.isEmpty(),
            false,
            clock.instant());
    access.createApplication(application);
    return application(application.id());
  }

  Application change(ApplicationId id, Optional<String> name, Optional<Boolean> allowGeneral) {
    Application changed =
        store.changeApplication(id, name, allowGeneral).orElseThrow(() -> unknown("application"));
    forget.run();
    return changed;
  }

  Application disable(ApplicationId id, boolean disabled) {
    if (!access.disableApplication(id, disabled)) {
      throw unknown("application");
    }
    forget.run();
    return application(id);
  }

  /// What remains to be spent: of a global application the general balance.
  Money remaining(Application application) {
    return application.service().isEmpty()
        ? access.generalBalance(application.account())
        : application.balance();
  }

  Money used(ApplicationId id) {
    return store.used(id);
  }

  // --- credentials ---

  /// The tokens of an application, newest first, revoked ones last.
  List<Listed> credentials(ApplicationId id) {
    return store.credentials(id, MOST_TOKENS * 2);
  }

  Listed credential(CredentialId id) {
    return store.credential(id).orElseThrow(() -> unknown("credential"));
  }

  /// A token as it is to be.
  ///
  /// @param name for people
  record Terms(
      String name,
      Optional<Instant> expiresAt,
      Grants grants,
      Optional<Money> limit,
      Labels labels) {}

  /// A credential with its new token, which is shown only now.
  record Issued(Listed credential, String token) {}

  Issued createCredential(ApplicationId id, Terms terms) {
    Application owner = application(id);
    long working =
        credentials(owner.id()).stream().filter(one -> !one.credential().revoked()).count();
    if (working >= MOST_TOKENS) {
      throw full("tokens in one application", MOST_TOKENS);
    }
    TokenMaker.Made made = tokens.business();
    var credential =
        new Credential(
            new CredentialId(ids.next()),
            owner.id(),
            terms.name(),
            made.stored().hash(),
            made.stored().prefix(),
            terms.expiresAt(),
            false,
            clock.instant(),
            terms.grants(),
            terms.limit());
    store.createCredential(credential, terms.labels());
    return new Issued(credential(credential.id()), made.token());
  }

  Listed change(CredentialId id, Terms terms) {
    Credential before = credential(id).credential();
    var changed =
        new Credential(
            before.id(),
            before.application(),
            terms.name(),
            before.tokenHash(),
            before.tokenPrefix(),
            terms.expiresAt(),
            before.revoked(),
            before.createdAt(),
            terms.grants(),
            terms.limit());
    store.changeCredential(changed, terms.labels());
    forget.run();
    return credential(id);
  }

  /// @param overlap how long the token before still works
  Issued rotate(CredentialId id, Duration overlap) {
    if (credential(id).credential().revoked()) {
      throw new Problem(ErrorCode.CONFLICT, "The token was revoked; make a new one.");
    }
    TokenMaker.Made made = tokens.business();
    if (!store.rotate(id, made.stored(), clock.instant().plus(overlap))) {
      throw unknown("credential");
    }
    forget.run();
    return new Issued(credential(id), made.token());
  }

  void revoke(CredentialId id) {
    if (!access.revokeCredential(id)) {
      throw unknown("credential");
    }
    forget.run();
  }

  // --- platform tokens ---

  List<PlatformToken> platformTokens(Optional<AccountId> account) {
    return store.platformTokens(account, MOST_TOKENS * 2);
  }

  /// A platform token and its text, which is shown only now.
  record IssuedPlatform(PlatformToken stored, String token) {}

  IssuedPlatform createPlatformToken(AccountId owner, String name, Optional<Instant> expiresAt) {
    account(owner);
    long working =
        platformTokens(Optional.of(owner)).stream().filter(one -> !one.revoked()).count();
    if (working >= MOST_TOKENS) {
      throw full("platform tokens of one account", MOST_TOKENS);
    }
    TokenMaker.Made made = tokens.platform();
    var token =
        new PlatformToken(
            new PlatformTokenId(ids.next()),
            owner,
            name,
            made.stored().hash(),
            made.stored().prefix(),
            expiresAt,
            false,
            clock.instant(),
            Optional.empty());
    store.createPlatformToken(token);
    return new IssuedPlatform(
        store.findPlatformToken(made.stored().hash()).orElse(token), made.token());
  }

  void revoke(PlatformTokenId id) {
    if (!store.revokePlatformToken(id)) {
      throw unknown("platform token");
    }
    forget.run();
  }

  // --- credit ---

  /// Puts credit on a balance, once for each id.
  Credited.Done credit(Credit credit) {
    return switch (store.credit(credit)) {
      case Credited.Done done -> done;
      case Credited.Unknown _ ->
          throw unknown(credit.application().isPresent() ? "application" : "account");
      case Credited.TooLow(var balance) ->
          throw new Problem(
              ErrorCode.CONFLICT,
              "The balance is %s credits; no more can be taken off.".formatted(balance));
    };
  }

  List<Credit> credits(Optional<AccountId> account, int max) {
    return store.credits(account, max);
  }

  java.util.UUID freshId() {
    return ids.next();
  }

  static Problem unknown(String what) {
    return new Problem(ErrorCode.NOT_FOUND, "There is no such " + what + ".");
  }

  private static Problem full(String what, int most) {
    return new Problem(
        ErrorCode.CONFLICT, "There are " + most + " " + what + ", the most there may be.");
  }
}
