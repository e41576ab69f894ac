package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The append-only rows of money: what was held, then either settled or released, for each balance
/// that paid a part, and what was credited by hand. A price of nothing writes nothing.
final class LedgerRows {
  static final int HOLD = 1;
  static final int SETTLE = 2;
  static final int RELEASE = 3;

  private static final int INSTANCE = 1;
  private static final int GENERAL = 2;
  private static final String INSERT =
      "INSERT INTO ledger (task_id, application_id, account_id, kind, source, amount, at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)";
  private static final String INSERT_CREDIT = "INSERT INTO credit VALUES (?, ?, ?, ?, ?)";

  private LedgerRows() {}

  /// Writes a kind of row for each balance that pays a part of the price.
  ///
  /// @param fromInstance the part of the application's own balance
  static void insert(Session session, Order order, int kind, long fromInstance, long atMillis)
      throws SQLException {
    if (fromInstance > 0) {
      begin(session, order, kind).put(INSTANCE).put(fromInstance).put(atMillis).update();
    }
    long rest = order.price().micros() - fromInstance;
    if (rest > 0) {
      begin(session, order, kind).put(GENERAL).put(rest).put(atMillis).update();
    }
  }

  private static Sql begin(Session session, Order order, int kind) throws SQLException {
    return session
        .sql(INSERT)
        .put(order.id().value())
        .put(order.owner().application().value())
        .put(order.owner().account().value())
        .put(kind);
  }

  /// Writes what was put on a balance by hand.
  static void insertCredit(Session session, UUID id, Credit credit) throws SQLException {
    if (credit.micros == 0) {
      return;
    }
    Sql insert = session.sql(INSERT_CREDIT).put(id).put(credit.account.value());
    if (credit.application.isPresent()) {
      insert.put(credit.application.get().value());
    } else {
      insert.putNull();
    }
    insert.put(credit.micros).put(credit.at).update();
  }

  /// An amount put on a balance by hand; on the general one when there is no application.
  record Credit(AccountId account, Optional<ApplicationId> application, long micros, Instant at) {}
}
