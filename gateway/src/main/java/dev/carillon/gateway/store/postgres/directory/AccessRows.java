package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Grants;
import dev.carillon.gateway.store.DirectoryStore.Labels;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How accounts, applications and credentials stand in their tables.
final class AccessRows {
  private static final String APPLICATIONS =
      "SELECT id, account_id, name, service, balance, allow_consume_global, disabled, created_at"
          + " FROM application";
  private static final String CREDENTIALS =
      "SELECT id, application_id, name, token_hash, token_prefix, expires_at, revoked, created_at,"
          + " services, apis, read_only, limited_amount FROM credential";

  /// The token before the last rotation, as a credential of its own.
  private static final String PREVIOUS =
      "SELECT id, application_id, name, previous_hash, token_prefix,"
          + " least(previous_until, coalesce(expires_at, previous_until)), revoked, created_at,"
          + " services, apis, read_only, limited_amount FROM credential";

  private static final String INSERT_APPLICATION =
      "INSERT INTO application (id, account_id, name, service, balance, allow_consume_global,"
          + " disabled, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String INSERT_SPENDING =
      "INSERT INTO spending (application_id, credential_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
  private static final String INSERT_CREDENTIAL =
      "INSERT INTO credential (id, application_id, name, token_hash, token_prefix, expires_at,"
          + " revoked, created_at, services, apis, read_only, limited_amount, host, metadata)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

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

  /// The credential of a token: its newest one, or the one before the last rotation, which has an
  /// end of its own.
  static Optional<Credential> credentialByHash(Session session, String tokenHash)
      throws SQLException {
    Optional<Credential> newest =
        session
            .sql(CREDENTIALS + " WHERE token_hash = ?")
            .put(tokenHash)
            .one(AccessRows::readCredential);
    return newest.isPresent()
        ? newest
        : session
            .sql(PREVIOUS + " WHERE previous_hash = ?")
            .put(tokenHash)
            .one(AccessRows::readCredential);
  }

  /// A credential as each of its tokens sees it; empty for an unknown one.
  static List<Credential> views(Session session, CredentialId id) throws SQLException {
    var views = new ArrayList<Credential>();
    credential(session, id).ifPresent(views::add);
    session
        .sql(PREVIOUS + " WHERE id = ? AND previous_hash IS NOT NULL")
        .put(id.value())
        .one(AccessRows::readCredential)
        .ifPresent(views::add);
    return views;
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
  static boolean insert(Session session, Credential credential, Labels labels) throws SQLException {
    Grants grants = credential.grants();
    session
        .sql(INSERT_SPENDING)
        .put(credential.application().value())
        .put(credential.id().value())
        .update();
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
            .put(words(grants.services()))
            .put(words(grants.apis()))
            .put(grants.readOnly())
            .putNumber(credential.limit().map(Money::micros))
            .put(labels.host())
            .put(labels.metadata())
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

  static Credential readCredential(Row row) throws SQLException {
    return new Credential(
        new CredentialId(row.uuid()),
        new ApplicationId(row.uuid()),
        row.text(),
        row.text(),
        row.text(),
        row.maybeTime(),
        row.flag(),
        row.time(),
        new Grants(words(row.text()), words(row.text()), row.flag()),
        row.maybeNumber().map(Money::new));
  }

  /// Words in one column, sorted: a line each, as a key of the catalog may hold a space.
  static String words(Set<String> words) {
    return String.join("\n", words.stream().sorted().toList());
  }

  private static Set<String> words(String column) {
    return column.isEmpty() ? Set.of() : Set.of(column.split("\n", -1));
  }
}
