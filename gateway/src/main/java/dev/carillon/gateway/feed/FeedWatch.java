package dev.carillon.gateway.feed;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.Bell;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One reader's view of an application's feed. News that comes while the reader reads is not lost:
/// the next wait ends at once. Used by one thread.
final class FeedWatch implements AutoCloseable, Waiting.Watcher {
  private final Semaphore news = new Semaphore(0);
  private final Bell.Listening listening;
  private final Consumer<FeedWatch> closed;

  FeedWatch(Bell bell, ApplicationId application, Consumer<FeedWatch> closed) {
    this.closed = closed;
    this.listening = bell.listenToFeed(application, this::wake);
  }

  /// Waits until the feed may have grown: the bell rang, or `longest` or the floor passed.
  void await(Duration longest) throws InterruptedException {
    Duration patience = longest.compareTo(Waiting.FLOOR) < 0 ? longest : Waiting.FLOOR;
    var _ = news.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    news.drainPermits();
  }

  @Override
  public void wake() {
    if (news.availablePermits() == 0) {
      news.release();
    }
  }

  @Override
  public void close() {
    closed.accept(this);
    listening.close();
  }
}
