package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.sql.Row;
import java.sql.SQLException;

/// How an application stands in its table.
public final class ApplicationRow {
  /// The columns that [#read] reads.
  public static final String COLUMNS =
      "id, account_id, name, service, balance, allow_consume_global, disabled, created_at";

  private ApplicationRow() {}

  public static Application read(Row row) throws SQLException {
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
}
