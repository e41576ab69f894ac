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
  private static final Needs.Together KIND = RecordAttempt::begin;

  private final Dispatches dispatches;
  private final CallbackCare care;
  private final Attempted attempted;
  private boolean stored;
  private boolean overtaken;
  private Optional<WebhookEndpoint> off = Optional.empty();

  /// @param owner the node that made the attempt
  RecordAttempt(
      Dispatches dispatches, CallbackCare care, Dispatch dispatch, Receipt receipt, UUID owner) {
    this.dispatches = dispatches;
    this.care = care;
    this.attempted = new Attempted(dispatch, receipt, owner);
  }

  @Override
  protected void needs(Needs needs) {
    needs.together(KIND, this);
    if (attempted.receipt().next() instanceof Next.Gone) {
      needs.head(attempted.dispatch().destination().application());
    }
  }

  /// Those of one delivery are stored one after the other.
  private static Needs.Decision begin(Batch batch, List<Verb<?>> verbs) {
    var rest = new ArrayList<RecordAttempt>();
    for (Verb<?> verb : verbs) {
      rest.add(((RecordAttempt) verb).anew());
    }
    List<RecordAttempt> first = takeSome(rest);
    AttemptRows rows = store(batch, first);
    return () -> {
      decide(batch, first, rows);
      while (!rest.isEmpty()) {
        List<RecordAttempt> next = takeSome(rest);
        AttemptRows more = store(batch, next);
        batch.session().send();
        decide(batch, next, more);
      }
    };
  }

  private static List<RecordAttempt> takeSome(List<RecordAttempt> rest) {
    var seen = new HashSet<DeliveryId>();
    List<RecordAttempt> some =
        rest.stream().filter(one -> seen.add(one.attempted.dispatch().id())).toList();
    rest.removeAll(some);
    return some;
  }

  private static AttemptRows store(Batch batch, List<RecordAttempt> some) {
    return AttemptRows.store(batch.session(), some.stream().map(one -> one.attempted).toList());
  }

  private static void decide(Batch batch, List<RecordAttempt> some, AttemptRows rows)
      throws SQLException {
    rows.list();
    List<Attempted> kept = rows.kept();
    List<WebhookEndpoint> off = Healths.judge(batch, kept);
    for (RecordAttempt one : some) {
      one.stored = kept.contains(one.attempted);
      one.overtaken = rows.isOvertaken(one.attempted);
      one.off =
          off.stream().filter(gone -> gone.destination().equals(one.destination())).findFirst();
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
    off.ifPresent(gone -> care.switched(gone.destination(), true));
  }
}
