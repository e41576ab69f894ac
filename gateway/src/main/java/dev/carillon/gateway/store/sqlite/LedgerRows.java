package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The append-only rows of money: what was held, then settled or released or a part of it each, for
/// each balance that paid a part, and what was credited by hand. A price of nothing writes nothing.
final class LedgerRows {
  static final int HOLD = 1;
  static final int SETTLE = 2;
  static final int RELEASE = 3;

  /// What a result that came after the release of its task takes again.
  static final int HOLD_AGAIN = 4;

  private static final int INSTANCE = 1;
  private static final int GENERAL = 2;
  private static final String INSERT =
      "INSERT INTO ledger (task_id, application_id, account_id, kind, source, amount, at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)";
  private static final String INSERT_CREDIT = "INSERT INTO credit VALUES (?, ?, ?, ?, ?)";

  private LedgerRows() {}

  /// Writes a kind of row for each balance that has a part in an amount.
  static void insert(Session session, Order order, int kind, Amount amount, long atMillis)
      throws SQLException {
    if (amount.instance > 0) {
      begin(session, order, kind).put(INSTANCE).put(amount.instance).put(atMillis).update();
    }
    if (amount.general > 0) {
      begin(session, order, kind).put(GENERAL).put(amount.general).put(atMillis).update();
    }
  }

  /// An amount by the balances that have a part in it, in millionths of a credit.
  ///
  /// @param instance the part of the application's own balance
  record Amount(long instance, long general) {
    static Amount of(Money whole, long fromInstance) {
      return new Amount(fromInstance, whole.micros() - fromInstance);
    }

    /// So much of this one, the own balance's part first.
    Amount first(long micros) {
      long own = Math.min(instance, micros);
      return new Amount(own, micros - own);
    }

    Amount minus(Amount other) {
      return new Amount(instance - other.instance, general - other.general);
    }

    Money whole() {
      return new Money(instance + general);
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
