package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.store.AccessStore;
import dev.carillon.gateway.store.DirectoryStore.Labels;
import dev.carillon.gateway.store.sqlite.LedgerRows.Credit;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Accounts, applications, credentials and the instance's own values.
final class SqliteAccess implements AccessStore {
  private static final String INSERT_ACCOUNT =
      "INSERT INTO account (id, general_balance) VALUES (?, ?) ON CONFLICT DO NOTHING";
  private static final String SAVE_NOTE = "INSERT OR REPLACE INTO note (key, value) VALUES (?, ?)";
  private static final String NOTES =
      "SELECT key, value FROM note WHERE substr(key, 1, length(?)) = ? ORDER BY key";
  private static final String CHANGE_SECRET =
      "UPDATE instance_secret SET value = ? WHERE name = ? AND value = ?";
  private static final String SECRET = "SELECT value FROM instance_secret WHERE name = ?";
  private static final String SAVE_SECRET =
      "INSERT INTO instance_secret (name, value) VALUES (?, ?)";

  private final Writer writer;
  private final Readers readers;
  private final TaskReads tasks;
  private final KnownCallers known;
  private final InstantSource clock;
  private final Ids ids;

  SqliteAccess(Writer writer, Readers readers, TaskReads tasks, KnownCallers known, Ending ending) {
    this.writer = writer;
    this.readers = readers;
    this.tasks = tasks;
    this.known = known;
    this.clock = ending.fanOut().clock();
    this.ids = ending.fanOut().ids();
  }

  @Override
  public void createAccount(AccountId id, Money generalBalance) {
    writer.run(new Act<>(transaction -> insert(transaction, id, generalBalance)));
  }

  private boolean insert(Transaction transaction, AccountId id, Money generalBalance)
      throws SQLException {
    transaction.balances().created(id);
    int created =
        transaction.sql(INSERT_ACCOUNT).put(id.value()).put(generalBalance.micros()).update();
    return created > 0 && credited(transaction, id, Optional.empty(), generalBalance);
  }

  @Override
  public void createApplication(Application application) {
    writer.run(new Act<>(transaction -> insert(transaction, application)));
  }

  private boolean insert(Transaction transaction, Application application) throws SQLException {
    transaction.balances().created(application.id());
    return AccessRows.insert(transaction.session(), application)
        && credited(
            transaction,
            application.account(),
            Optional.of(application.id()),
            application.balance());
  }

  private boolean credited(
      Transaction transaction, AccountId account, Optional<ApplicationId> to, Money amount)
      throws SQLException {
    var credit = new Credit(account, to, amount.micros(), clock.instant());
    LedgerRows.insertCredit(transaction.session(), ids.next(), credit);
    return true;
  }

  @Override
  public void createCredential(Credential credential) {
    writer.run(new Act<>(transaction -> insert(transaction, credential)));
  }

  private static boolean insert(Transaction transaction, Credential credential)
      throws SQLException {
    transaction.balances().created(credential.id());
    return AccessRows.insert(transaction.session(), credential, Labels.NONE);
  }

  @Override
  public boolean createFirst(Application application, Money generalBalance, Credential credential) {
    return writer.run(
        new Act<>(transaction -> {
          if (!AccessRows.applications(transaction.session()).isEmpty()) {
            return false;
          }
          insert(transaction, application.account(), generalBalance);
          insert(transaction, application);
          return insert(transaction, credential);
        }));
  }

  @Override
  public boolean revokeCredential(CredentialId id) {
    return !writer
        .run(
            new Act<List<Credential>>(
                transaction -> {
                  transaction
                      .sql("UPDATE credential SET revoked = 1 WHERE id = ?")
                      .put(id.value())
                      .update();
                  return AccessRows.views(transaction.session(), id);
                },
                revoked -> revoked.forEach(known::changed)))
        .isEmpty();
  }

  @Override
  public boolean disableApplication(ApplicationId id, boolean disabled) {
    return writer.run(
        new Act<>(
            transaction -> transaction.balances().disable(transaction.session(), id, disabled)));
  }

  @Override
  public Optional<Access> findByTokenHash(String tokenHash) {
    Optional<Credential> kept = known.credential(tokenHash);
    Optional<Credential> credential =
        kept.isPresent()
            ? kept
            : readers
                .shortly(session -> AccessRows.credentialByHash(session, tokenHash))
                .map(known::add);
    return credential.flatMap(
        of -> application(of.application()).map(owner -> new Access(of, owner)));
  }

  @Override
  public List<Application> applications() {
    return readers.atLength(AccessRows::applications);
  }

  @Override
  public Optional<Application> application(ApplicationId id) {
    Optional<Application> kept = known.application(id);
    return kept.isPresent()
        ? kept
        : readers.shortly(session -> AccessRows.application(session, id)).map(known::add);
  }

  @Override
  public Money generalBalance(AccountId id) {
    return new Money(
        readers
            .shortly(session ->
                session
                    .sql("SELECT general_balance FROM account WHERE id = ?")
                    .put(id.value())
                    .one(Row::number))
            .orElse(0L));
  }

  @Override
  public void addGeneralCredit(AccountId id, Money amount) {
    writer.run(
        new Act<>(transaction ->
            transaction.balances().credit(transaction.session(), id, amount.micros())
                && credited(transaction, id, Optional.empty(), amount)));
  }

  @Override
  public void addCredit(ApplicationId id, Money amount) {
    writer.run(
        new Act<>(transaction -> {
          Balances balances = transaction.balances();
          Optional<Application> to = balances.application(transaction.session(), id);
          return to.isPresent()
              && balances.credit(transaction.session(), id, amount.micros())
              && credited(transaction, to.get().account(), Optional.of(id), amount);
        }));
  }

  @Override
  public Money held() {
    return tasks.held();
  }

  @Override
  public boolean changeSecret(String name, byte[] from, byte[] to) {
    return writer.run(
            new Act<>(
                transaction -> transaction.sql(CHANGE_SECRET).put(to).put(name).put(from).update()))
        > 0;
  }

  @Override
  public byte[] secret(String name, Supplier<byte[]> initial) {
    Optional<byte[]> kept =
        readers.shortly(session -> session.sql(SECRET).put(name).one(Row::bytes));
    if (kept.isPresent()) {
      return kept.get();
    }
    return writer.run(
        new Act<>(transaction -> {
          Optional<byte[]> before = transaction.sql(SECRET).put(name).one(Row::bytes);
          if (before.isPresent()) {
            return before.get();
          }
          byte[] made = initial.get();
          transaction.sql(SAVE_SECRET).put(name).put(made).update();
          return made;
        }));
  }

  @Override
  public void saveNotes(Map<String, byte[]> notes) {
    var copy = Map.copyOf(notes);
    writer.run(
        new Act<>(transaction -> {
          for (var note : copy.entrySet()) {
            transaction.sql(SAVE_NOTE).put(note.getKey()).put(note.getValue()).update();
          }
          return copy.size();
        }));
  }

  @Override
  public Map<String, byte[]> notes(String prefix) {
    var found = new HashMap<String, byte[]>();
    readers
        .atLength(session ->
            session
                .sql(NOTES)
                .put(prefix)
                .put(prefix)
                .all(row -> Map.entry(row.text(), row.bytes())))
        .forEach(note -> found.put(note.getKey(), note.getValue()));
    return found;
  }
}
