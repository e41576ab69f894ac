package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The verbs of accounts, applications, credentials and the instance itself.
public interface AccessStore {

  /// Creates an account with this general balance; an existing one stays as it is.
  void createAccount(AccountId id, Money generalBalance);

  /// Creates an application with the balance it carries; an existing one stays as it is.
  void createApplication(Application application);

  /// Creates a credential; an existing one stays as it is.
  void createCredential(Credential credential);

  /// Makes an empty store usable, in one transaction: an account with this general balance, its
  /// first application and that one's token. Of several nodes that start at once, one does it.
  ///
  /// @return false when there is an application already, and then nothing changes
  boolean createFirst(Application application, Money generalBalance, Credential credential);

  /// Takes a token back. The next request with it fails on this node.
  ///
  /// @return false when there is no such credential
  boolean revokeCredential(CredentialId id);

  /// Blocks or allows an application.
  ///
  /// @return false when there is no such application
  boolean disableApplication(ApplicationId id, boolean disabled);

  /// The credential with this keyed hash of a token, and its application.
  Optional<Access> findByTokenHash(String tokenHash);

  /// All applications, oldest first.
  List<Application> applications();

  /// An application with its balance of now.
  Optional<Application> application(ApplicationId id);

  /// An account's general balance; zero for an unknown account.
  Money generalBalance(AccountId id);

  /// Adds credit to an account's general balance; may be negative, as a correction.
  void addGeneralCredit(AccountId id, Money amount);

  /// Adds credit to an application's instance balance; may be negative, as a correction.
  void addCredit(ApplicationId id, Money amount);

  /// The sum of all holds of open tasks, over all applications: a law says it equals their prices.
  Money held();

  /// A value of the instance itself, made on first use by `initial` and the same ever after.
  byte[] secret(String name, Supplier<byte[]> initial);

  /// Gives a value of the instance another one, where it is as given.
  boolean changeSecret(String name, byte[] from, byte[] to);

  /// Small values that may be lost in a crash, such as learned durations; replaces those given.
  void saveNotes(Map<String, byte[]> notes);

  /// All notes whose key begins with a prefix.
  Map<String, byte[]> notes(String prefix);

  /// A token's credential and its application.
  record Access(Credential credential, Application application) {}
}
