package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.store.AccessStore;
import dev.carillon.gateway.store.DirectoryStore.Labels;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Accounts, applications, credentials and the instance's own values.
public final class PostgresAccess implements AccessStore {
  private static final String INSERT_ACCOUNT =
      "INSERT INTO account (id, general_balance) VALUES (?, ?) ON CONFLICT DO NOTHING";
  private static final String REVOKE = "UPDATE credential SET revoked = ? WHERE id = ?";
  private static final String DISABLE = "UPDATE application SET disabled = ? WHERE id = ?";
  private static final String ANY_APPLICATION = "SELECT EXISTS (SELECT 1 FROM application)";

  /// Ends with the transaction. Who waited for it sees what the one before committed.
  private static final String ALONE = "SELECT pg_advisory_xact_lock(?)";

  /// Only one node makes the first application.
  private static final long FIRST_LOCK = 0x6361_7269_6669_7273L;

  private static final String HELD =
      "SELECT coalesce(sum(price), 0)::bigint FROM task WHERE state < 10";
  private static final String SAVE_NOTE =
      "INSERT INTO note (key, value) VALUES (?, ?)"
          + " ON CONFLICT (key) DO UPDATE SET value = excluded.value";
  private static final String NOTES =
      "SELECT key, value FROM note WHERE substr(key, 1, length(?)) = ? ORDER BY key";
  private static final String CHANGE_SECRET =
      "UPDATE instance_secret SET value = ? WHERE name = ? AND value = ?";
  private static final String SECRET = "SELECT value FROM instance_secret WHERE name = ?";
  private static final String SAVE_SECRET =
      "INSERT INTO instance_secret (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING";

  private final Ground ground;
  private final Told told;

  public PostgresAccess(Ground ground, Told told) {
    this.ground = ground;
    this.told = told;
  }

  @Override
  public void createAccount(AccountId id, Money generalBalance) {
    write(batch -> insert(batch.session(), id, generalBalance));
  }

  private boolean insert(Session session, AccountId id, Money generalBalance) throws SQLException {
    int created = session.sql(INSERT_ACCOUNT).put(id.value()).put(generalBalance.micros()).update();
    return created > 0 && credited(session, id, Optional.empty(), generalBalance);
  }

  @Override
  public void createApplication(Application application) {
    write(batch -> insert(batch.session(), application));
  }

  private boolean insert(Session session, Application application) throws SQLException {
    return AccessRows.insert(session, application)
        && credited(
            session, application.account(), Optional.of(application.id()), application.balance());
  }

  @Override
  public boolean createFirst(Application application, Money generalBalance, Credential credential) {
    boolean created =
        write(batch -> {
          batch.sql(ALONE).put(FIRST_LOCK).one(_ -> true);
          if (batch.sql(ANY_APPLICATION).one(Row::flag).orElse(true)) {
            return false;
          }
          insert(batch.session(), application.account(), generalBalance);
          insert(batch.session(), application);
          return AccessRows.insert(batch.session(), credential, Labels.NONE);
        });
    told.directory();
    return created;
  }

  private boolean credited(
      Session session, AccountId account, Optional<ApplicationId> to, Money amount)
      throws SQLException {
    CreditRows.insert(
        session,
        ground.ids().next(),
        new CreditRows.Credit(account, to, amount.micros(), ground.clock().instant()));
    return true;
  }

  @Override
  public void createCredential(Credential credential) {
    write(batch -> AccessRows.insert(batch.session(), credential, Labels.NONE));
    told.directory();
  }

  @Override
  public boolean revokeCredential(CredentialId id) {
    boolean revoked = write(batch -> batch.sql(REVOKE).put(true).put(id.value()).update() > 0);
    told.directory();
    return revoked;
  }

  @Override
  public boolean disableApplication(ApplicationId id, boolean disabled) {
    boolean changed = write(batch -> batch.sql(DISABLE).put(disabled).put(id.value()).update() > 0);
    told.directory();
    return changed;
  }

  @Override
  public Optional<Access> findByTokenHash(String tokenHash) {
    return ground
        .database()
        .read(session -> {
          Optional<Credential> credential = AccessRows.credentialByHash(session, tokenHash);
          return credential.isEmpty()
              ? Optional.empty()
              : AccessRows.application(session, credential.get().application())
                  .map(owner -> new Access(credential.get(), owner));
        });
  }

  @Override
  public List<Application> applications() {
    return ground.database().read(AccessRows::applications);
  }

  @Override
  public Optional<Application> application(ApplicationId id) {
    return ground.database().read(session -> AccessRows.application(session, id));
  }

  @Override
  public Money generalBalance(AccountId id) {
    return new Money(
        ground
            .database()
            .read(session ->
                session
                    .sql("SELECT general_balance FROM account WHERE id = ?")
                    .put(id.value())
                    .one(Row::number))
            .orElse(0L));
  }

  @Override
  public void addGeneralCredit(AccountId id, Money amount) {
    ground
        .writer()
        .run(
            new Act<>(
                needs -> needs.account(id),
                batch ->
                    batch.purses().credit(id, amount.micros())
                        && credited(batch.session(), id, Optional.empty(), amount),
                _ -> {}));
  }

  @Override
  public void addCredit(ApplicationId id, Money amount) {
    ground
        .writer()
        .run(
            new Act<>(
                needs -> needs.application(id),
                batch -> {
                  Optional<Application> to = batch.purses().application(id);
                  return batch.purses().credit(id, amount.micros())
                      && credited(
                          batch.session(), to.orElseThrow().account(), Optional.of(id), amount);
                },
                _ -> {}));
  }

  private <T> T write(Act.Body<T> body) {
    return ground.writer().run(new Act<>(body));
  }

  @Override
  public Money held() {
    return new Money(
        ground.database().read(session -> session.sql(HELD).one(Row::number)).orElse(0L));
  }

  @Override
  public boolean changeSecret(String name, byte[] from, byte[] to) {
    return ground
            .writer()
            .run(new Act<>(batch -> batch.sql(CHANGE_SECRET).put(to).put(name).put(from).update()))
        > 0;
  }

  /// Of several nodes that make it at once, one writes; all read what that one wrote.
  @Override
  public byte[] secret(String name, Supplier<byte[]> initial) {
    Optional<byte[]> kept = ground.database().read(session -> secret(session, name));
    return kept.isPresent()
        ? kept.get()
        : write(batch -> {
          batch.sql(SAVE_SECRET).put(name).put(initial.get()).update();
          return secret(batch.session(), name).orElseThrow();
        });
  }

  private static Optional<byte[]> secret(Session session, String name) throws SQLException {
    return session.sql(SECRET).put(name).one(Row::bytes);
  }

  /// In the order of their keys, so that two nodes never wait for each other.
  @Override
  public void saveNotes(Map<String, byte[]> notes) {
    var sorted = new TreeMap<>(notes);
    write(batch -> {
      for (var note : sorted.entrySet()) {
        batch.sql(SAVE_NOTE).put(note.getKey()).put(note.getValue()).update();
      }
      return sorted.size();
    });
  }

  @Override
  public Map<String, byte[]> notes(String prefix) {
    var found = new HashMap<String, byte[]>();
    ground
        .database()
        .read(session ->
            session
                .sql(NOTES)
                .put(prefix)
                .put(prefix)
                .all(row -> Map.entry(row.text(), row.bytes())))
        .forEach(note -> found.put(note.getKey(), note.getValue()));
    return found;
  }
}
