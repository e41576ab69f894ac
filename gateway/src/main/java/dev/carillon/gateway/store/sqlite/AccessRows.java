package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.AccountId;
import dev.carillon.gateway.domain.Application;
import dev.carillon.gateway.domain.ApplicationId;
import dev.carillon.gateway.domain.Credential;
import dev.carillon.gateway.domain.CredentialId;
import dev.carillon.gateway.domain.Money;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// How accounts, applications and credentials stand in their tables.
final class AccessRows {
  private static final String APPLICATIONS =
      "SELECT id, account_id, name, service, balance, allow_consume_global, disabled, created_at"
          + " FROM application";
  private static final String CREDENTIALS =
      "SELECT id, application_id, name, token_hash, token_prefix, expires_at, revoked, created_at"
          + " FROM credential";
  private static final String INSERT_APPLICATION =
      "INSERT INTO application VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String INSERT_CREDENTIAL =
      "INSERT INTO credential VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

  private AccessRows() {}

  static Optional<Application> application(Session session, ApplicationId id) throws SQLException {
    return session
        .sql(APPLICATIONS + " WHERE id = ?")
        .put(id.value())
        .one(AccessRows::readApplication);
  }

  static List<Application> applications(Session session) throws SQLException {
    return session.sql(APPLICATIONS + " ORDER BY created_at, id").all(AccessRows::readApplication);
  }

  static Optional<Credential> credential(Session session, CredentialId id) throws SQLException {
    return session
        .sql(CREDENTIALS + " WHERE id = ?")
        .put(id.value())
        .one(AccessRows::readCredential);
  }

  static Optional<Credential> credentialByHash(Session session, String tokenHash)
      throws SQLException {
    return session
        .sql(CREDENTIALS + " WHERE token_hash = ?")
        .put(tokenHash)
        .one(AccessRows::readCredential);
  }

  /// False when it is there already.
  static boolean insert(Session session, Application application) throws SQLException {
    return session
            .sql(INSERT_APPLICATION)
            .put(application.id().value())
            .put(application.account().value())
            .put(application.name())
            .putText(application.service())
            .put(application.balance().micros())
            .put(application.allowConsumeGlobal())
            .put(application.disabled())
            .put(application.createdAt())
            .update()
        > 0;
  }

  /// False when it is there already.
  static boolean insert(Session session, Credential credential) throws SQLException {
    return session
            .sql(INSERT_CREDENTIAL)
            .put(credential.id().value())
            .put(credential.application().value())
            .put(credential.name())
            .put(credential.tokenHash())
            .put(credential.tokenPrefix())
            .putTime(credential.expiresAt())
            .put(credential.revoked())
            .put(credential.createdAt())
            .update()
        > 0;
  }

  private static Application readApplication(Row row) throws SQLException {
    return new Application(
        new ApplicationId(row.uuid()),
        new AccountId(row.uuid()),
        row.text(),
        row.maybeText(),
        new Money(row.number()),
        row.flag(),
        row.flag(),
        row.time());
  }

  private static Credential readCredential(Row row) throws SQLException {
    return new Credential(
        new CredentialId(row.uuid()),
        new ApplicationId(row.uuid()),
        row.text(),
        row.text(),
        row.text(),
        row.maybeTime(),
        row.flag(),
        row.time());
  }
}
