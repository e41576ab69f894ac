package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// The balances the writer knows, and what each token has spent. Since it is the only one who
/// changes them, they stay in memory from batch to batch; those a batch touched are written once,
/// right before its commit. Of the writer thread.
final class Balances {
  private static final int KEPT = 10_000;
  private static final String WRITE_APPLICATION =
      "UPDATE application SET balance = ?, disabled = ? WHERE id = ?";
  private static final String WRITE_ACCOUNT = "UPDATE account SET general_balance = ? WHERE id = ?";
  private static final String WRITE_ALLOWED =
      "UPDATE application SET name = ?, allow_consume_global = ? WHERE id = ?";
  private static final String READ_ACCOUNT = "SELECT general_balance FROM account WHERE id = ?";

  private final Consumer<Application> afterCommit;
  private final Map<ApplicationId, Purse> applications = new HashMap<>();
  private final Map<AccountId, Account> accounts = new HashMap<>();
  private final List<Purse> touchedPurses = new ArrayList<>();
  private final List<Account> touchedAccounts = new ArrayList<>();
  private final Spendings spendings = new Spendings();

  /// @param afterCommit told of each application that changed
  Balances(Consumer<Application> afterCommit) {
    this.afterCommit = afterCommit;
  }

  /// Takes a price off: the application's own balance first, the rest from the account's general
  /// one where that is allowed (contract section 5.3).
  ///
  /// @return what the application's own balance paid; empty when the two, or the token's spending
  ///   limit, do not cover the price, and then nothing changed
  OptionalLong hold(Session session, Owner owner, Money price) throws SQLException {
    long wanted = price.micros();
    if (wanted == 0) {
      return OptionalLong.of(0);
    }
    if (!spendings.covers(session, owner.credential(), wanted)) {
      return OptionalLong.empty();
    }
    Purse purse = purse(session, owner.application());
    long own = Math.clamp(purse.balance, 0, wanted);
    long rest = wanted - own;
    if (rest > 0) {
      Account account = account(session, owner.account());
      if (!purse.mayUseGeneral() || account.balance < rest) {
        return OptionalLong.empty();
      }
      touch(account).balance -= rest;
    }
    if (own > 0) {
      touch(purse).balance -= own;
    }
    spendings.add(session, owner.credential(), wanted);
    return OptionalLong.of(own);
  }

  /// Gives a price back to the balances it came from.
  void release(Session session, Owner owner, Money price, long fromInstance) throws SQLException {
    if (fromInstance > 0) {
      credit(session, owner.application(), fromInstance);
    }
    if (price.micros() > fromInstance) {
      credit(session, owner.account(), price.micros() - fromInstance);
    }
    spendings.add(session, owner.credential(), -price.micros());
  }

  /// Whether it was the token's spending limit that refused a hold in this batch.
  boolean isOverLimit(Owner owner, Money price) {
    return !spendings.covers(owner.credential(), price.micros());
  }

  /// Sets what a token may spend in all.
  void limit(CredentialId id, Optional<Money> most) {
    spendings.limit(id, most);
  }

  /// Adds to an application's balance. False for an unknown one.
  boolean credit(Session session, ApplicationId id, long micros) throws SQLException {
    Purse purse = purse(session, id);
    if (purse.application.isEmpty()) {
      return false;
    }
    touch(purse).balance = Math.addExact(purse.balance, micros);
    return true;
  }

  /// Adds to an account's general balance. False for an unknown one.
  boolean credit(Session session, AccountId id, long micros) throws SQLException {
    Account account = account(session, id);
    if (!account.known) {
      return false;
    }
    touch(account).balance = Math.addExact(account.balance, micros);
    return true;
  }

  /// The application as this batch leaves it so far.
  Optional<Application> application(Session session, ApplicationId id) throws SQLException {
    return purse(session, id).now();
  }

  /// Blocks or allows an application. False for an unknown one.
  boolean disable(Session session, ApplicationId id, boolean disabled) throws SQLException {
    Purse purse = purse(session, id);
    if (purse.application.isEmpty()) {
      return false;
    }
    touch(purse).disabled = disabled;
    return true;
  }

