package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.EndpointId;
import java.sql.SQLException;
import java.util.UUID;

/// Drops what waited for a deleted endpoint, a page in each transaction, as it may be a million.
/// The endpoint's row goes last, so that a restart finds what is left to do.
record Dropping(Memory memory, Writer writer) {
  private static final int PAGE = 1_000;
  private static final String DROP =
      "UPDATE delivery SET state = 5 WHERE (application_id, id) IN (SELECT application_id, id"
          + " FROM delivery INDEXED BY delivery_due WHERE state = 0 AND application_id = ?"
          + " AND destination = ? LIMIT ?)";

  void drop(Destination destination) {
    int dropped;
    do {
      dropped = writer.run(new Page(destination));
    } while (dropped == PAGE);
    memory.dispatches().forget(destination);
  }

  private final class Page extends Verb<Integer> {
    private final Destination destination;

    private Page(Destination destination) {
      this.destination = destination;
    }

    @Override
    Integer run(Transaction transaction) throws SQLException {
      int dropped =
          transaction
              .sql(DROP)
              .put(destination.application().value())
              .put(destination.key())
              .put(PAGE)
              .update();
      if (dropped < PAGE) {
        EndpointRows.forget(
            transaction.session(), new EndpointId(UUID.fromString(destination.key())));
      }
      return dropped;
    }

    @Override
    void committed(Integer dropped) {
      memory.dispatches().done(dropped);
    }
  }
}
