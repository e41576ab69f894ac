package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/// The balances a batch has locked, and what tokens have spent; changed in memory and written once.
/// What is not locked here is unknown.
public final class Purses {
  private static final String APPLICATIONS =
      "SELECT "
          + ApplicationRow.COLUMNS
          + " FROM application WHERE id = ANY(?) ORDER BY id FOR UPDATE";
  private static final String ACCOUNTS =
      "SELECT id, general_balance FROM account WHERE id = ANY(?) ORDER BY id FOR UPDATE";
  private static final String SPENDINGS =
      "SELECT s.credential_id, s.application_id, s.used_amount, c.limited_amount"
          + " FROM unnest(?::uuid[], ?::uuid[]) AS v(application_id, credential_id)"
          + " JOIN spending s ON s.application_id = v.application_id"
          + " AND s.credential_id = v.credential_id JOIN credential c ON c.id = s.credential_id"
          + " ORDER BY s.credential_id FOR UPDATE OF s";
  private static final String WRITE_APPLICATIONS =
      "UPDATE application SET balance = v.balance FROM unnest(?::uuid[], ?::bigint[])"
          + " AS v(id, balance) WHERE application.id = v.id";
  private static final String WRITE_ACCOUNTS =
      "UPDATE account SET general_balance = v.balance FROM unnest(?::uuid[], ?::bigint[])"
          + " AS v(id, balance) WHERE account.id = v.id";
  private static final String WRITE_SPENDINGS =
      "UPDATE spending SET used_amount = v.used FROM unnest(?::uuid[], ?::uuid[], ?::bigint[])"
          + " AS v(application_id, credential_id, used)"
          + " WHERE spending.application_id = v.application_id"
          + " AND spending.credential_id = v.credential_id";

  private final Map<ApplicationId, Purse> applications = new HashMap<>();
  private final Map<AccountId, General> accounts = new HashMap<>();
  private final Map<CredentialId, Tab> tabs = new HashMap<>();

  /// Locks them with the session's next message, as the others below do.
  void lockApplications(Session session, Collection<ApplicationId> ids) {
    if (!ids.isEmpty()) {
      session
          .sql(APPLICATIONS)
          .putIds(ids.stream().map(ApplicationId::value).toList())
          .later(Purse::read, purse -> applications.put(purse.application.id(), purse));
    }
  }

  void lockAccounts(Session session, Collection<AccountId> ids) {
    if (!ids.isEmpty()) {
      session
          .sql(ACCOUNTS)
          .putIds(ids.stream().map(AccountId::value).toList())
          .later(General::read, general -> accounts.put(general.id, general));
    }
  }

  void lockSpendings(Session session, Map<CredentialId, ApplicationId> ids) {
    if (!ids.isEmpty()) {
      List<Map.Entry<CredentialId, ApplicationId>> keys = List.copyOf(ids.entrySet());
      session
          .sql(SPENDINGS)
          .ids(keys, key -> key.getValue().value())
          .ids(keys, key -> key.getKey().value())
          .later(Tab::read, tab -> tabs.put(tab.id, tab));
    }
  }

  /// Whether an application's own balance may not cover this, and its account's general one may.
  boolean needsGeneral(ApplicationId id, long wanted) {
    Purse purse = applications.get(id);
    return purse != null && purse.balance < wanted && purse.mayUseGeneral();
  }

  /// Whether what is locked surely tells if so much can be held for this owner.
  boolean decides(Owner owner, long wanted) {
    Purse purse = applications.get(owner.application());
    return purse != null && (accounts.containsKey(owner.account()) || purse.balance >= wanted);
  }

  /// Takes a price off: the application's own balance first, the rest from the account's general
  /// one where that is allowed (contract section 5.3).
  ///
  /// @return what the application's own balance paid; empty when the two, or the token's spending
  ///   limit, do not cover the price, and then nothing changed
  OptionalLong hold(Owner owner, Money price) {
    long wanted = price.micros();
    if (wanted == 0) {
      return OptionalLong.of(0);
    }
    Purse purse = applications.get(owner.application());
    if (purse == null || isOverLimit(owner, price)) {
      return OptionalLong.empty();
    }
    long own = Math.clamp(purse.balance, 0, wanted);
    long rest = wanted - own;
    if (rest > 0) {
      General general = accounts.get(owner.account());
      if (general == null || !purse.mayUseGeneral() || general.balance < rest) {
        return OptionalLong.empty();
      }
      general.add(-rest);
    }
    purse.add(-own);
    spend(owner.credential(), wanted);
    return OptionalLong.of(own);
  }

