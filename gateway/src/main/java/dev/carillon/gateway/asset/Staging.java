package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.AssetFault.Word;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder in which files are complete before they are kept: written in pieces, measured, hashed,
/// looked at and brought to the disk. What a dead process left here is deleted later.
///
/// What is staged is bounded: while the storage takes nothing, files would pile up here until the
/// disk is full, and with it the database.
public final class Staging {
  private static final Logger log = LoggerFactory.getLogger(Staging.class);
  private static final int PIECE = 64 * 1024;

  /// Longer than any copy or upload may take.
  private static final Duration LEFT_OVER = Duration.ofHours(3);

  /// After how many bytes of a file the free space of the disk is looked at again.
  private static final long LOOK = 16L << 20;

  private final Path folder;
  private final Bounds bounds;
  private final Disk disk;
  private final Map<Path, Long> staged = new ConcurrentHashMap<>();
  private final AtomicLong total = new AtomicLong();

  /// How much may be staged.
  ///
  /// @param mostBytes `asset.staged-bytes`: of all files that are copied or uploaded
  /// @param leastFree `asset.free-bytes`: what is left free of the disk
  public record Bounds(long mostBytes, long leastFree) {
    public static final Bounds NONE = new Bounds(Long.MAX_VALUE, 0);
  }

  /// Knows how many bytes are free.
  interface Disk {
    long free() throws IOException;
  }

  /// What becomes of a write when the disk takes nothing more.
  interface Patience {
    Patience NONE =
        (_, fault) -> {
          throw fault;
        };

    /// Returns when it may be tried again.
    ///
    /// @param failures before this one
    void after(int failures, AssetFault fault) throws AssetFault;
  }

  /// @param folder made where it is missing; on the disk of a local store
  public Staging(Path folder, Bounds bounds) {
    this(folder, bounds, () -> Files.getFileStore(folder).getUsableSpace());
  }

  Staging(Path folder, Bounds bounds, Disk disk) {
    this.folder = folder;
    this.bounds = bounds;
    this.disk = disk;
    try {
      Files.createDirectories(folder);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot make the folder " + folder, unwritable);
    }
  }

  /// Whether another file of this length may be staged now, as far as can be told.
  boolean hasRoom(long bytes) {
    return total.get() + bytes <= bounds.mostBytes() && free() >= bounds.leastFree() + bytes;
  }

  /// How many bytes are staged now.
  public long bytes() {
    return total.get();
  }

  private long free() {
    try {
      return disk.free();
    } catch (IOException unknown) {
      return Long.MAX_VALUE / 2; // then writing tells
    }
  }

  /// Writes a stream to its end.
  ///
  /// @param maxBytes more are refused as soon as they come
  /// @throws AssetFault when it may not be kept, or the disk does not take it
  /// @throws IOException what the stream itself throws
  Staged write(InputStream bytes, long maxBytes) throws IOException {
    return write(bytes, new Rule(maxBytes, false, true, Patience.NONE));
  }

  /// @param mediaOnly whether anything but pictures, videos and sounds is refused
  Staged write(InputStream bytes, long maxBytes, boolean mediaOnly) throws IOException {
    return write(bytes, new Rule(maxBytes, mediaOnly, true, Patience.NONE));
  }

  /// Writes what nobody can fetch again, so it counts and is not bounded: whoever takes such bytes
  /// in does so for a bounded number at a time.
  ///
  /// @param patience when the disk is full
  Staged writeUnique(InputStream bytes, long maxBytes, Patience patience) throws IOException {
    return write(bytes, new Rule(maxBytes, false, false, patience));
  }

  private Staged write(InputStream bytes, Rule rule) throws IOException {
    Path path = folder.resolve(UUID.randomUUID() + ".part");
    try {
      return write(path, bytes, rule);
    } catch (IOException | RuntimeException | Error failed) {
      delete(path);
      throw failed;
    }
  }

