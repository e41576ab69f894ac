package dev.carillon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One open connection to the feed. A thread reads ahead a little, so that a connection that died
/// without a word is noticed: the gateway is never silent for long.
public final class FeedConnection implements AutoCloseable {
  private static final int AHEAD = 64;

  private final InputStream stream;
  private final Thread reader;
  private final ArrayBlockingQueue<Read> read = new ArrayBlockingQueue<>(AHEAD);

  private sealed interface Read {
    record Message(FeedMessage message) implements Read {}

    record End(IOException why) implements Read {}
  }

  /// Begins to read.
  public FeedConnection(InputStream stream) {
    this.stream = stream;
    this.reader = Thread.ofVirtual().name("feed-reader").start(this::readAll);
  }

  /// The next message.
  ///
  /// @throws IOException when the connection ended, or nothing at all came within `silence`
  public FeedMessage next(Duration silence) throws IOException, InterruptedException {
    Read next = read.poll(silence.toNanos(), TimeUnit.NANOSECONDS);
    return switch (next) {
      case null -> throw new IOException("nothing came for " + silence.toSeconds() + " s");
      case Read.Message(var message) -> message;
      case Read.End(var why) -> throw why;
    };
  }

  /// Whether nothing more has come yet.
  boolean isIdle() {
    return read.isEmpty();
  }

  private void readAll() {
    try {
      read.put(new Read.End(readMessages()));
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /// Reads to the end and says what it was.
  private IOException readMessages() throws InterruptedException {
    try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      var block = new Block();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (block.told) {
            read.put(new Read.Message(block.message()));
          }
          block = new Block();
        } else {
          block.add(line);
        }
      }
      return new IOException("the gateway ended it");
    } catch (IOException broken) {
      return broken;
    }
  }

  /// The lines between two empty ones.
  private static final class Block {
    private String id = "";
    private String event = "";
    private final StringBuilder data = new StringBuilder();
    private boolean told;

    private void add(String line) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      switch (name) {
        case "id" -> id = value;
        case "event" -> event = value;
        case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
        default -> {
          return; // a comment, or what a later version may send
        }
      }
      told = true;
    }

    private FeedMessage message() {
      return new FeedMessage(id, event, data.toString());
    }
  }

  @Override
  public void close() {
    reader.interrupt();
    try {
      stream.close();
    } catch (IOException gone) {
      // That is what was wanted.
    }
  }
}