  /// Changes name and use of the general balance. False for an unknown application.
  boolean change(
      Session session, ApplicationId id, Optional<String> name, Optional<Boolean> allowed)
      throws SQLException {
    Purse purse = purse(session, id);
    if (purse.application.isEmpty()) {
      return false;
    }
    Application before = purse.application.get();
    Application after =
        before.with(name.orElse(before.name()), allowed.orElse(before.allowConsumeGlobal()));
    session
        .sql(WRITE_ALLOWED)
        .put(after.name())
        .put(after.allowConsumeGlobal())
        .put(id.value())
        .update();
    touch(purse).application = Optional.of(after);
    return true;
  }

  /// An account's general balance as this batch leaves it so far; empty for an unknown one.
  Optional<Money> general(Session session, AccountId id) throws SQLException {
    Account account = account(session, id);
    return account.known ? Optional.of(new Money(account.balance)) : Optional.empty();
  }

  /// Forgets that an application is unknown, as it is being created. What is known of one that
  /// exists stays: this batch may have changed it.
  void created(ApplicationId application) {
    applications.computeIfPresent(
        application, (_, purse) -> purse.application.isEmpty() ? null : purse);
  }

  /// Forgets that an account is unknown, as it is being created.
  void created(AccountId account) {
    accounts.computeIfPresent(account, (_, found) -> found.known ? found : null);
  }

  /// Forgets that a credential is unknown, as it is being created.
  void created(CredentialId credential) {
    spendings.created(credential);
  }

  /// Writes what the batch touched.
  void write(Session session) throws SQLException {
    for (Purse purse : touchedPurses) {
      session
          .sql(WRITE_APPLICATION)
          .put(purse.balance)
          .put(purse.disabled)
          .put(purse.id.value())
          .update();
    }
    for (Account account : touchedAccounts) {
      session.sql(WRITE_ACCOUNT).put(account.balance).put(account.id.value()).update();
    }
    spendings.write(session);
  }

  void committed() {
    for (Purse purse : touchedPurses) {
      purse.touched = false;
      purse.now().ifPresent(afterCommit);
    }
    touchedAccounts.forEach(account -> account.touched = false);
    touchedPurses.clear();
    touchedAccounts.clear();
    spendings.committed(KEPT);
    if (applications.size() > KEPT || accounts.size() > KEPT) {
      forget();
    }
  }

  /// Reads all balances from the file again.
  void forget() {
    applications.clear();
    accounts.clear();
    touchedPurses.clear();
    touchedAccounts.clear();
    spendings.forget();
  }

  private Purse touch(Purse purse) {
    if (!purse.touched) {
      purse.touched = true;
      touchedPurses.add(purse);
    }
    return purse;
  }

  private Account touch(Account account) {
    if (!account.touched) {
      account.touched = true;
      touchedAccounts.add(account);
    }
    return account;
  }

  private Purse purse(Session session, ApplicationId id) throws SQLException {
    Purse known = applications.get(id);
    if (known == null) {
      known = new Purse(id, AccessRows.application(session, id));
      applications.put(id, known);
    }
    return known;
  }

  private Account account(Session session, AccountId id) throws SQLException {
    Account known = accounts.get(id);
    if (known == null) {
      known = new Account(id, session.sql(READ_ACCOUNT).put(id.value()).one(Row::number));
      accounts.put(id, known);
    }
    return known;
  }

  private static final class Purse {
    private final ApplicationId id;
    private Optional<Application> application;
    private long balance;
    private boolean disabled;
    private boolean touched;

    private Purse(ApplicationId id, Optional<Application> application) {
      this.id = id;
      this.application = application;
      this.balance = application.map(known -> known.balance().micros()).orElse(0L);
      this.disabled = application.map(Application::disabled).orElse(false);
    }

    private boolean mayUseGeneral() {
      return application
          .map(known -> known.service().isEmpty() || known.allowConsumeGlobal())
          .orElse(false);
    }

    private Optional<Application> now() {
      return application.map(known ->
          new Application(
              known.id(),
              known.account(),
              known.name(),
              known.service(),
              new Money(balance),
              known.allowConsumeGlobal(),
              disabled,
              known.createdAt()));
    }
  }

  private static final class Account {
    private final AccountId id;
    private final boolean known;
    private long balance;
    private boolean touched;

    private Account(AccountId id, Optional<Long> balance) {
      this.id = id;
      this.known = balance.isPresent();
      this.balance = balance.orElse(0L);
    }
  }
}
