package dev.carillon.gateway.engine;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loops of the engine, each on a virtual thread. None ends before it is told to: its tasks would
/// be left to nobody.
final class Rounds {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  private final BooleanSupplier open;
  private final Duration rest;

  /// What a loop does again and again.
  interface Round {
    void run() throws InterruptedException;
  }

  /// @param open whether the loops go on
  /// @param rest after a round that failed
  Rounds(BooleanSupplier open, Duration rest) {
    this.open = open;
    this.rest = rest;
  }

  /// Starts one that ends when it is interrupted, or has to go on no longer.
  Thread start(String name, Round round) {
    return Thread.ofVirtual()
        .name(name)
        .start(() -> {
          while (open.getAsBoolean()) {
            try {
              round.run();
            } catch (InterruptedException stopping) {
              return;
            } catch (StoreUnavailableException later) {
              log.warn("engine.waiting loop={} reason=\"{}\"", name, later.getMessage());
              pause();
            } catch (Throwable bug) { // a loop that ended would leave tasks to nobody
              log.error("engine.failed loop={}", name, bug);
              pause();
            }
          }
        });
  }

  /// Rests as after a failure; an interrupt ends it.
  void pause() {
    try {
      Thread.sleep(rest);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
