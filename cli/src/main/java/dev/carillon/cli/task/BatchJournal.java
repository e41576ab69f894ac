package dev.carillon.cli.task;

import dev.carillon.cli.place.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a batch has done so far, one JSON object a line, beside its file. A request's key is on the
/// disk before the request is sent, so a batch that was killed anywhere goes on and pays nothing
/// twice. One process at a time writes it.
final class BatchJournal implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /// How far a request is.
  ///
  /// @param key its idempotency key, which may have been sent
  /// @param task its id; empty when no answer was written down
  /// @param end how it ended, as it stands in the results; missing while it has not
  record Entry(String key, String task, Optional<ObjectNode> end) {}

  private final Map<String, Entry> entries = new HashMap<>(); // guarded by this
  private final FileChannel channel;

  /// Opens or begins a journal.
  ///
  /// @throws CommandFailure when it cannot be read or written, or another process holds it
  BatchJournal(Path file) {
    FileChannel opened = null;
    try {
      opened =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      lock(opened, file);
      opened.truncate(read(file));
      opened.position(opened.size());
      channel = opened;
    } catch (IOException unusable) {
      closeQuietly(opened);
      throw new CommandFailure(
          CommandFailure.FAILED,
          "the journal %s cannot be used: %s".formatted(file, unusable.getMessage()));
    } catch (CommandFailure held) {
      closeQuietly(opened);
      throw held;
    }
  }

  private static void closeQuietly(@Nullable FileChannel opened) {
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (IOException unclosed) {
      // The first failure is the one to tell.
    }
  }

  private static void lock(FileChannel opened, Path file) throws IOException {
    FileLock lock;
    try {
      lock = opened.tryLock();
    } catch (OverlappingFileLockException ours) {
      lock = null;
    }
    if (lock == null) {
      throw new CommandFailure(
          CommandFailure.FAILED,
          "another batch is running on this file (it holds " + file + "); wait for its end");
    }
  }

  /// Reads what is there.
  ///
  /// @return the length of what is whole: a process that was killed may have left half a line
  private long read(Path file) throws IOException {
    long whole = 0;
    long size = Files.size(file);
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        long end = whole + text.getBytes(StandardCharsets.UTF_8).length + 1;
        if (end > size) {
          break;
        }
        try {
          take(JSON.readTree(text));
        } catch (JacksonException damaged) {
          throw new IOException("it is damaged at byte " + whole, damaged);
        }
        whole = end;
      }
    }
    return whole;
  }

  private void take(JsonNode json) {
    String line = json.path("line").asString("");
    Entry known = entries.getOrDefault(line, new Entry("", "", Optional.empty()));
    Optional<ObjectNode> before = json.has("again") ? Optional.empty() : known.end;
    Optional<ObjectNode> end =
        json.path("end") instanceof ObjectNode object ? Optional.of(object) : before;
    entries.put(
        line,
        new Entry(
            json.path("key").asString(known.key), json.path("task").asString(known.task), end));
  }

  synchronized Optional<Entry> find(BatchLine line) {
    return Optional.ofNullable(entries.get(line.content()));
  }

  /// The key of a request, on the disk when this returns. The same one as before if there was one.
  String sending(BatchLine line) {
    Optional<Entry> known = find(line);
    if (known.isPresent()) {
      return known.get().key;
    }
    String key = UUID.randomUUID().toString();
    write(line, CallerCommand.object().put("line", line.content()).put("key", key), true);
    return key;
  }

  void submitted(BatchLine line, String task) {
    write(line, CallerCommand.object().put("line", line.content()).put("task", task), false);
  }

  void ended(BatchLine line, ObjectNode end) {
    ObjectNode text = CallerCommand.object().put("line", line.content());
    text.set("end", end);
    write(line, text, false);
  }

  /// Forgets a request's end and its key, so that it is made anew.
  void again(BatchLine line) {
    String key = UUID.randomUUID().toString();
    ObjectNode text = CallerCommand.object().put("line", line.content()).put("key", key);
    write(line, text.put("task", "").put("again", true), true);
  }

  private synchronized void write(BatchLine line, ObjectNode text, boolean now) {
    try {
      var bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (now) {
        channel.force(false);
      }
      take(text);
    } catch (IOException full) {
      throw new CommandFailure(
          CommandFailure.FAILED,
          "the journal cannot be written (line %d): %s. Make room and run the same command again."
              .formatted(line.number(), full.getMessage()));
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
