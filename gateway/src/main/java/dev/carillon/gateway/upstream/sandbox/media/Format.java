package dev.carillon.gateway.upstream.sandbox.media;

import dev.carillon.gateway.upstream.sandbox.media.Recipe.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// The file formats the sandbox writes, and of what.
public enum Format {
  PNG("image/png", Set.of(Kind.PICTURE, Kind.GRID)),
  JPG("image/jpeg", Set.of(Kind.PICTURE, Kind.GRID)),
  MP4("video/mp4", Set.of(Kind.CLIP)),
  MP3("audio/mpeg", Set.of(Kind.SONG, Kind.SPEECH)),
  WAV("audio/wav", Set.of(Kind.SONG, Kind.SPEECH)),
  MID("audio/midi", Set.of(Kind.SONG));

  private final String contentType;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of makes sets nobody can change.
  private final Set<Kind> kinds;

  Format(String contentType, Set<Kind> kinds) {
    this.contentType = contentType;
    this.kinds = kinds;
  }

  /// The ending of the file's name, without a dot.
  public String extension() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /// The media type.
  public String contentType() {
    return contentType;
  }

  /// Whether such a recipe can be written in this format.
  public boolean suits(Kind kind) {
    return kinds.contains(kind);
  }

  /// The format with this ending.
  public static Optional<Format> ofExtension(String extension) {
    return Arrays.stream(values()).filter(each -> each.extension().equals(extension)).findFirst();
  }
}
