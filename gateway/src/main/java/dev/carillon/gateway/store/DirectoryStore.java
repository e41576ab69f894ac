package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Account;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.PlatformToken;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The verbs that manage accounts, applications, tokens and credit. Rare, and none of a task's
/// life.
public interface DirectoryStore {

  /// Creates an account; an existing one stays as it is.
  void createAccount(Account account);

  /// The accounts, oldest first, at most so many.
  List<Account> accounts(int max);

  Optional<Account> account(AccountId id);

  /// Gives an application another name, or lets it use its account's general balance or not. Holds
  /// and balances stay.
  ///
  /// @return the changed application; empty for an unknown one
  Optional<Application> changeApplication(
      ApplicationId id, Optional<String> name, Optional<Boolean> allowConsumeGlobal);

  /// What all tokens of an application have spent and hold, revoked ones included.
  Money used(ApplicationId id);

  /// Creates a credential with its labels; an existing one stays as it is.
  void createCredential(Credential credential, Labels labels);

  Optional<Listed> credential(CredentialId id);

  /// The tokens of an application, newest first, those that were revoked after the others; at most
  /// so many.
  List<Listed> credentials(ApplicationId application, int max);

  /// Writes name, expiry, grants, limit and labels of a credential; its token, and whether it is
  /// revoked, stay as they are. In force with the next request on this node.
  ///
  /// @return false for an unknown one
  boolean changeCredential(Credential changed, Labels labels);

  /// Gives a credential a new token. The one before works until a time, the one before that not any
  /// more.
  ///
  /// @return false for an unknown or revoked credential
  boolean rotate(CredentialId id, FreshToken token, Instant previousUntil);

  /// Notes when credentials were last used; an earlier time than the noted one changes nothing.
  void noteUse(Map<CredentialId, Instant> credentials, Map<PlatformTokenId, Instant> platform);

  /// Creates a platform token; an existing one stays as it is.
  void createPlatformToken(PlatformToken token);

  /// The platform tokens of an account, or of all, newest first, those that were revoked after the
  /// others; at most so many.
  List<PlatformToken> platformTokens(Optional<AccountId> account, int max);

  Optional<PlatformToken> findPlatformToken(String tokenHash);

  /// Takes a platform token back.
  ///
  /// @return false when there is no such token
  boolean revokePlatformToken(PlatformTokenId id);

  /// Adds credit to a balance, once for each id: a repeat changes nothing and gives what is
  /// written. A negative amount takes credit off, as far as the balance holds it.
  Credited credit(Credit credit);

  /// What was put on balances or taken off by hand, newest first, at most so many.
  List<Credit> credits(Optional<AccountId> account, int max);

  /// The keyed hash of a new token and its first characters.
  record FreshToken(String hash, String prefix) {}

  /// What the owner of a credential wrote on it.
  ///
  /// @param host may be empty
  /// @param metadata the text of one JSON object
  record Labels(String host, String metadata) {
    public static final Labels NONE = new Labels("", "{}");
  }

  /// A credential as lists show it.
  ///
  /// @param used what was charged to it and is held for its open tasks
  /// @param usedAt when it was last used, to about a minute
  /// @param previousUntil until when the token before the last rotation works
  record Listed(
      Credential credential,
      Labels labels,
      Money used,
      Optional<Instant> usedAt,
      Optional<Instant> previousUntil) {}

  /// An amount put on a balance by hand.
  ///
  /// @param application whose instance balance it is; empty for the account's general one
  record Credit(
      UUID id, AccountId account, Optional<ApplicationId> application, Money amount, Instant at) {}

  /// What adding credit came to.
  sealed interface Credited {
    /// Durable.
    record Done(Credit credit, Money balance) implements Credited {}

    /// There is no such account or application; nothing was written.
    record Unknown() implements Credited {}

    /// The balance would fall below zero; nothing was written.
    record TooLow(Money balance) implements Credited {}
  }
}
