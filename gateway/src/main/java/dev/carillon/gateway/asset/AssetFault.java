package dev.carillon.gateway.asset;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Why bytes did not become a kept file. Stays inside the room.
final class AssetFault extends IOException {
  private final Word word;
  private final transient Optional<Duration> retryAfter;

  /// What went wrong, in a word for logs and metrics.
  enum Word {
    /// The URL's text or its address may not be connected to.
    BLOCKED(false),
    /// The source says that there is no such file, or not for us.
    GONE(false),
    /// The source refused with another status that asking again does not change.
    REFUSED(false),
    /// It is larger than may be kept.
    TOO_LARGE(false),
    EMPTY(false),
    /// It is a web page.
    PAGE(false),
    /// It is no picture, video or sound, where only those are taken.
    NOT_MEDIA(false),
    /// It was sent in an encoding nobody asked for, and is never unpacked.
    ENCODED(false),
    /// Too many redirects, or one that leads nowhere.
    REDIRECT(false),
    /// The task has more files than are copied.
    TOO_MANY(false),
    /// The source did not answer, broke off, or has trouble.
    SOURCE(true),
    /// One try took too long.
    TIMEOUT(true),
    /// Our own storage did not take it.
    STORAGE(true);

    private final boolean passes;

    Word(boolean passes) {
      this.passes = passes;
    }
  }

  AssetFault(Word word, String detail) {
    this(word, detail, Optional.empty());
  }

  AssetFault(Word word, String detail, Optional<Duration> retryAfter) {
    super(detail);
    this.word = word;
    this.retryAfter = retryAfter;
  }

  Word word() {
    return word;
  }

  /// Whether another try may do better.
  boolean passes() {
    return word.passes;
  }

  /// The pause that the source asked for.
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
