package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.AssetFault.Word;
import dev.carillon.gateway.domain.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies one file, and tries again for as long as its source may still have it.
final class Copier {
  private static final Logger log = LoggerFactory.getLogger(Copier.class);
  private static final int MOST_DOUBLINGS = 20;

  private final AssetConfig.Copying limits;
  private final Fetcher fetcher;
  private final Shelf shelf;
  private final InstantSource clock;
  private final Semaphore slots;

  Copier(AssetConfig.Copying limits, Fetcher fetcher, Shelf shelf, InstantSource clock) {
    this.limits = limits;
    this.fetcher = fetcher;
    this.shelf = shelf;
    this.clock = clock;
    this.slots = new Semaphore(limits.atOnce(), true);
  }

  /// What is to be copied.
  ///
  /// @param deadline when to give up
  record Job(TaskId task, int index, String url, Instant deadline) {}

  /// What it came to.
  sealed interface Copied {
    record Kept(Name name, long bytes) implements Copied {}

    record Left(Word why) implements Copied {}
  }

  /// How many files may be fetched now beside those that are.
  int free() {
    return slots.availablePermits();
  }

  Copied copy(Job job) throws InterruptedException {
    Optional<Staged> staged = Optional.empty();
    try {
      for (int failures = 0; true; failures++) {
        try {
          Staged file = staged.isPresent() ? staged.get() : fetch(job);
          staged = Optional.of(file);
          Name name = Name.of(Name.COPIED, job.index(), file);
          shelf.keep(Shelf.of(job.task()).file(name.toString()), file);
          return new Copied.Kept(name, file.bytes());
        } catch (AssetFault fault) {
          Duration pause = pause(failures, fault);
          boolean again = fault.passes() && clock.instant().plus(pause).isBefore(job.deadline());
          tell(job, fault, again);
          if (!again) {
            return new Copied.Left(fault.word());
          }
          Thread.sleep(pause);
        }
      }
    } finally {
      staged.ifPresent(shelf.staging()::discard);
    }
  }

  /// Keeps a staged file, and tries again while the storage does not take it.
  ///
  /// @throws AssetFault when it took nothing in time
  void keep(Job job, Name name, Staged file) throws AssetFault, InterruptedException {
    for (int failures = 0; true; failures++) {
      try {
        shelf.keep(Shelf.of(job.task()).file(name.toString()), file);
        return;
      } catch (AssetFault fault) {
        Duration pause = pause(failures, fault);
        boolean again = clock.instant().plus(pause).isBefore(job.deadline());
        tell(job, fault, again);
        if (!again) {
          throw fault;
        }
        Thread.sleep(pause);
      }
    }
  }

  /// Waits for room on our disk as [#keep] does for the storage. Interrupted, it gives up and
  /// leaves the thread so.
  Staging.Patience patience(Job job) {
    return (failures, fault) -> {
      Duration pause = pause(failures, fault);
      boolean again = clock.instant().plus(pause).isBefore(job.deadline());
      tell(job, fault, again);
      if (!again) {
        throw fault;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        throw fault;
      }
    };
  }

  private Staged fetch(Job job) throws AssetFault, InterruptedException {
    if (!shelf.staging().hasRoom(0)) {
      // Nothing is fetched that could not be put down; it is tried again as for any such fault.
      throw new AssetFault(Word.STORAGE, "no room to stage it");
    }
    slots.acquire();
    try {
      Duration left = Duration.between(clock.instant(), job.deadline());
      if (!left.isPositive()) {
        throw new AssetFault(Word.TIMEOUT, "no time was left");
      }
      return fetcher.fetch(
          job.url(), left.compareTo(limits.attempt()) < 0 ? left : limits.attempt());
    } finally {
      slots.release();
    }
  }

  private Duration pause(int failures, AssetFault fault) {
    Duration longest = AssetConfig.Copying.LONGEST_PAUSE;
    Duration ours = limits.firstPause().multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    Duration usual = ours.compareTo(longest) < 0 ? ours : longest;
    return fault.retryAfter().filter(asked -> asked.compareTo(usual) > 0).orElse(usual);
  }

  /// The address may be a secret, so it is not told.
  private static void tell(Job job, AssetFault fault, boolean again) {
    log.warn(
        "asset.{} task={} index={} why={} detail=\"{}\"",
        again ? "retry" : "left",
        job.task(),
        job.index(),
        fault.word(),
        fault.getMessage());
  }
}
