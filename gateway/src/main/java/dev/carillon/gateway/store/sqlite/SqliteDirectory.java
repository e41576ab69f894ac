package dev.carillon.gateway.store.sqlite;

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
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Manages accounts, applications, tokens and credit.
final class SqliteDirectory implements DirectoryStore {
  private static final String INSERT_ACCOUNT =
      "INSERT INTO account (id, general_balance, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String CHANGE =
      "UPDATE credential SET name = ?, expires_at = ?, services = ?, apis = ?, read_only = ?,"
          + " limited_amount = ?, host = ?, metadata = ? WHERE id = ?";
  private static final String ROTATE =
      "UPDATE credential SET previous_hash = token_hash, previous_until = ?, token_hash = ?,"
          + " token_prefix = ? WHERE id = ? AND revoked = 0";
  private static final String USE =
      "UPDATE credential SET used_at = ? WHERE id = ? AND coalesce(used_at, 0) < ?";
  private static final String USE_PLATFORM =
      "UPDATE platform_token SET used_at = ? WHERE id = ? AND coalesce(used_at, 0) < ?";

  private final Writer writer;
  private final Readers readers;
  private final KnownCallers known;
  private final InstantSource clock;

  SqliteDirectory(Writer writer, Readers readers, KnownCallers known, InstantSource clock) {
    this.writer = writer;
    this.readers = readers;
    this.known = known;
    this.clock = clock;
  }

  @Override
  public void createAccount(Account account) {
    writer.run(
        new Act<>(transaction -> {
          transaction.balances().created(account.id());
          int created =
              transaction
                  .sql(INSERT_ACCOUNT)
                  .put(account.id().value())
                  .put(account.generalBalance().micros())
                  .put(account.name())
                  .update();
          if (created > 0) {
            LedgerRows.insertCredit(
                transaction.session(),
                account.id().value(),
                new LedgerRows.Credit(
                    account.id(),
                    Optional.empty(),
                    account.generalBalance().micros(),
                    account.createdAt()));
          }
          return created;
        }));
  }

  @Override
  public List<Account> accounts(int max) {
    return readers.atLength(session -> DirectoryRows.accounts(session, max));
  }

  @Override
  public Optional<Account> account(AccountId id) {
    return readers.shortly(session -> DirectoryRows.account(session, id));
  }

  @Override
  public Optional<Application> changeApplication(
      ApplicationId id, Optional<String> name, Optional<Boolean> allowConsumeGlobal) {
    return writer.run(
        new Act<>(transaction ->
            transaction.balances().change(transaction.session(), id, name, allowConsumeGlobal)
                ? transaction.balances().application(transaction.session(), id)
                : Optional.empty()));
  }

  @Override
  public Money used(ApplicationId id) {
    return readers.shortly(session -> DirectoryRows.used(session, id));
  }

  @Override
  public void createCredential(Credential credential, Labels labels) {
    writer.run(
        new Act<>(transaction -> {
          transaction.balances().created(credential.id());
          return AccessRows.insert(transaction.session(), credential, labels);
        }));
  }

  @Override
  public Optional<Listed> credential(CredentialId id) {
    return readers.shortly(session -> DirectoryRows.credential(session, id));
  }

  @Override
  public List<Listed> credentials(ApplicationId application, int max) {
    return readers.atLength(session -> DirectoryRows.credentials(session, application, max));
  }

  @Override
  public boolean changeCredential(Credential changed, Labels labels) {
    return !writer
        .run(
            new Act<List<Credential>>(
                transaction -> {
                  transaction
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
                      .update();
                  transaction.balances().limit(changed.id(), changed.limit());
                  return AccessRows.views(transaction.session(), changed.id());
                },
                views -> views.forEach(known::changed)))
        .isEmpty();
  }

  @Override
  public boolean rotate(CredentialId id, FreshToken token, Instant previousUntil) {
    return !writer
        .run(
            new Act<List<Credential>>(
                transaction -> rotated(transaction, id, token, previousUntil),
                views -> views.forEach(known::changed)))
        .isEmpty();
  }

  /// The credential as each of its tokens sees it from now on; the one before the last, which ends
  /// here, sees a revoked one.
  private static List<Credential> rotated(
      Transaction transaction, CredentialId id, FreshToken token, Instant previousUntil)
      throws SQLException {
    Session session = transaction.session();
    List<Credential> before = AccessRows.views(session, id);
    int changed =
        transaction
            .sql(ROTATE)
            .put(previousUntil)
            .put(token.hash())
            .put(token.prefix())
            .put(id.value())
            .update();
    if (changed == 0) {
      return List.of();
    }
    var views = new ArrayList<>(AccessRows.views(session, id));
    before.stream().skip(1).map(DirectoryRows::revoked).forEach(views::add);
    return views;
  }

  @Override
  public void noteUse(
      Map<CredentialId, Instant> credentials, Map<PlatformTokenId, Instant> platform) {
    var used = Map.copyOf(credentials);
    var usedPlatform = Map.copyOf(platform);
    writer.run(
        new Act<>(transaction -> {
          for (var use : used.entrySet()) {
            var at = use.getValue();
            transaction.sql(USE).put(at).put(use.getKey().value()).put(at).update();
          }
          for (var use : usedPlatform.entrySet()) {
            var at = use.getValue();
            transaction.sql(USE_PLATFORM).put(at).put(use.getKey().value()).put(at).update();
          }
          return used.size() + usedPlatform.size();
        }));
  }

  @Override
  public void createPlatformToken(PlatformToken token) {
    writer.run(new Act<>(transaction -> DirectoryRows.insert(transaction.session(), token)));
  }

  @Override
  public List<PlatformToken> platformTokens(Optional<AccountId> account, int max) {
    return readers.atLength(session -> DirectoryRows.platformTokens(session, account, max));
  }

  @Override
  public Optional<PlatformToken> findPlatformToken(String tokenHash) {
    return readers.shortly(session -> DirectoryRows.platformToken(session, tokenHash));
  }

  @Override
  public boolean revokePlatformToken(PlatformTokenId id) {
    return writer.run(
        new Act<>(transaction ->
            transaction
                    .sql("UPDATE platform_token SET revoked = 1 WHERE id = ?")
                    .put(id.value())
                    .update()
                > 0));
  }

  @Override
  public Credited credit(Credit credit) {
    return writer.run(new Act<>(transaction -> new CreditAct(transaction, credit, clock).run()));
  }

  @Override
  public List<Credit> credits(Optional<AccountId> account, int max) {
    return readers.atLength(session -> DirectoryRows.credits(session, account, max));
  }
}
