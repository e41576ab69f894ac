package dev.carillon.gateway.delivery;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// One scheme, host and port, which several destinations may share. Not safe for several threads;
/// [Seats] guards it.
final class Origin {
  final String name;

  private final int most;
  private final Set<Lane> waiting = new LinkedHashSet<>(); // turned away since they had a seat here
  private int seats;
  private int users; // lanes with a seat

  Origin(String name, int most) {
    this.name = name;
    this.most = most;
  }

  /// How many more seats this lane may take. While others wait, each gets a share.
  int room(Lane lane) {
    int others = waiting.size() - (waiting.contains(lane) ? 1 : 0);
    if (others == 0) {
      return most - seats;
    }
    long newcomers =
        waiting.stream().filter(other -> other != lane && other.seats == 0).limit(most).count();
    int lanes = users + (int) newcomers + (lane.seats == 0 ? 1 : 0);
    return Math.min(most - seats, Math.max(1, most / lanes) - lane.seats);
  }

  void await(Lane lane) {
    waiting.add(lane);
  }

  void leave(Lane lane) {
    waiting.remove(lane);
  }

  /// Takes a seat; the lane's own count is still that before.
  void take(Lane lane) {
    seats++;
    users += lane.seats == 0 ? 1 : 0;
  }

  /// Gives a seat back; the lane's own count is already that after.
  void free(Lane lane) {
    seats--;
    users -= lane.seats == 0 ? 1 : 0;
  }

  /// Who has waited longest of these.
  Optional<Lane> first(Predicate<Lane> which) {
    return waiting.stream().filter(which).findFirst();
  }

  boolean idle() {
    return seats == 0 && waiting.isEmpty();
  }
}
