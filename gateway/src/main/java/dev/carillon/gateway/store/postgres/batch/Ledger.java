package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The append-only rows of money that a batch writes: what was held, then settled or released or a
/// part of it each, for each balance that paid a part. A price of nothing writes nothing.
final class Ledger {
  static final int HOLD = 1;
  static final int SETTLE = 2;
  static final int RELEASE = 3;

  /// What a result that came after the release of its task takes again.
  static final int HOLD_AGAIN = 4;

  private static final int INSTANCE = 1;
  private static final int GENERAL = 2;
  private static final String INSERT =
      "INSERT INTO ledger (task_id, application_id, account_id, amount, at, kind, source)"
          + " SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[],"
          + " ?::smallint[], ?::smallint[])";

  private final List<Line> lines = new ArrayList<>();

  private record Line(Order order, int kind, int source, long amount, long at) {}

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

  /// Notes a row for each balance that has a part in an amount.
  void add(Order order, int kind, Amount amount, long atMillis) {
    if (amount.instance > 0) {
      lines.add(new Line(order, kind, INSTANCE, amount.instance, atMillis));
    }
    if (amount.general > 0) {
      lines.add(new Line(order, kind, GENERAL, amount.general, atMillis));
    }
  }

  void write(Session session) throws SQLException {
    if (!lines.isEmpty()) {
      session
          .sql(INSERT)
          .ids(lines, line -> line.order.id().value())
          .ids(lines, line -> line.order.owner().application().value())
          .ids(lines, line -> line.order.owner().account().value())
          .numbers(lines, Line::amount)
          .numbers(lines, Line::at)
          .numbers(lines, Line::kind)
          .numbers(lines, Line::source)
          .later();
    }
  }
}