  /// Gives a price back to the balances it came from.
  void release(Owner owner, Money price, long fromInstance) {
    if (fromInstance > 0) {
      credit(owner.application(), fromInstance);
    }
    if (price.micros() > fromInstance) {
      credit(owner.account(), price.micros() - fromInstance);
    }
    spend(owner.credential(), -price.micros());
  }

  /// Whether the token's spending limit does not cover a price.
  boolean isOverLimit(Owner owner, Money price) {
    Tab tab = tabs.get(owner.credential());
    return tab != null && tab.limit.isPresent() && price.micros() > tab.limit.get() - tab.used;
  }

  private void spend(CredentialId id, long amount) {
    Tab tab = tabs.get(id);
    if (tab != null && amount != 0) {
      tab.used = Math.addExact(tab.used, amount);
      tab.changed = true;
    }
  }

  /// Adds to an application's balance. False for an unknown one.
  public boolean credit(ApplicationId id, long micros) {
    Purse purse = applications.get(id);
    if (purse != null) {
      purse.add(micros);
    }
    return purse != null;
  }

  /// Adds to an account's general balance. False for an unknown one.
  public boolean credit(AccountId id, long micros) {
    General general = accounts.get(id);
    if (general != null) {
      general.add(micros);
    }
    return general != null;
  }

  /// The application as this batch leaves it so far; empty for an unknown one.
  public Optional<Application> application(ApplicationId id) {
    return Optional.ofNullable(applications.get(id)).map(Purse::now);
  }

  /// An account's general balance as this batch leaves it so far; empty for an unknown one.
  public Optional<Money> general(AccountId id) {
    return Optional.ofNullable(accounts.get(id)).map(general -> new Money(general.balance));
  }

  /// The applications whose balances the batch changed.
  List<Application> changed() {
    return applications.values().stream().filter(purse -> purse.changed).map(Purse::now).toList();
  }

  void write(Session session) throws SQLException {
    List<Purse> purses = applications.values().stream().filter(purse -> purse.changed).toList();
    if (!purses.isEmpty()) {
      session
          .sql(WRITE_APPLICATIONS)
          .ids(purses, purse -> purse.application.id().value())
          .numbers(purses, purse -> purse.balance)
          .later();
    }
    List<General> generals = accounts.values().stream().filter(general -> general.changed).toList();
    if (!generals.isEmpty()) {
      ToLongFunction<General> balance = general -> general.balance;
      session
          .sql(WRITE_ACCOUNTS)
          .ids(generals, general -> general.id.value())
          .numbers(generals, balance)
          .later();
    }
    List<Tab> used =
        tabs.values().stream()
            .filter(tab -> tab.changed)
            .sorted(Comparator.comparing(tab -> tab.id.value()))
            .toList();
    if (!used.isEmpty()) {
      session
          .sql(WRITE_SPENDINGS)
          .ids(used, tab -> tab.application.value())
          .ids(used, tab -> tab.id.value())
          .numbers(used, tab -> tab.used)
          .later();
    }
  }

  private static final class Purse {
    private final Application application;
    private long balance;
    private boolean changed;

    private Purse(Application application) {
      this.application = application;
      this.balance = application.balance().micros();
    }

    private void add(long micros) {
      balance = Math.addExact(balance, micros);
      changed |= micros != 0;
    }

    private boolean mayUseGeneral() {
      return application.service().isEmpty() || application.allowConsumeGlobal();
    }

    private Application now() {
      return new Application(
          application.id(),
          application.account(),
          application.name(),
          application.service(),
          new Money(balance),
          application.allowConsumeGlobal(),
          application.disabled(),
          application.createdAt());
    }

    private static Purse read(Row row) throws SQLException {
      return new Purse(ApplicationRow.read(row));
    }
  }

  private static final class General {
    private final AccountId id;
    private long balance;
    private boolean changed;

    private General(AccountId id, long balance) {
      this.id = id;
      this.balance = balance;
    }

    private void add(long micros) {
      balance = Math.addExact(balance, micros);
      changed |= micros != 0;
    }

    private static General read(Row row) throws SQLException {
      return new General(new AccountId(row.uuid()), row.number());
    }
  }

  private static final class Tab {
    private final CredentialId id;
    private final ApplicationId application;
    private final Optional<Long> limit;
    private long used;
    private boolean changed;

    private Tab(CredentialId id, ApplicationId application, long used, Optional<Long> limit) {
      this.id = id;
      this.application = application;
      this.used = used;
      this.limit = limit;
    }

    private static Tab read(Row row) throws SQLException {
      return new Tab(
          new CredentialId(row.uuid()),
          new ApplicationId(row.uuid()),
          row.number(),
          row.maybeNumber());
    }
  }
}
