package dev.carillon.gateway.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A queue that serves its owners by deficit round robin: in each round an owner is given as many
/// items as it has weight, first come first served within an owner. It is as large as the number of
/// open tasks allows. Guards itself.
///
/// An owner that had nothing here goes before those that always have: its first items, as many as
/// its weight, come next. It has to go through a round with the others before it has that again, so
/// nobody gains by coming in small parts. An owner of which as many items are under way as may be
/// is passed over until one ends; the others lose nothing by it.
///
/// @param <K> the owners
/// @param <V> the items
final class Turns<K, V> {
  private final Function<K, Share> shares;
  private final Map<K, Owner<K, V>> owners = new HashMap<>();
  private final Queue<Owner<K, V>> newcomers = new ArrayDeque<>();
  private final Queue<Owner<K, V>> round = new ArrayDeque<>();
  private int size;

  /// What an owner may have.
  ///
  /// @param weight how many items a round, at least 1
  /// @param most how many under way at once, at least 1
  record Share(int weight, int most) {
    static final Share EQUAL = new Share(1, Integer.MAX_VALUE);
  }

  /// @param shares asked each time, so a change is in force at once; must not block
  Turns(Function<K, Share> shares) {
    this.shares = shares;
  }

  /// Where an owner stands.
  private enum Place {
    NOWHERE,
    QUEUED,
    /// As many items are under way as may be.
    RESTING
  }

  private static final class Owner<K, V> {
    private final K key;
    private final Queue<V> items = new ArrayDeque<>();
    private Place place = Place.NOWHERE;
    private int deficit;
    private int underWay;

    private Owner(K key) {
      this.key = key;
    }
  }

  synchronized void add(K key, V item) {
    Owner<K, V> owner = owners.computeIfAbsent(key, Owner::new);
    owner.items.add(item);
    size++;
    if (owner.place == Place.NOWHERE) {
      owner.place = Place.QUEUED;
      owner.deficit = shares.apply(key).weight();
      newcomers.add(owner);
    }
    notify();
  }

  /// The next item; waits for one. It is under way until [#ended].
  synchronized V take() throws InterruptedException {
    while (true) {
      Owner<K, V> turn = turn();
      if (turn != null) {
        turn.deficit--;
        turn.underWay++;
        size--;
        return turn.items.remove();
      }
      wait();
    }
  }

  /// Whose turn it is; null when nobody may be served.
  private @Nullable Owner<K, V> turn() {
    while (true) {
      boolean newcomer = !newcomers.isEmpty();
      Queue<Owner<K, V>> queue = newcomer ? newcomers : round;
      Owner<K, V> owner = queue.peek();
      if (owner == null) {
        return null;
      }
      Share share = shares.apply(owner.key);
      if (owner.items.isEmpty()) {
        queue.remove();
        leave(owner, newcomer);
      } else if (owner.underWay >= share.most()) {
        queue.remove();
        owner.place = Place.RESTING;
      } else if (owner.deficit <= 0) {
        queue.remove();
        owner.deficit = share.weight();
        round.add(owner);
      } else {
        return owner;
      }
    }
  }

  /// A newcomer that ran dry goes through the round all the same.
  private void leave(Owner<K, V> owner, boolean newcomer) {
    if (newcomer) {
      round.add(owner);
    } else {
      owner.place = Place.NOWHERE;
      forget(owner);
    }
  }

  private void forget(Owner<K, V> owner) {
    if (owner.place == Place.NOWHERE && owner.underWay == 0 && owner.items.isEmpty()) {
      owners.remove(owner.key);
    }
  }

  /// An item that was taken is no longer under way.
  synchronized void ended(K key) {
    Owner<K, V> owner = owners.get(key);
    if (owner == null) {
      return;
    }
    owner.underWay--;
    if (owner.place == Place.RESTING) {
      owner.place = Place.QUEUED;
      round.add(owner);
      notify();
    }
    forget(owner);
  }

  /// Takes all items that match out of their turn.
  synchronized List<V> takeIf(Predicate<V> wanted) {
    List<V> taken = new ArrayList<>();
    owners
        .values()
        .forEach(owner -> owner.items.removeIf(item -> wanted.test(item) && taken.add(item)));
    size -= taken.size();
    return taken;
  }

  synchronized int size() {
    return size;
  }
}
