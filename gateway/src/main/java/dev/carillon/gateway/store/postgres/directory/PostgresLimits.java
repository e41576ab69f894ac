package dev.carillon.gateway.store.postgres.directory;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.LimitStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntUnaryOperator;

/// The limits of applications, remembered for a second, as every request asks for them. While an
/// application calls, they are read anew in the background, so its calls do not wait for that.
///
/// While the database cannot be read, the usual limits hold for an application that is not
/// remembered. Safe for many threads.
public final class PostgresLimits implements LimitStore {
  private static final int MOST = 50_000;
  private static final Duration FRESH = Duration.ofMillis(500);
  private static final Duration REMEMBERED = Duration.ofSeconds(1);
  private static final Executor READERS = task -> Thread.ofVirtual().name("limits").start(task);

  private final Ground ground;
  private final Told told;
  private final IntUnaryOperator portion;
  private final RateCounts counts;
  private final LoadingCache<ApplicationId, Limits> known;

  /// @param portion this node's part of a number
  public PostgresLimits(Ground ground, Told told, IntUnaryOperator portion) {
    this.ground = ground;
    this.portion = portion;
    this.told = told;
    this.counts = new RateCounts(ground.node());
    this.known =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .refreshAfterWrite(FRESH)
            .expireAfterWrite(REMEMBERED)
            .executor(READERS)
            .build(this::read);
  }

  private Limits read(ApplicationId application) {
    return ground.database().read(session -> LimitRows.of(session, application));
  }

  @Override
  public Limits of(ApplicationId application) {
    try {
      return known.get(application);
    } catch (StoreUnavailableException later) {
      return Limits.USUAL;
    }
  }

  @Override
  public void set(ApplicationId application, Limits limits) {
    ground.writer().run(new Act<>(batch -> LimitRows.write(batch.session(), application, limits)));
    known.invalidate(application);
    told.limits();
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public int portion(int whole) {
    return portion.applyAsInt(whole);
  }

  @Override
  public synchronized Map<String, Long> share(Map<String, Long> counted) {
    return ground.database().read(session -> counts.share(session, counted));
  }

  /// Reads all anew, as another node changed some.
  public void forgetAll() {
    known.invalidateAll();
  }
}
