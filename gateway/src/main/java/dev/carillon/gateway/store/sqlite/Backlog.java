package dev.carillon.gateway.store.sqlite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The open tasks a dead process left, by their places, oldest first; read once at the start and
/// taken in small parts. Its monitor guards all fields.
final class Backlog {
  private static final int MOST_AT_ONCE = 256;

  private final ArrayDeque<Long> positions;

  Backlog(List<Long> positions) {
    this.positions = new ArrayDeque<>(positions);
  }

  synchronized List<Long> take(int max) {
    var taken = new ArrayList<Long>();
    while (taken.size() < Math.min(max, MOST_AT_ONCE) && !positions.isEmpty()) {
      taken.add(positions.remove());
    }
    return taken;
  }

  synchronized void giveBack(List<Long> taken) {
    taken.reversed().forEach(positions::addFirst);
  }
}
