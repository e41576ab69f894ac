package dev.carillon.gateway.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// A queue that serves its owners by deficit round robin: in each round an owner is given as many
/// items as it has weight, first come first served within an owner. It is as large as the number of
/// open tasks allows. Guards itself.
///
/// An owner that had nothing here goes before those that always have: its first items, as many as
/// its weight, come next. It has to go through a round with the others before it has that again, so
/// nobody gains by coming in small parts. What was taken in vain goes back to the head. An owner of
/// which as many items are under way as may be is passed over until one ends; the others lose
/// nothing by it.
///
/// An owner's items stand in lanes, in the engine one for each service. A lane may have a limit of
/// its own; then the owner's other lanes go on, and between lanes the oldest item goes first.
///
/// @param <K> the owners
/// @param <V> the items
final class Turns<K, V> {
  private final Function<K, Share> shares;
  private final ToLongFunction<V> due;
  private final Map<K, Owner<K, V>> owners = new HashMap<>();
  private final SequencedSet<Owner<K, V>> newcomers = new LinkedHashSet<>();
  private final SequencedSet<Owner<K, V>> round = new LinkedHashSet<>();
  private int size;
  private long number;

  /// What an owner may have.
  ///
  /// @param weight how many items a round, at least 1
  /// @param most how many under way at once, at least 1
  /// @param lane how many of a lane under way at once, at least 1
  record Share(int weight, int most, ToIntFunction<String> lane) {
    static final Share EQUAL = new Share(1, Integer.MAX_VALUE);

    Share(int weight, int most) {
      this(weight, most, _ -> Integer.MAX_VALUE);
    }
  }

  /// @param shares asked each time, so a change is in force at once; must not block
  Turns(Function<K, Share> shares) {
    this(shares, _ -> Long.MIN_VALUE);
  }

  /// @param due before when nobody wants to take an item out of its turn
  Turns(Function<K, Share> shares, ToLongFunction<V> due) {
    this.shares = shares;
    this.due = due;
  }

  /// Where an owner stands.
  private enum Place {
    NOWHERE,
    QUEUED,
    /// As many items are under way as may be.
    RESTING
  }

  /// An item and when it came.
  private record Numbered<V>(long number, V item) {}

  private static final class Lane<V> {
    private final String name;
    private final Queue<Numbered<V>> items =
        new PriorityQueue<>(Comparator.comparingLong(Numbered::number));
    private int underWay;

    /// No item is due before.
    private long firstDue = Long.MAX_VALUE;

    private Lane(String name) {
      this.name = name;
    }
  }

  private static final class Owner<K, V> {
    private final K key;
    private final Map<String, Lane<V>> lanes = new HashMap<>();
    private Place place = Place.NOWHERE;
    private int deficit;
    private int underWay;
    private boolean servedAsNewcomer;

    private Owner(K key) {
      this.key = key;
    }

    private boolean isEmpty() {
      return lanes.values().stream().allMatch(lane -> lane.items.isEmpty());
    }

    /// The lane whose first item is the oldest of those that may be taken; null for none.
    private @Nullable Lane<V> next(Share share) {
      Lane<V> oldest = null;
      long number = Long.MAX_VALUE;
      for (Lane<V> lane : lanes.values()) {
        Numbered<V> first = lane.items.peek();
        if (first != null
            && first.number < number
            && lane.underWay < share.lane().applyAsInt(lane.name)) {
          oldest = lane;
          number = first.number;
        }
      }
      return oldest;
    }
  }

  synchronized void add(K key, String lane, V item) {
    add(key, lane, item, number++);
  }

  /// @param age places it among the items of its owner; lower ones go first
  synchronized void add(K key, String lane, V item, long age) {
    int weight = shares.apply(key).weight();
    Owner<K, V> owner = owners.computeIfAbsent(key, Owner::new);
    Lane<V> queue = owner.lanes.computeIfAbsent(lane, Lane::new);
    queue.items.add(new Numbered<>(age, item));
    queue.firstDue = Math.min(queue.firstDue, due.applyAsLong(item));
    size++;
    if (owner.place == Place.NOWHERE) {
      owner.place = Place.QUEUED;
      owner.deficit = weight;
      newcomers.add(owner);
    } else if (owner.place == Place.RESTING) {
      wake(owner);
    }
    notify();
  }

