package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Claims tasks that a dead process left open, with a greater fence and one attempt more.
final class Rescue extends Verb<List<Claim>> {
  /// The places of all open tasks, in the order they were accepted.
  static final String LEFT =
      "SELECT position, application_id, service FROM task INDEXED BY task_open WHERE state < 10"
          + " ORDER BY position";

  /// A task that a dead process left open.
  record Left(long position, ApplicationId application, String service) {
    static Left read(Row row) throws SQLException {
      // One copy of each name, as there may be very many tasks.
      return new Left(row.number(), new ApplicationId(row.uuid()), row.text().intern());
    }
  }

  private static final String CLAIM =
      "UPDATE task SET fence = fence + 1, attempt = attempt + 1 WHERE position = ? AND state < 10";

  private final Memory memory;
  private final List<Long> positions;

  Rescue(Memory memory, List<Long> positions) {
    this.memory = memory;
    this.positions = positions;
  }

  @Override
  List<Claim> run(Transaction transaction) throws SQLException {
    var claims = new ArrayList<Claim>(positions.size());
    for (long position : positions) {
      if (transaction.sql(CLAIM).put(position).update() > 0) {
        TaskRows.claimAt(transaction.session(), position).ifPresent(claims::add);
      }
    }
    return claims;
  }

  @Override
  void committed(List<Claim> claims) {
    claims.forEach(memory::rescued);
  }
}
