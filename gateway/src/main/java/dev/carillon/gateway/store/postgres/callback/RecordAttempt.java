package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.Needs;
import dev.carillon.gateway.store.postgres.batch.Verb;
import dev.carillon.gateway.store.queue.Dispatches;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Stores an attempt and what it says of its endpoint, together with all others of its batch; the
/// delivery may be handed out again once that is durable.
final class RecordAttempt extends Verb<Boolean> {
  private static final Needs.Together KIND = RecordAttempt::decide;

  private final Dispatches dispatches;
  private final Attempted attempted;
  private boolean stored;
  private boolean overtaken;
  private Optional<WebhookEndpoint> off = Optional.empty();

  /// @param owner the node that made the attempt
  RecordAttempt(Dispatches dispatches, Dispatch dispatch, Receipt receipt, UUID owner) {
    this.dispatches = dispatches;
    this.attempted = new Attempted(dispatch, receipt, owner);
  }

  @Override
  protected void needs(Needs needs) {
    needs.together(KIND, this);
    if (attempted.receipt().next() instanceof Next.Gone) {
      needs.head(attempted.dispatch().destination().application());
    }
  }

  private static void decide(Batch batch, List<Verb<?>> verbs) throws SQLException {
    var rest = new ArrayList<RecordAttempt>();
    for (Verb<?> verb : verbs) {
      rest.add(((RecordAttempt) verb).anew());
    }
    while (!rest.isEmpty()) {
      var seen = new HashSet<DeliveryId>();
      List<RecordAttempt> some =
          rest.stream().filter(one -> seen.add(one.attempted.dispatch().id())).toList();
      rest.removeAll(some);
      AttemptRows.Stored done =
          AttemptRows.record(batch.session(), some.stream().map(one -> one.attempted).toList());
      List<Attempted> kept = done.kept();
      List<WebhookEndpoint> off = Healths.judge(batch, kept);
      for (RecordAttempt one : some) {
        one.stored = kept.contains(one.attempted);
        one.overtaken = done.overtaken().contains(one.attempted.id());
        one.off =
            off.stream().filter(gone -> gone.destination().equals(one.destination())).findFirst();
      }
    }
  }

  private RecordAttempt anew() {
    stored = false;
    overtaken = false;
    off = Optional.empty();
    return this;
  }

  private Destination destination() {
    return attempted.dispatch().destination();
  }

  @Override
  protected Boolean run(Batch batch) {
    return stored;
  }

  @Override
  protected void committed(Boolean result) {
    // One that was overtaken is due since it was sent again.
    Optional<Instant> due =
        overtaken ? Optional.of(attempted.receipt().startedAt()) : attempted.retryAt();
    dispatches.release(attempted.dispatch(), due.map(Instant::toEpochMilli));
    off.ifPresent(gone -> dispatches.closed(gone.destination(), true));
  }
}