  private Staged write(Path path, InputStream bytes, Rule rule) throws IOException {
    MessageDigest digest = sha256();
    byte[] head = bytes.readNBytes(Sniffed.HEAD_BYTES);
    Sniffed sniffed = checked(head, rule);
    byte[] piece = Arrays.copyOf(head, PIECE);
    long length = 0;
    try (var file = opened(path)) {
      for (int read = head.length; read >= 0; read = bytes.read(piece)) {
        reserve(path, length, read, rule);
        length += read;
        if (length > rule.maxBytes) {
          throw new AssetFault(Word.TOO_LARGE, "more than " + rule.maxBytes + " bytes");
        }
        digest.update(piece, 0, read);
        ByteBuffer rest = ByteBuffer.wrap(piece, 0, read);
        tried(rule, () -> put(file, rest));
      }
      tried(rule, () -> force(file));
    }
    return new Staged(path, length, HexFormat.of().formatHex(digest.digest()), sniffed);
  }

  private void reserve(Path path, long before, int bytes, Rule rule) throws AssetFault {
    staged.merge(path, (long) bytes, Long::sum);
    long all = total.addAndGet(bytes);
    boolean looks = before / LOOK != (before + bytes) / LOOK || before == 0;
    if (rule.bounded && all > bounds.mostBytes()) {
      throw new AssetFault(Word.STORAGE, "more than " + bounds.mostBytes() + " bytes are staged");
    }
    if (looks) {
      tried(rule, this::requireFree);
    }
  }

  private void requireFree() throws AssetFault {
    if (free() < bounds.leastFree()) {
      throw new AssetFault(Word.STORAGE, "the disk has less than " + bounds.leastFree() + " free");
    }
  }

  private interface Act {
    void run() throws AssetFault;
  }

  /// What the disk did not take is tried again as long as the rule has patience.
  private static void tried(Rule rule, Act act) throws AssetFault {
    for (int failures = 0; true; failures++) {
      try {
        act.run();
        return;
      } catch (AssetFault full) {
        rule.patience.after(failures, full);
      }
    }
  }

  private record Rule(long maxBytes, boolean mediaOnly, boolean bounded, Patience patience) {}

  private static Sniffed checked(byte[] head, Rule rule) throws AssetFault {
    if (head.length == 0) {
      throw new AssetFault(Word.EMPTY, "no bytes");
    }
    Sniffed sniffed = Sniffed.of(head);
    if (sniffed.use() == Sniffed.Use.PAGE) {
      throw new AssetFault(Word.PAGE, "a web page");
    }
    if (rule.mediaOnly && sniffed.use() != Sniffed.Use.MEDIA) {
      throw new AssetFault(Word.NOT_MEDIA, sniffed.contentType());
    }
    return sniffed;
  }

  private static FileChannel opened(Path path) throws AssetFault {
    try {
      return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException disk) {
      throw storage(disk);
    }
  }

  private static void put(FileChannel file, ByteBuffer piece) throws AssetFault {
    try {
      while (piece.hasRemaining()) {
        file.write(piece);
      }
    } catch (IOException disk) {
      throw storage(disk);
    }
  }

  private static void force(FileChannel file) throws AssetFault {
    try {
      file.force(true);
    } catch (IOException disk) {
      throw storage(disk);
    }
  }

  private static AssetFault storage(IOException disk) {
    return new AssetFault(Word.STORAGE, String.valueOf(disk.getMessage()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("this Java has no SHA-256", impossible);
    }
  }

  /// Forgets a file that was kept, or is not wanted.
  void discard(Staged staged) {
    delete(staged.path());
  }

  private void delete(Path path) {
    Long bytes = staged.remove(path);
    total.addAndGet(bytes == null ? 0 : -bytes);
    try {
      Files.deleteIfExists(path);
    } catch (IOException later) {
      log.warn("asset.staging.left path={} reason=\"{}\"", path, later.getMessage());
    }
  }

  /// Deletes what a dead process left.
  void sweep(Instant now) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(LEFT_OVER))) {
          delete(file);
        }
      }
    } catch (IOException later) {
      log.warn("asset.staging.unswept reason=\"{}\"", later.getMessage());
    }
  }
}
