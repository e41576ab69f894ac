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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// A folder for the large parts of answers while they are read. Safe for many threads, and for many
/// processes that share the folder: each has one of its own in it.
///
/// All of them together are bounded, on the disk and in memory. Whoever enters has the disk for its
/// whole answer reserved before anything is paid for. An answer that is large even without its long
/// texts goes to the disk, too, and is read into memory when there is a place; that is waited for
/// once the answer is here, where waiting loses nothing.
public final class Spool implements AutoCloseable {
  /// Texts and bodies up to this many bytes stay in memory.
  public static final int SMALL = 256 * 1024;

  /// What of an answer stays in memory, at most.
  private static final int MOST_PLAIN = 16 << 20;

  /// What is taken back from files into one answer, at most.
  private static final int MOST_INLINE = 24 << 20;

  /// What an answer that is larger than [#SMALL] in memory counts as there.
  private static final int IN_MEMORY = MOST_PLAIN + MOST_INLINE;

  private static final int MOST = 1 << 20;
  private static final int PIECE = 64 * 1024;
  private static final String BODY = "spooled-body:";
  private static final String TEXT = "spooled-text:";
  private static final String PLAIN = "spooled-plain:";
  private static final Logger log = LoggerFactory.getLogger(Spool.class);

  private final OwnFolder folder;
  private final Limits limits;
  private final Semaphore places;
  private final Budget disk;
  private final Semaphore memory;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /// Bounds.
  ///
  /// @param mostBytes `provider.answer-bytes`: of one answer
  /// @param atOnce `provider.answers`: turns that have files here at the same time
  /// @param leastFree `asset.free-bytes`: of the disk, below which nobody enters
  /// @param all of all answers together
  public record Limits(long mostBytes, int atOnce, long leastFree, InAll all) {
    public static final Limits DEFAULTS = new Limits(256L << 20, 32);

    /// Whatever is free.
    public Limits(long mostBytes, int atOnce) {
      this(mostBytes, atOnce, 0);
    }

    /// As much as so many answers can have.
    public Limits(long mostBytes, int atOnce, long leastFree) {
      this(mostBytes, atOnce, leastFree, new InAll(mostBytes * atOnce, (long) IN_MEMORY * atOnce));
    }
  }

  /// Bounds of all answers together.
  ///
  /// @param disk `provider.spooled-bytes`: on the disk; at least those of one answer
  /// @param memory `provider.answer-memory`: of answers that are large in memory
  public record InAll(long disk, long memory) {}

  /// What was read.
  ///
  /// @param plain the body, or the JSON with marks for its long texts
  /// @param mark stands for the whole body where that went to a file
  @SuppressWarnings("ArrayRecordComponent") // handed over, and used by nobody else
  public record Taken(byte[] plain, Optional<String> mark) {}

  /// @param folder of nothing else; what dead processes left in it is deleted
  public Spool(Path folder, Limits limits) {
    this.folder = new OwnFolder(folder);
    this.limits = limits;
    this.places = new Semaphore(limits.atOnce(), true);
    this.disk = new Budget(Math.max(limits.all().disk(), limits.mostBytes()));
    this.memory = new Semaphore(Math.clamp(limits.all().memory() / IN_MEMORY, 1, MOST), true);
    try {
      this.folder.sweep();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot clear the folder " + folder, unreadable);
    }
  }

  /// Takes a place, and the disk, for what an owner is about to ask for, so that nothing is asked
  /// for that could not be put down. It is held until [#forget]; an owner that has one keeps it.
  ///
  /// @return false when there is none now
  public boolean enter(String owner) {
    Held old = held.get(owner);
    return old == null ? entered(owner).isPresent() : old.reserve(limits.mostBytes());
  }

  /// Where two of one owner came at once, one place is enough.
  private Optional<Held> entered(String owner) {
    if (!hasRoom() || !places.tryAcquire()) {
      return Optional.empty();
    }
    var mine = new Held(disk, memory);
    boolean reserved = mine.reserve(limits.mostBytes());
    Held other = reserved ? held.putIfAbsent(owner, mine) : mine;
    if (!reserved || other != null) {
      mine.end();
      places.release();
    }
    return reserved ? Optional.of(other == null ? mine : other) : Optional.empty();
  }

