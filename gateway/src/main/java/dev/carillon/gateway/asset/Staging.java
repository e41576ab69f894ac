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
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder in which files are complete before they are kept: written in pieces, measured, hashed,
/// looked at and brought to the disk. What a dead process left here is deleted later.
public final class Staging {
  private static final Logger log = LoggerFactory.getLogger(Staging.class);
  private static final int PIECE = 64 * 1024;

  /// Longer than any copy or upload may take.
  private static final Duration LEFT_OVER = Duration.ofHours(3);

  private final Path folder;

  /// @param folder made where it is missing; on the disk of a local store
  public Staging(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot make the folder " + folder, unwritable);
    }
  }

  /// Writes a stream to its end.
  ///
  /// @param maxBytes more are refused as soon as they come
  /// @throws AssetFault when it may not be kept, or the disk does not take it
  /// @throws IOException what the stream itself throws
  Staged write(InputStream bytes, long maxBytes) throws IOException {
    return write(bytes, maxBytes, false);
  }

  /// @param mediaOnly whether anything but pictures, videos and sounds is refused
  Staged write(InputStream bytes, long maxBytes, boolean mediaOnly) throws IOException {
    Path path = folder.resolve(UUID.randomUUID() + ".part");
    try {
      return write(path, bytes, new Rule(maxBytes, mediaOnly));
    } catch (IOException | RuntimeException | Error failed) {
      delete(path);
      throw failed;
    }
  }

  private static Staged write(Path path, InputStream bytes, Rule rule) throws IOException {
    MessageDigest digest = sha256();
    byte[] head = bytes.readNBytes(Sniffed.HEAD_BYTES);
    Sniffed sniffed = checked(head, rule);
    byte[] piece = Arrays.copyOf(head, PIECE);
    long length = 0;
    try (var file = opened(path)) {
      for (int read = head.length; read >= 0; read = bytes.read(piece)) {
        length += read;
        if (length > rule.maxBytes) {
          throw new AssetFault(Word.TOO_LARGE, "more than " + rule.maxBytes + " bytes");
        }
        digest.update(piece, 0, read);
        put(file, ByteBuffer.wrap(piece, 0, read));
      }
      force(file);
    }
    return new Staged(path, length, HexFormat.of().formatHex(digest.digest()), sniffed);
  }

  private record Rule(long maxBytes, boolean mediaOnly) {}

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

  private static void delete(Path path) {
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
