package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Account;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.PlatformToken;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import dev.carillon.gateway.store.DirectoryStore.Credit;
import dev.carillon.gateway.store.DirectoryStore.Labels;
import dev.carillon.gateway.store.DirectoryStore.Listed;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// How what is managed stands in its tables.
final class DirectoryRows {
  private static final String ACCOUNTS = "SELECT id, name, general_balance FROM account";
  private static final String LISTED =
      "SELECT id, application_id, name, token_hash, token_prefix, expires_at, revoked, created_at,"
          + " services, apis, read_only, limited_amount, host, metadata, coalesce((SELECT used_amount"
          + " FROM spending WHERE spending.application_id = credential.application_id"
          + " AND spending.credential_id = credential.id), 0), used_at, previous_until FROM credential";
  private static final String PLATFORM_TOKENS =
      "SELECT id, account_id, name, token_hash, token_prefix, expires_at, revoked, created_at,"
          + " used_at FROM platform_token";
  private static final String INSERT_PLATFORM_TOKEN =
      "INSERT INTO platform_token (id, account_id, name, token_hash, token_prefix, expires_at,"
          + " revoked, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String CREDITS =
      "SELECT id, account_id, application_id, amount, at FROM credit";

  private DirectoryRows() {}

  static List<Account> accounts(Session session, int max) throws SQLException {
    return session.sql(ACCOUNTS + " ORDER BY id LIMIT ?").put(max).all(DirectoryRows::readAccount);
  }

  static Optional<Account> account(Session session, AccountId id) throws SQLException {
    return session.sql(ACCOUNTS + " WHERE id = ?").put(id.value()).one(DirectoryRows::readAccount);
  }

  private static Account readAccount(Row row) throws SQLException {
    UUID id = row.uuid();
    return new Account(
        new AccountId(id),
        row.text(),
        new Money(row.number()),
        Instant.ofEpochMilli(Ids.millisOf(id)));
  }

  static Money used(Session session, ApplicationId id) throws SQLException {
    return new Money(
        session
            .sql(
                "SELECT coalesce(sum(used_amount), 0)::bigint FROM spending WHERE application_id = ?")
            .put(id.value())
            .one(Row::number)
            .orElse(0L));
  }

  static Optional<Listed> credential(Session session, CredentialId id) throws SQLException {
    return session.sql(LISTED + " WHERE id = ?").put(id.value()).one(DirectoryRows::readListed);
  }

  static List<Listed> credentials(Session session, ApplicationId application, int max)
      throws SQLException {
    return session
        .sql(LISTED + " WHERE application_id = ? ORDER BY revoked, id DESC LIMIT ?")
        .put(application.value())
        .put(max)
        .all(DirectoryRows::readListed);
  }

  private static Listed readListed(Row row) throws SQLException {
    return new Listed(
        AccessRows.readCredential(row),
        new Labels(row.text(), row.text()),
        new Money(row.number()),
        row.maybeTime(),
        row.maybeTime());
  }

  /// The same credential, taken back.
  static Credential revoked(Credential from) {
    return new Credential(
        from.id(),
        from.application(),
        from.name(),
        from.tokenHash(),
        from.tokenPrefix(),
        from.expiresAt(),
        true,
        from.createdAt(),
        from.grants(),
        from.limit());
  }

  /// False when it is there already.
  static boolean insert(Session session, PlatformToken token) throws SQLException {
    return session
            .sql(INSERT_PLATFORM_TOKEN)
            .put(token.id().value())
            .put(token.account().value())
            .put(token.name())
            .put(token.tokenHash())
            .put(token.tokenPrefix())
            .putTime(token.expiresAt())
            .put(token.revoked())
            .put(token.createdAt())
            .update()
        > 0;
  }

  static List<PlatformToken> platformTokens(Session session, Optional<AccountId> account, int max)
      throws SQLException {
    if (account.isEmpty()) {
      return session
          .sql(PLATFORM_TOKENS + " ORDER BY revoked, id DESC LIMIT ?")
          .put(max)
          .all(DirectoryRows::readPlatformToken);
    }
    return session
        .sql(PLATFORM_TOKENS + " WHERE account_id = ? ORDER BY revoked, id DESC LIMIT ?")
        .put(account.get().value())
        .put(max)
        .all(DirectoryRows::readPlatformToken);
  }

  static Optional<PlatformToken> platformToken(Session session, String hash) throws SQLException {
    return session
        .sql(PLATFORM_TOKENS + " WHERE token_hash = ?")
        .put(hash)
        .one(DirectoryRows::readPlatformToken);
  }

  private static PlatformToken readPlatformToken(Row row) throws SQLException {
    return new PlatformToken(
        new PlatformTokenId(row.uuid()),
        new AccountId(row.uuid()),
        row.text(),
        row.text(),
        row.text(),
        row.maybeTime(),
        row.flag(),
        row.time(),
        row.maybeTime());
  }

  static Optional<Credit> credit(Session session, UUID id) throws SQLException {
    return session.sql(CREDITS + " WHERE id = ?").put(id).one(DirectoryRows::readCredit);
  }

  static List<Credit> credits(Session session, Optional<AccountId> account, int max)
      throws SQLException {
    if (account.isEmpty()) {
      return session
          .sql(CREDITS + " ORDER BY id DESC LIMIT ?")
          .put(max)
          .all(DirectoryRows::readCredit);
    }
    return session
        .sql(CREDITS + " WHERE account_id = ? ORDER BY id DESC LIMIT ?")
        .put(account.get().value())
        .put(max)
        .all(DirectoryRows::readCredit);
  }

  private static Credit readCredit(Row row) throws SQLException {
    return new Credit(
        row.uuid(),
        new AccountId(row.uuid()),
        row.maybeUuid().map(ApplicationId::new),
        new Money(row.number()),
        row.time());
  }
}