  private boolean hasRoom() {
    try {
      return Files.getFileStore(folder.path()).getUsableSpace() >= limits.leastFree();
    } catch (IOException unwritable) {
      log.warn("upstream.spool.unwritable reason=\"{}\"", unwritable.getMessage());
      return false;
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
      return new Taken(sifted(owner, counted), Optional.empty());
    }
    byte[] head = counted.readNBytes(SMALL + 1);
    if (head.length <= SMALL) {
      return new Taken(head, Optional.empty());
    }
    String mark = newMark(owner, BODY);
    try (OutputStream file = file(owner, mark)) {
      file.write(head);
      counted.transferTo(file);
    }
    held(owner).settle();
    return new Taken(new byte[0], Optional.of(mark));
  }

  /// The JSON without its long texts. What belongs to nobody has no place anywhere else, so it
  /// stays in memory.
  private byte[] sifted(String owner, InputStream json) throws IOException, InterruptedException {
    var mark = new AtomicReference<>("");
    int few = owner.isEmpty() ? MOST_PLAIN : SMALL;
    var plain =
        new Overflow(
            few,
            () -> {
              mark.set(newMark(owner, PLAIN));
              return file(owner, mark.get());
            });
    try (plain) {
      new JsonSieve(SMALL, MOST_PLAIN, outlet(owner, plain)).sift(json);
    }
    held(owner).settle(); // closing wrote the last of it
    if (!plain.isMany()) {
      return plain.few();
    }
    held(owner).enterMemory();
    return Files.readAllBytes(path(mark.get()));
  }

  private JsonSieve.Outlet outlet(String owner, OutputStream plain) {
    return new JsonSieve.Outlet() {
      @Override
      public OutputStream plain() {
        return plain;
      }

      @Override
      public String mark() throws IOException {
        return newMark(owner, TEXT);
      }

      @Override
      public OutputStream file(String mark) throws IOException {
        return Spool.this.file(owner, mark);
      }
    };
  }

  private String newMark(String owner, String kind) throws IOException {
    if (owner.isEmpty()) {
      throw new TooLargeException("the answer holds more than " + SMALL + " bytes in one piece");
    }
    Held old = held.get(owner);
    if (old == null) { // waiting here would cost the call its time
      old = entered(owner).orElseThrow(this::noPlace);
    }
    String mark = kind + UUID.randomUUID();
    old.marks().add(mark);
    return mark;
  }

  private IOException noPlace() {
    return new IOException(
        hasRoom()
            ? "there is no place for a large answer now"
            : "the disk has less than " + limits.leastFree() + " bytes free");
  }

  private Path path(String mark) throws IOException {
    return folder.path().resolve(mark.substring(mark.indexOf(':') + 1) + ".spool");
  }

  private OutputStream file(String owner, String mark) throws IOException {
    return new BufferedOutputStream(held(owner).counted(Files.newOutputStream(path(mark))), PIECE);
  }

  private boolean isMark(String owner, String text) {
    return held(owner).marks().contains(text);
  }

  private Held held(String owner) {
    return held.getOrDefault(owner, new Held(new Budget(0), memory));
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
  public String inlined(String owner, String text) throws IOException, InterruptedException {
    if (!text.startsWith(TEXT) || !isMark(owner, text)) {
      return text;
    }
    Held mine = held(owner);
    Path path = path(text);
    if (mine.inline(Files.size(path)) > MOST_INLINE) {
      throw new TooLargeException("its texts are larger than " + MOST_INLINE + " bytes");
    }
    mine.enterMemory();
    return JsonMapper.shared().readValue('"' + Files.readString(path) + '"', String.class);
  }

  /// Deletes all that belongs to an owner, whose turn is over.
  public void forget(String owner) {
    Held old = held.remove(owner);
    if (old == null) {
      return;
    }
    for (String mark : old.marks()) {
      try {
        Files.deleteIfExists(path(mark));
      } catch (IOException later) {
        log.warn("upstream.spool.left reason=\"{}\"", later.getMessage());
      }
    }
    old.end();
    places.release();
  }

  /// Deletes all that is here.
  @Override
  public void close() {
    folder.close();
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