  /// An item was taken in vain and is here again. Its owner's turn goes on. What a round gives is
  /// not added up, however often it is taken in vain.
  ///
  /// @param age as in [#add(Object, String, Object, long)]
  synchronized void giveBack(K key, String lane, V item, long age) {
    add(key, lane, item, age);
    giveBackTurn(key);
  }

  /// An item of an owner was taken in vain, and nobody wants it any more.
  synchronized void giveBackTurn(K key) {
    Owner<K, V> owner = owners.get(key);
    if (owner == null || owner.place != Place.QUEUED) {
      return;
    }
    boolean newcomer = owner.servedAsNewcomer || newcomers.contains(owner);
    SequencedSet<Owner<K, V>> queue = newcomer ? newcomers : round;
    if (!queue.isEmpty() && queue.getFirst() == owner) {
      owner.deficit = Math.min(owner.deficit + 1, shares.apply(key).weight());
    } else {
      newcomers.remove(owner);
      round.remove(owner);
      queue.addFirst(owner);
      owner.deficit = 1; // what the next round gives it has then
    }
  }

  /// The next item; waits for one. It is under way until [#ended].
  synchronized V take() throws InterruptedException {
    while (true) {
      Optional<V> next = poll();
      if (next.isPresent()) {
        return next.get();
      }
      wait();
    }
  }

  /// The next item, if somebody may be served now. It is under way until [#ended].
  synchronized Optional<V> poll() {
    Turn<K, V> turn = turn();
    if (turn == null) {
      return Optional.empty();
    }
    turn.owner.deficit--;
    turn.owner.underWay++;
    turn.lane.underWay++;
    size--;
    return Optional.of(turn.lane.items.remove().item);
  }

  private record Turn<K, V>(Owner<K, V> owner, Lane<V> lane) {}

  /// Whose turn it is; null when nobody may be served.
  private @Nullable Turn<K, V> turn() {
    while (true) {
      boolean newcomer = !newcomers.isEmpty();
      SequencedSet<Owner<K, V>> queue = newcomer ? newcomers : round;
      if (queue.isEmpty()) {
        return null;
      }
      Owner<K, V> owner = queue.getFirst();
      Share share = shares.apply(owner.key);
      Lane<V> lane = owner.next(share);
      if (lane == null && owner.isEmpty()) {
        queue.removeFirst();
        leave(owner, newcomer);
      } else if (lane == null || owner.underWay >= share.most()) {
        queue.removeFirst();
        owner.place = Place.RESTING;
      } else if (owner.deficit <= 0) {
        queue.removeFirst();
        owner.deficit = share.weight();
        round.add(owner);
      } else {
        owner.servedAsNewcomer = newcomer;
        return new Turn<>(owner, lane);
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
    if (owner.place == Place.NOWHERE && owner.underWay == 0 && owner.isEmpty()) {
      owners.remove(owner.key);
    }
  }

  /// An item that was taken is no longer under way.
  synchronized void ended(K key, String lane) {
    Owner<K, V> owner = owners.get(key);
    if (owner == null) {
      return;
    }
    owner.underWay--;
    Lane<V> ended = owner.lanes.get(lane);
    if (ended != null) {
      ended.underWay--;
      if (ended.underWay == 0 && ended.items.isEmpty()) {
        owner.lanes.remove(lane);
      }
    }
    if (owner.place == Place.RESTING) {
      wake(owner);
      notify();
    }
    forget(owner);
  }

  private void wake(Owner<K, V> owner) {
    owner.place = Place.QUEUED;
    round.add(owner);
  }

  /// Takes all items that match out of their turn. Lanes in which none is due are not looked
  /// through, as they may be long and whoever takes or adds waits meanwhile.
  ///
  /// @param now those that are due by now
  synchronized List<V> takeIf(long now, Predicate<V> wanted) {
    List<V> taken = new ArrayList<>();
    for (Owner<K, V> owner : owners.values()) {
      for (Lane<V> lane : owner.lanes.values()) {
        if (lane.firstDue <= now) {
          lane.items.removeIf(one -> wanted.test(one.item) && taken.add(one.item));
          lane.firstDue =
              lane.items.stream()
                  .mapToLong(one -> due.applyAsLong(one.item))
                  .min()
                  .orElse(Long.MAX_VALUE);
        }
      }
    }
    size -= taken.size();
    return taken;
  }

  synchronized int size() {
    return size;
  }
}
