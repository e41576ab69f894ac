package dev.carillon.gateway.openai.passthrough;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// Notices callers that hang up while their provider says nothing: one thread looks at all of them,
/// a few times a second. Bounded by the requests under way.
public final class HangUps implements AutoCloseable {
  private static final Duration ROUND = Duration.ofMillis(200);

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Thread rounds =
      Thread.ofVirtual().name("passthrough-hangups").unstarted(this::look);
  private volatile boolean open = true;

  /// One caller.
  final class Watch implements AutoCloseable {
    private final BooleanSupplier gone;
    private final Runnable then;

    private Watch(BooleanSupplier gone, Runnable then) {
      this.gone = gone;
      this.then = then;
    }

    @Override
    public void close() {
      watches.remove(this);
    }
  }

  /// Begins to look. Twice is harmless.
  public void start() {
    if (rounds.getState() == Thread.State.NEW) {
      rounds.start();
    }
  }

  /// @param then run once when the caller is gone; must not block
  Watch watch(BooleanSupplier gone, Runnable then) {
    var watch = new Watch(gone, then);
    watches.add(watch);
    return watch;
  }

  private void look() {
    try {
      while (open) {
        Thread.sleep(ROUND);
        List<Watch> gone = watches.stream().filter(watch -> watch.gone.getAsBoolean()).toList();
        gone.stream().filter(watches::remove).forEach(watch -> watch.then.run());
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    open = false;
    rounds.interrupt();
  }
}
