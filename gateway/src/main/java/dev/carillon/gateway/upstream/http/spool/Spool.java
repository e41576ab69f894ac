package dev.carillon.gateway.upstream.http.spool;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// A folder for the large parts of answers while they are read. Safe for many threads.
public final class Spool {
  /// Texts and bodies up to this many bytes stay in memory.
  public static final int SMALL = 256 * 1024;

  /// What of an answer stays in memory, at most.
  private static final int MOST_PLAIN = 16 << 20;

  /// What is taken back from files into one answer, at most.
  private static final int MOST_INLINE = 24 << 20;

  private static final int PIECE = 64 * 1024;
  private static final String BODY = "spooled-body:";
  private static final String TEXT = "spooled-text:";
  private static final Logger log = LoggerFactory.getLogger(Spool.class);

  private final Path folder;
  private final Limits limits;
  private final Semaphore places;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /// Bounds.
  ///
  /// @param mostBytes `provider.answer-bytes`: of one answer
  /// @param atOnce `provider.answers`: turns that have files here at the same time
  /// @param leastFree `asset.free-bytes`: of the disk, below which nobody enters
  public record Limits(long mostBytes, int atOnce, long leastFree) {
    public static final Limits DEFAULTS = new Limits(256L << 20, 32);

    /// Whatever is free.
    public Limits(long mostBytes, int atOnce) {
      this(mostBytes, atOnce, 0);
    }
  }

  /// What one owner has here.
  private record Held(List<String> marks, AtomicLong inlined) {
    Held() {
      this(new CopyOnWriteArrayList<>(), new AtomicLong());
    }
  }

  /// What was read.
  ///
  /// @param plain the body, or the JSON with marks for its long texts
  /// @param mark stands for the whole body where that went to a file
  @SuppressWarnings("ArrayRecordComponent") // handed over, and used by nobody else
  public record Taken(byte[] plain, Optional<String> mark) {}

  /// @param folder nobody else's; what a dead process left in it is deleted
  public Spool(Path folder, Limits limits) {
    this.folder = folder;
    this.limits = limits;
    this.places = new Semaphore(limits.atOnce(), true);
    if (Files.isDirectory(folder)) {
      sweep(folder);
    }
  }

  private static void sweep(Path folder) {
    try (Stream<Path> left = Files.list(folder)) {
      for (Path one : left.filter(path -> path.toString().endsWith(".spool")).toList()) {
        Files.deleteIfExists(one);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot clear the folder " + folder, unreadable);
    }
  }

  /// Takes a place for what an owner is about to ask for, so that nothing is asked for that could
  /// not be put down. It is held until [#forget]; an owner that has one keeps it.
  ///
  /// @return false when there is none now
  public boolean enter(String owner) {
    if (held.containsKey(owner)) {
      return true;
    }
    if (!hasRoom() || !places.tryAcquire()) {
      return false;
    }
    entered(owner);
    return true;
  }

  private boolean hasRoom() {
    try {
      Files.createDirectories(folder);
      return Files.getFileStore(folder).getUsableSpace() >= limits.leastFree();
    } catch (IOException unwritable) {
      log.warn("upstream.spool.unwritable reason=\"{}\"", unwritable.getMessage());
      return false;
    }
  }

  /// Where two of one owner came at once, one place is enough.
  private void entered(String owner) {
    if (held.putIfAbsent(owner, new Held()) != null) {
      places.release();
    }
  }

  /// Reads a body to its end.
  ///
  /// @param owner whose turn it is; a body that belongs to nobody must be small
  /// @param isJson whether to look for long texts within
  /// @throws TooLargeException when it is larger than may be
  public Taken take(String owner, InputStream body, boolean isJson)
      throws IOException, InterruptedException {
    var counted = new Counted(body, limits.mostBytes());
    if (isJson) {
      var sieve = new JsonSieve(SMALL, MOST_PLAIN, outlet(owner));
      return new Taken(sieve.sift(counted), Optional.empty());
    }
    byte[] head = counted.readNBytes(SMALL + 1);
    if (head.length <= SMALL) {
      return new Taken(head, Optional.empty());
    }
    String mark = newMark(owner, BODY);
    try (OutputStream file = file(mark)) {
      file.write(head);
      counted.transferTo(file);
    }
    return new Taken(new byte[0], Optional.of(mark));
  }

  private JsonSieve.Outlet outlet(String owner) {
    return new JsonSieve.Outlet() {
      @Override
      public String mark() throws IOException {
        return newMark(owner, TEXT);
      }

      @Override
      public OutputStream file(String mark) throws IOException {
        return Spool.this.file(mark);
      }
    };
  }

  private String newMark(String owner, String kind) throws IOException {
    if (owner.isEmpty()) {
      throw new TooLargeException("the answer holds more than " + SMALL + " bytes in one piece");
    }
    if (!held.containsKey(owner)) {
      if (!hasRoom()) {
        throw new IOException("the disk has less than " + limits.leastFree() + " bytes free");
      }
      if (!places.tryAcquire()) { // waiting here would cost the call its time
        throw new IOException("there is no place for a large answer now");
      }
      entered(owner);
    }
    String mark = kind + UUID.randomUUID();
    held(owner).marks().add(mark);
    return mark;
  }

  private Path path(String mark) {
    return folder.resolve(mark.substring(mark.indexOf(':') + 1) + ".spool");
  }

  private OutputStream file(String mark) throws IOException {
    Files.createDirectories(folder);
    return new BufferedOutputStream(Files.newOutputStream(path(mark)), PIECE);
  }

  private boolean isMark(String owner, String text) {
    return held(owner).marks().contains(text);
  }

  private Held held(String owner) {
    return held.getOrDefault(owner, new Held());
  }

  /// The bytes that a text of an answer means: those of the body its mark stands for; else it, or
  /// what its mark stands for, is base64.
  public InputStream bytes(String owner, String text) throws IOException {
    if (!isMark(owner, text)) {
      return Base64Text.decoded(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
    var file = new BufferedInputStream(Files.newInputStream(path(text)), PIECE);
    return text.startsWith(BODY) ? file : Base64Text.decoded(file);
  }

  /// A text of an answer as it came, where a mark stands for it.
  ///
  /// @throws TooLargeException when the texts of this owner are too long for an answer
  public String inlined(String owner, String text) throws IOException {
    if (!text.startsWith(TEXT) || !isMark(owner, text)) {
      return text;
    }
    Path path = path(text);
    if (held(owner).inlined().addAndGet(Files.size(path)) > MOST_INLINE) {
      throw new TooLargeException("its texts are larger than " + MOST_INLINE + " bytes");
    }
    return JsonMapper.shared().readValue('"' + Files.readString(path) + '"', String.class);
  }

  /// Deletes all that belongs to an owner, whose turn is over.
  public void forget(String owner) {
    Held old = held.remove(owner);
    if (old == null) {
      return;
    }
    places.release();
    for (String mark : old.marks()) {
      try {
        Files.deleteIfExists(path(mark));
      } catch (IOException later) {
        log.warn("upstream.spool.left reason=\"{}\"", later.getMessage());
      }
    }
  }

  /// Throws once there are more bytes than may be.
  private static final class Counted extends FilterInputStream {
    private final long most;
    private long count;

    Counted(InputStream in, long most) {
      super(in);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int one = in.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = in.read(into, from, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int bytes) throws IOException {
      count += bytes;
      if (count > most) {
        throw new TooLargeException("the answer is larger than " + most + " bytes");
      }
    }
  }
}
