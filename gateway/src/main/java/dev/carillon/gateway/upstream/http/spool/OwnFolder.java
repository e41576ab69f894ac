package dev.carillon.gateway.upstream.http.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder of this process alone within one that several share: `ID`, beside `ID.lock`, which is
/// locked for as long as the process lives. The system lets the lock go when the process dies,
/// however it does; so a folder whose lock can be taken is surely nobody's, and is deleted.
///
/// A file system without locks deletes nothing: there nobody can tell who is dead.
final class OwnFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OwnFolder.class);
  private static final String LOCK = ".lock";

  /// Versions before this one put their files right here.
  private static final String FORMER = ".spool";

  private static final int TRIES = 5;

  /// Closing any channel to a file would let this process's own lock on it go, so a lock of ours is
  /// never opened again.
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path shared;
  private Optional<Own> own = Optional.empty(); // guarded by this

  private record Own(Path folder, Path lock, FileChannel channel) {}

  /// @param shared made when it is first needed
  OwnFolder(Path shared) {
    this.shared = shared.toAbsolutePath().normalize();
  }

  /// Its path; it is there.
  synchronized Path path() throws IOException {
    Own mine = own.isPresent() ? own.get() : made();
    own = Optional.of(mine);
    return Files.createDirectories(mine.folder());
  }

  private Own made() throws IOException {
    Files.createDirectories(shared);
    for (int tries = 0; tries < TRIES; tries++) {
      String id = UUID.randomUUID().toString();
      Path lock = shared.resolve(id + LOCK);
      OURS.add(lock);
      FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // Who sweeps may have taken it for a dead one's before it was locked.
      if (isLocked(channel) && Files.exists(lock)) {
        return new Own(Files.createDirectories(shared.resolve(id)), lock, channel);
      }
      channel.close();
      OURS.remove(lock);
    }
    throw new IOException("cannot lock a folder of " + shared);
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (IOException noLocks) {
      log.warn("upstream.spool.unlocked reason=\"{}\"", noLocks.getMessage());
      return true;
    }
  }

  /// Deletes the folders of dead processes.
  void sweep() throws IOException {
    if (!Files.isDirectory(shared)) {
      return;
    }
    for (Path lock : files(shared)) {
      if (lock.toString().endsWith(LOCK) && !OURS.contains(lock)) {
        sweep(lock);
      } else if (lock.toString().endsWith(FORMER)) {
        Files.deleteIfExists(lock);
      }
    }
  }

  private void sweep(Path lock) {
    try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        String name = String.valueOf(lock.getFileName());
        delete(shared.resolve(name.substring(0, name.length() - LOCK.length())));
        Files.deleteIfExists(lock);
      }
    } catch (IOException | OverlappingFileLockException unknown) {
      log.warn("upstream.spool.unswept reason=\"{}\"", unknown.getMessage());
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      for (Path file : files(folder)) {
        Files.deleteIfExists(file);
      }
      Files.delete(folder);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /// Deletes it. Twice is harmless; it is made again when it is needed again.
  @Override
  public synchronized void close() {
    Optional<Own> old = own;
    own = Optional.empty();
    old.ifPresent(mine -> {
      try (FileChannel _ = mine.channel()) {
        delete(mine.folder());
        Files.deleteIfExists(mine.lock());
      } catch (IOException later) {
        log.warn("upstream.spool.left reason=\"{}\"", later.getMessage());
      } finally {
        OURS.remove(mine.lock());
      }
    });
  }
}
