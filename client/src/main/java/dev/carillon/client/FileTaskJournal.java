package dev.carillon.client;

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
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A journal in a file of one line an act. What was begun is on the disk before it is submitted.
/// While nothing is open the file is emptied, so that it stays small. The file is locked: a second
/// program is refused.
public final class FileTaskJournal implements TaskJournal, AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final FileChannel channel;
  private final MemoryTaskJournal open = new MemoryTaskJournal();
  private boolean empty; // guarded by this

  /// Opens or begins one.
  ///
  /// @throws TaskJournalException when it is damaged, cannot be written, or another program has it
  public FileTaskJournal(Path file) {
    this.file = file;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new TaskJournalException("the journal " + file + " cannot be opened", e);
    }
    try {
      lock();
      channel.truncate(read());
      channel.position(channel.size());
      empty = channel.size() == 0;
    } catch (IOException e) {
      close();
      throw new TaskJournalException("the journal " + file + " cannot be read", e);
    } catch (TaskJournalException e) {
      close();
      throw e;
    }
  }

  private void lock() throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // told below
    }
    throw new TaskJournalException("another program uses the journal " + file);
  }

  /// @return the length of what is whole: a program that died may have left half a line
  private long read() throws IOException {
    long whole = 0;
    long size = Files.size(file);
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        long end = whole + line.getBytes(StandardCharsets.UTF_8).length + 1;
        if (end > size) {
          break;
        }
        take(line);
        whole = end;
      }
    }
    return whole;
  }

  private void take(String line) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JacksonException e) {
      throw new IOException("damaged: " + line, e);
    }
    String key = json.path("key").asString("");
    if (json.has("begin")) {
      JsonNode begun = json.path("begin");
      open.begin(
          new Entry(
              key,
              begun.path("service").asString(""),
              begun.path("endpoint").asString(""),
              begun.path("body").asString("{}"),
              ""));
    } else if (json.has("task")) {
      open.submitted(key, json.path("task").asString(""));
    } else {
      open.done(key);
    }
  }

  @Override
  public synchronized void begin(Entry entry) {
    ObjectNode line = JSON.createObjectNode().put("key", entry.key());
    line.putObject("begin")
        .put("service", entry.service())
        .put("endpoint", entry.endpoint())
        .put("body", entry.body());
    open.begin(entry);
    write(line, true);
  }

  @Override
  public synchronized void submitted(String key, String taskId) {
    open.submitted(key, taskId);
    write(JSON.createObjectNode().put("key", key).put("task", taskId), false);
  }

  @Override
  public synchronized void done(String key) {
    open.done(key);
    if (!open.open().isEmpty()) {
      write(JSON.createObjectNode().put("key", key).put("done", true), false);
    } else if (!empty) {
      try {
        channel.truncate(0);
        empty = true;
      } catch (IOException e) {
        throw new TaskJournalException("the journal " + file + " cannot be written", e);
      }
    }
  }

  /// The lost end of what is not forced to the disk is found again: an id by its key, and a task
  /// that is done by looking.
  private void write(ObjectNode line, boolean force) {
    try {
      var bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (force) {
        channel.force(false);
      }
      empty = false;
    } catch (IOException e) {
      throw new TaskJournalException("the journal " + file + " cannot be written", e);
    }
  }

  @Override
  public List<Entry> open() {
    return open.open();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new TaskJournalException("the journal " + file + " cannot be closed", e);
    }
  }
}
