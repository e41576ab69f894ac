package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.AssetKey.Folder;
import dev.carillon.gateway.asset.AssetKey.Kind;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.TaskId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes files that nobody has a right to any more: those of tasks that were purged or deleted,
/// whenever that was and however the process ended since; uploads past their time; what a dead
/// process left half written. It goes by what the ledger says and keeps no list of its own.
public final class Sweeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration ROUND = Duration.ofHours(1);

  /// A task may get its first file before its row is seen everywhere.
  private static final Duration YOUNG = Duration.ofMinutes(10);

  private final AssetStore store;
  private final Staging staging;
  private final Predicate<TaskId> exists;
  private final AssetConfig.Uploads uploads;
  private final InstantSource clock;
  private final AssetListener listener;
  private Optional<Thread> loop = Optional.empty();

  /// @param exists whether the ledger has a task, open or ended
  public Sweeper(
      AssetKeeper.Parts parts,
      Predicate<TaskId> exists,
      AssetConfig.Uploads uploads,
      InstantSource clock) {
    this.store = parts.store();
    this.staging = parts.staging();
    this.listener = parts.listener();
    this.exists = exists;
    this.uploads = uploads;
    this.clock = clock;
  }

  /// Begins to sweep. Twice is harmless.
  public synchronized void start() {
    if (loop.isEmpty()) {
      loop = Optional.of(Thread.ofVirtual().name("asset-sweeper").start(this::rounds));
    }
  }

  private void rounds() {
    try {
      Thread.sleep(FIRST);
      while (true) {
        sweep();
        Thread.sleep(ROUND);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /// One round.
  void sweep() {
    try {
      Instant now = clock.instant();
      var gone = new AtomicInteger();
      store.folders(
          Kind.TASK,
          folder -> {
            if (isOrphan(folder, now)) {
              gone.addAndGet(removed(folder));
            }
          });
      store.folders(Kind.UPLOAD, folder -> gone.addAndGet(expired(folder, now)));
      staging.sweep(now);
      if (gone.get() > 0) {
        log.info("assets.swept count={}", gone.get());
        listener.swept(gone.get());
      }
    } catch (IOException | RuntimeException later) {
      log.warn("assets.unswept reason=\"{}\"", String.valueOf(later.getMessage()));
    }
  }

  private boolean isOrphan(Folder folder, Instant now) {
    UUID id = UUID.fromString(folder.owner());
    return madeAt(id).isBefore(now.minus(YOUNG)) && !exists.test(new TaskId(id));
  }

  private static Instant madeAt(UUID id) {
    return Instant.ofEpochMilli(Ids.millisOf(id));
  }

  private int removed(Folder folder) {
    try {
      store.removeAll(folder);
      return 1;
    } catch (IOException later) {
      log.warn("asset.unforgotten folder={} reason=\"{}\"", folder.path(), later.getMessage());
      return 0;
    }
  }

  private int expired(Folder folder, Instant now) {
    int removed = 0;
    try {
      for (AssetStore.Entry entry : store.list(folder)) {
        Optional<Upload> upload = Upload.parse(entry);
        if (upload.filter(u -> !now.isBefore(u.until(uploads.keepFor()))).isPresent()) {
          store.remove(folder.file(entry.name()));
          removed++;
        }
      }
    } catch (IOException later) {
      log.warn("upload.unforgotten folder={} reason=\"{}\"", folder.path(), later.getMessage());
    }
    return removed;
  }

  @Override
  public synchronized void close() {
    loop.ifPresent(Thread::interrupt);
  }
}
