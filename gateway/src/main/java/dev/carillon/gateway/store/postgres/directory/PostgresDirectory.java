package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Account;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.PlatformToken;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import dev.carillon.gateway.store.DirectoryStore;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Manages accounts, applications, tokens and credit.
public final class PostgresDirectory implements DirectoryStore {
  private static final String INSERT_ACCOUNT =
      "INSERT INTO account (id, general_balance, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String CHANGE_APPLICATION =
      "UPDATE application SET name = coalesce(?, name),"
          + " allow_consume_global = coalesce(?, allow_consume_global) WHERE id = ?";
  private static final String CHANGE =
      "UPDATE credential SET name = ?, expires_at = ?, services = ?, apis = ?, read_only = ?,"
          + " limited_amount = ?, host = ?, metadata = ? WHERE id = ?";
  private static final String ROTATE =
      "UPDATE credential SET previous_hash = token_hash, previous_until = ?, token_hash = ?,"
          + " token_prefix = ? WHERE id = ? AND NOT revoked";
  private static final String USE =
      "UPDATE credential SET used_at = ? WHERE id = ? AND coalesce(used_at, 0) < ?";
  private static final String USE_PLATFORM =
      "UPDATE platform_token SET used_at = ? WHERE id = ? AND coalesce(used_at, 0) < ?";
  private static final String REVOKE_PLATFORM =
      "UPDATE platform_token SET revoked = ? WHERE id = ?";

  private final Ground ground;
  private final Told told;

  public PostgresDirectory(Ground ground, Told told) {
    this.ground = ground;
    this.told = told;
  }

  @Override
  public void createAccount(Account account) {
    write(batch -> {
      int created =
          batch
              .sql(INSERT_ACCOUNT)
              .put(account.id().value())
              .put(account.generalBalance().micros())
              .put(account.name())
              .update();
      if (created > 0) {
        CreditRows.insert(
            batch.session(),
            account.id().value(),
            new CreditRows.Credit(
                account.id(),
                Optional.empty(),
                account.generalBalance().micros(),
                account.createdAt()));
      }
      return created;
    });
  }

  @Override
  public List<Account> accounts(int max) {
    return ground.database().read(session -> DirectoryRows.accounts(session, max));
  }

  @Override
  public Optional<Account> account(AccountId id) {
    return ground.database().read(session -> DirectoryRows.account(session, id));
  }

  @Override
  public Optional<Application> changeApplication(
      ApplicationId id, Optional<String> name, Optional<Boolean> allowConsumeGlobal) {
    Optional<Application> changed =
        write(batch -> {
          batch
              .sql(CHANGE_APPLICATION)
              .putText(name)
              .putFlag(allowConsumeGlobal)
              .put(id.value())
              .update();
          return AccessRows.application(batch.session(), id);
        });
    told.directory();
    return changed;
  }

  @Override
  public Money used(ApplicationId id) {
    return ground.database().read(session -> DirectoryRows.used(session, id));
  }

  @Override
  public void createCredential(Credential credential, Labels labels) {
    write(batch -> AccessRows.insert(batch.session(), credential, labels));
    told.directory();
  }

  @Override
  public Optional<Listed> credential(CredentialId id) {
    return ground.database().read(session -> DirectoryRows.credential(session, id));
  }

  @Override
  public List<Listed> credentials(ApplicationId application, int max) {
    return ground.database().read(session -> DirectoryRows.credentials(session, application, max));
  }

  @Override
  public boolean changeCredential(Credential changed, Labels labels) {
    // Orders that are being decided by the limit of before are committed first.
    int rows =
        ground
            .writer()
            .run(
                new Act<>(
                    needs -> needs.head(changed.application()),
                    batch ->
                        batch
                            .sql(CHANGE)
                            .put(changed.name())
                            .putTime(changed.expiresAt())
                            .put(AccessRows.words(changed.grants().services()))
                            .put(AccessRows.words(changed.grants().apis()))
                            .put(changed.grants().readOnly())
                            .putNumber(changed.limit().map(Money::micros))
                            .put(labels.host())
                            .put(labels.metadata())
                            .put(changed.id().value())
                            .update(),
                    _ -> {}));
    told.directory();
    return rows > 0;
  }

  @Override
  public boolean rotate(CredentialId id, FreshToken token, Instant previousUntil) {
    int rows =
        write(batch ->
            batch
                .sql(ROTATE)
                .put(previousUntil)
                .put(token.hash())
                .put(token.prefix())
                .put(id.value())
                .update());
    told.directory();
    return rows > 0;
  }

  @Override
  public void noteUse(
      Map<CredentialId, Instant> credentials, Map<PlatformTokenId, Instant> platform) {
    var used = Map.copyOf(credentials);
    var usedPlatform = Map.copyOf(platform);
    write(batch ->
        note(batch.session(), USE, used, CredentialId::value)
            + note(batch.session(), USE_PLATFORM, usedPlatform, PlatformTokenId::value));
  }

  /// In the order of their ids, so that two nodes never wait for each other.
  private static <K> int note(
      Session session, String sql, Map<K, Instant> uses, Function<K, UUID> idOf)
      throws SQLException {
    var sorted =
        uses.entrySet().stream()
            .sorted(Comparator.comparing(use -> idOf.apply(use.getKey())))
            .toList();
    for (var use : sorted) {
      Instant at = use.getValue();
      session.sql(sql).put(at).put(idOf.apply(use.getKey())).put(at).update();
    }
    return sorted.size();
  }

  @Override
  public void createPlatformToken(PlatformToken token) {
    write(batch -> DirectoryRows.insert(batch.session(), token));
    told.directory();
  }

  @Override
  public List<PlatformToken> platformTokens(Optional<AccountId> account, int max) {
    return ground.database().read(session -> DirectoryRows.platformTokens(session, account, max));
  }

  @Override
  public Optional<PlatformToken> findPlatformToken(String tokenHash) {
    return ground.database().read(session -> DirectoryRows.platformToken(session, tokenHash));
  }

  @Override
  public boolean revokePlatformToken(PlatformTokenId id) {
    boolean revoked =
        write(batch -> batch.sql(REVOKE_PLATFORM).put(true).put(id.value()).update() > 0);
    told.directory();
    return revoked;
  }

  @Override
  public Credited credit(Credit credit) {
    return ground.writer().run(CreditAct.of(credit, ground.clock()));
  }

  private <T> T write(Act.Body<T> body) {
    return ground.writer().run(new Act<>(body));
  }

  @Override
  public List<Credit> credits(Optional<AccountId> account, int max) {
    return ground.database().read(session -> DirectoryRows.credits(session, account, max));
  }
}
