package dev.carillon.gateway.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The law of a task's whole life, by random histories: whatever verbs come in whatever order, with
/// claims of this life and of earlier ones, and wherever the process dies in between, a
/// [TaskHistory] holds every answer against what may be. A history that breaks is made shorter, by
/// halves and then step by step, before it is shown.
///
/// `-Dcarillon.histories=1000` plays more, `-Dcarillon.history.seed=…` repeats a run.
abstract class StoreHistoryLaws extends StoreLaws {
  private static final int HISTORIES = Integer.getInteger("carillon.histories", 15);
  private static final int MOVES = Integer.getInteger("carillon.history.moves", 70);
  private static final int SHRINKS = 400;

  /// One step of a history: what is done, and a number that picks what it is done to. So a history
  /// stays one when steps are left out.
  record Move(Verb verb, int pick) {}

  /// What may be done. Those named more often here are done more often.
  enum Verb {
    ACCEPT(5),
    ACCEPT_AGAIN(1),
    CLAIM(5),
    RUN(3),
    NOTE_JOB(2),
    SUCCEED(3),
    FAIL(1),
    PARK(2),
    FINALIZE(2),
    EXPIRE(1),
    LATE(2),
    END_WAIT(1),
    CANCEL(1),
    ASK_TO_CANCEL(1),
    TELL_OF_CANCEL(1),
    REMOVE(1),
    DELIVER(3),
    PASS_TIME(1),
    CRASH(1),
    REOPEN(1);

    private final int weight;

    Verb(int weight) {
      this.weight = weight;
    }
  }

  @Test
  void every_history_leaves_every_task_where_it_may_be() {
    long seed = Long.getLong("carillon.history.seed", new Random().nextLong());
    System.out.println("seed of the histories: " + seed);
    var random = new Random(seed);
    for (int i = 0; i < HISTORIES; i++) {
      List<Move> moves = moves(random);
      Optional<AssertionError> broken = broken(moves);
      if (broken.isPresent()) {
        List<Move> shortest = shrink(moves);
        throw new AssertionError(
            "history %d of seed %d breaks; in short: %s"
                .formatted(
                    i,
                    seed,
                    shortest.stream()
                        .map(move -> move.verb() + " " + move.pick())
                        .collect(Collectors.joining(", "))),
            broken(shortest).orElse(broken.get()));
      }
    }
  }

  private static List<Move> moves(Random random) {
    var bag = new ArrayList<Verb>();
    for (Verb verb : Verb.values()) {
      for (int i = 0; i < verb.weight; i++) {
        bag.add(verb);
      }
    }
    return random
        .ints(MOVES, 0, bag.size())
        .mapToObj(i -> new Move(bag.get(i), random.nextInt(1_000)))
        .toList();
  }

  private Optional<AssertionError> broken(List<Move> moves) {
    var history = new TaskHistory(this);
    try {
      moves.forEach(history::play);
      history.end();
      return Optional.empty();
    } catch (AssertionError broken) {
      history.abandon();
      return Optional.of(broken);
    }
  }

  /// Leaves out ever smaller parts while what is left still breaks.
  private List<Move> shrink(List<Move> whole) {
    List<Move> shortest = whole;
    int tries = 0;
    for (int part = Math.max(1, whole.size() / 2); part >= 1; part /= 2) {
      int from = 0;
      while (from < shortest.size() && tries++ < SHRINKS) {
        var less = new ArrayList<>(shortest.subList(0, from));
        less.addAll(shortest.subList(Math.min(from + part, shortest.size()), shortest.size()));
        if (broken(less).isPresent()) {
          shortest = less;
        } else {
          from += part;
        }
      }
    }
    return shortest;
  }
}
