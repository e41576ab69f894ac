package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Room;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes in an order. All of a batch are decided together by [Accepting].
public final class Accept extends Verb<Accepted> {
  private final Order order;
  private final Optional<Fingerprint> fingerprint;
  private final Room room;
  private final Listener listener;
  private @Nullable Accepted decided;
  private boolean fresh;

  /// @param fingerprint of an order with an idempotency key
  public Accept(Order order, Optional<Fingerprint> fingerprint, Room room, Listener listener) {
    this.order = TaskRows.millis(order);
    this.fingerprint = fingerprint;
    this.room = room;
    this.listener = listener;
  }

  /// Told what became of it, on the writer's thread.
  public interface Listener {
    /// The task is durable, owned by this node and new.
    void accepted(Task task);

    /// The task may be durable and owned by this node, or become so a little later.
    void doubtful(Order order);
  }

  Order order() {
    return order;
  }

  Optional<Fingerprint> fingerprint() {
    return fingerprint;
  }

  Room room() {
    return room;
  }

  Optional<Key> key() {
    return fingerprint.isEmpty()
        ? Optional.empty()
        : order.terms().key().map(key -> Key.of(order, key));
  }

  /// An application's name for a request.
  record Key(UUID application, String key) {
    static Key of(Order order, IdempotencyKey key) {
      return new Key(order.owner().application().value(), key.value());
    }
  }

  void decide(Accepted accepted, boolean isFresh) {
    decided = accepted;
    fresh = isFresh;
  }

  @Override
  protected int weight() {
    return 512 + order.request().length();
  }

  @Override
  protected void needs(Needs needs) {
    decided = null;
    fresh = false;
    needs.accept(this);
  }

  @Override
  protected Accepted run(Batch batch) {
    Accepted accepted = decided;
    if (accepted == null) {
      throw new IllegalStateException("nothing was decided on order " + order.id());
    }
    return accepted;
  }

  @Override
  protected void committed(Accepted result) {
    if (fresh && result instanceof Accepted.Taken(Task task)) {
      listener.accepted(task);
    }
  }

  @Override
  protected void failed(boolean unknown) {
    if (unknown) {
      listener.doubtful(order);
    }
  }
}
