package dev.carillon.acceptance.proof;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What was seen from outside, one line of JSON each, in the order it was seen: `ms` since the
/// beginning, `what`, and what belongs to it. Safe for many threads.
final class History implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Path file;
  private final BufferedWriter out; // guarded by the lock
  private final ReentrantLock lock = new ReentrantLock();
  private final long began = System.nanoTime();

  History(Path file) {
    this.file = file;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      this.out = Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Adds a line.
  ///
  /// @param fields name, value, name, value
  void note(String what, Object... fields) {
    var line = new LinkedHashMap<String, Object>();
    line.put("ms", millis());
    line.put("what", what);
    for (int i = 0; i < fields.length; i += 2) {
      line.put(fields[i].toString(), fields[i + 1]);
    }
    String text = json(line);
    lock.lock();
    try {
      out.write(text);
      out.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  /// Puts all lines on disk, for somebody who reads the file.
  void flush() {
    lock.lock();
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  long millis() {
    return (System.nanoTime() - began) / 1_000_000;
  }

  Path file() {
    return file;
  }

  /// Gives each line of a file to a reader, in order.
  static void each(Path file, Consumer<JsonNode> reader) throws IOException {
    try (var lines = Files.lines(file)) {
      lines.map(History::read).forEach(reader);
    }
  }

  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  static String json(Map<String, ?> fields) {
    return MAPPER.writeValueAsString(fields);
  }

  /// What stands for bytes, to compare them by.
  static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }
}
