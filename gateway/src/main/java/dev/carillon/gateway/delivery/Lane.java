package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.callback.Destination;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What is known of one destination. Not safe for several threads; [Seats] guards it.
final class Lane {
  private static final int FIRST_WINDOW = 4;
  private static final double NEWEST_SHARE = 0.2;
  private static final double SLOW_SECONDS = DeliveryConfig.QUICK.toNanos() / 1e9;

  final Destination destination;
  final Circuit circuit;
  Optional<Origin> origin = Optional.empty(); // of the latest attempt
  int seats; // taken while sending
  int slowSeats; // those of them that are known to be slow
  boolean proven; // it answered once

  private final int widest;
  private int window;
  private int answers; // since the window grew
  private double meanSeconds; // of the latest attempts
  private long notBefore;
  private boolean pausing;

  Lane(Destination destination, DeliveryConfig.Seats limits, RandomGenerator random) {
    this.destination = destination;
    this.widest = limits.perDestination();
    this.window = Math.min(FIRST_WINDOW, widest);
    this.circuit = new Circuit(limits.circuitPause(), random);
  }

  /// How many more may be sent, if others leave room.
  int room(long now) {
    pausing &= now - notBefore < 0;
    return pausing ? 0 : Math.min(window - seats, circuit.room(now));
  }

  int window() {
    return window;
  }

  /// Whether a new attempt will probably be slow.
  boolean slow() {
    return slowSeats > 0 || meanSeconds > SLOW_SECONDS;
  }

  /// An attempt ended.
  Circuit.Change learn(Posted posted, int begun, long now) {
    Posted.Sign sign = posted.sign();
    if (sign != Posted.Sign.NONE) {
      meanSeconds += NEWEST_SHARE * (posted.took().toNanos() / 1e9 - meanSeconds);
    }
    if (sign == Posted.Sign.ALIVE) {
      proven = true;
      answers++;
    }
    posted
        .pauseAsked()
        .ifPresent(pause -> {
          pausing = true;
          notBefore = now + pause.toNanos();
        });
    Circuit.Change change = circuit.end(sign, begun, now);
    if (change == Circuit.Change.NONE && answers >= window) {
      window = Math.min(2 * window, widest);
      answers = 0;
    } else if (change != Circuit.Change.NONE) {
      window = 1;
      answers = 0;
    }
    return change;
  }
}
