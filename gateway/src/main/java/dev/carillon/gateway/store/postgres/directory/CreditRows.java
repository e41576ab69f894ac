package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// What was put on balances by hand, in its table.
final class CreditRows {
  private static final String INSERT =
      "INSERT INTO credit (id, account_id, application_id, amount, at) VALUES (?, ?, ?, ?, ?)";

  private CreditRows() {}

  /// An amount of nothing writes nothing.
  static void insert(Session session, UUID id, Credit credit) throws SQLException {
    if (credit.micros == 0) {
      return;
    }
    session
        .sql(INSERT)
        .put(id)
        .put(credit.account.value())
        .putId(credit.application.map(ApplicationId::value))
        .put(credit.micros)
        .put(credit.at)
        .update();
  }

  /// An amount put on a balance by hand; on the general one when there is no application.
  record Credit(AccountId account, Optional<ApplicationId> application, long micros, Instant at) {}
}
