package dev.carillon.gateway.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import okhttp3.Dns;

/// Looks names up and refuses those of which any address is forbidden.
///
/// The system's resolver has no timeout and holds its thread, so look-ups run on platform threads
/// of their own, one at a time for each name, and nobody waits longer than the budget. When so many
/// names hang that no thread gets free, the fault is ours and is not charged.
final class GuardedDns implements Dns, AutoCloseable {
  private static final int THREADS = 256;

  /// Where addresses come from; the system's resolver in production.
  interface Resolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  private final Resolver resolver;
  private final Predicate<InetAddress> permitted;
  private final Duration budget;
  private final ConcurrentHashMap<String, FutureTask<List<InetAddress>>> underWay =
      new ConcurrentHashMap<>();
  private final ThreadPoolExecutor pool;

  GuardedDns(Resolver resolver, Predicate<InetAddress> permitted, Duration budget) {
    this.resolver = resolver;
    this.permitted = permitted;
    this.budget = budget;
    this.pool =
        new ThreadPoolExecutor(
            0,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("callback-lookup-", 0).factory(),
            this::awaitThread);
  }

  /// A burst of names waits a little for a thread.
  private void awaitThread(Runnable lookup, ThreadPoolExecutor full) {
    try {
      if (full.getQueue().offer(lookup, budget.toNanos() / 2, TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new RejectedExecutionException("all look-ups hang");
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    List<InetAddress> addresses = resolve(host);
    if (addresses.isEmpty()) {
      throw new UnknownHostException("no addresses");
    }
    if (!addresses.stream().allMatch(permitted)) {
      throw new BlockedAddressException();
    }
    return addresses;
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    try {
      return shared(host).get(budget.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new LookupException("timeout_dns");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LookupException("ours_shutdown");
    } catch (RejectedExecutionException e) {
      throw new LookupException("ours_dns");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new LookupException("ours_dns");
    }
  }

  private FutureTask<List<InetAddress>> shared(String host) {
    var fresh =
        new FutureTask<>(() -> {
          try {
            return resolver.resolve(host);
          } finally {
            underWay.remove(host);
          }
        });
    FutureTask<List<InetAddress>> present = underWay.putIfAbsent(host, fresh);
    if (present != null) {
      return present;
    }
    try {
      pool.execute(fresh);
    } catch (RejectedExecutionException e) {
      underWay.remove(host);
      throw e;
    }
    return fresh;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
