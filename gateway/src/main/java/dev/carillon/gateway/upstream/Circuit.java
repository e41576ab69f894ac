package dev.carillon.gateway.upstream;

import java.time.Duration;

/// Whether a provider is well: after some faults in a row it is left alone for a while, then one
/// request tries. Its moments are those of the steady clock. Guards itself.
public final class Circuit {
  private static final int FAULTS = 5;
  private static final Duration FIRST = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private int faults;
  private Duration pause = FIRST;
  private Duration closedFrom = Duration.ZERO;

  /// Whether a request may be sent. Once the pause is over, this lets one pass for each further
  /// pause.
  public synchronized boolean permits(Duration now) {
    if (faults < FAULTS) {
      return true;
    }
    if (now.compareTo(closedFrom) < 0) {
      return false;
    }
    closedFrom = now.plus(pause);
    return true;
  }

  /// Whether it is left alone now. Once the pause is over it is asked as if it were well, else
  /// nobody would ever find out while another one is.
  public synchronized boolean isOpen(Duration now) {
    return faults >= FAULTS && now.compareTo(closedFrom) < 0;
  }

  public synchronized void answered() {
    faults = 0;
    pause = FIRST;
  }

  public synchronized void failed(Duration now) {
    faults++;
    if (faults >= FAULTS) {
      closedFrom = now.plus(pause);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    }
  }
}
