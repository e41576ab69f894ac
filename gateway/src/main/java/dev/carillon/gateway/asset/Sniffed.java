package dev.carillon.gateway.asset;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a file is by its own first bytes, whatever its sender called it.
///
/// @param contentType the media type it is served with
/// @param extension without a dot
/// @param use what may be done with it
record Sniffed(String contentType, String extension, Use use) {
  /// How many bytes are looked at.
  static final int HEAD_BYTES = 512;

  /// Kinds of files.
  enum Use {
    /// Picture, video or sound: shown by browsers, and taken as an upload.
    MEDIA,
    /// Anything else: only ever downloaded.
    DOWNLOAD,
    /// A web page, most likely an error told with status 200: not kept.
    PAGE
  }

  private static final Sniffed UNKNOWN =
      new Sniffed("application/octet-stream", "bin", Use.DOWNLOAD);
  private static final Sniffed PAGE = new Sniffed("text/html", "html", Use.PAGE);

  /// Types that begin with fixed bytes; a dot stands for any byte.
  private static final List<Magic> MAGICS =
      List.of(
          media("\u0089PNG\r\n\u001a\n", "image/png", "png"),
          media("\u00ff\u00d8\u00ff", "image/jpeg", "jpg"),
          media("GIF87a", "image/gif", "gif"),
          media("GIF89a", "image/gif", "gif"),
          media("RIFF....WEBP", "image/webp", "webp"),
          media("RIFF....WAVE", "audio/wav", "wav"),
          media("RIFF....AVI ", "video/x-msvideo", "avi"),
          media("II*\0", "image/tiff", "tiff"),
          media("MM\0*", "image/tiff", "tiff"),
          media("ID3", "audio/mpeg", "mp3"),
          media("fLaC", "audio/flac", "flac"),
          media("OggS", "audio/ogg", "ogg"),
          media("FORM....AIFF", "audio/aiff", "aiff"),
          download("MThd\0\0\0\u0006", "audio/midi", "mid"),
          download("glTF", "model/gltf-binary", "glb"),
          download("%PDF-", "application/pdf", "pdf"),
          download("PK\u0003\u0004", "application/zip", "zip"),
          download("\u001f\u008b", "application/gzip", "gz"));

  private static final Map<String, Sniffed> BRANDS =
      Map.of(
          "avif", of("image/avif", "avif"),
          "avis", of("image/avif", "avif"),
          "heic", of("image/heic", "heic"),
          "heix", of("image/heic", "heic"),
          "mif1", of("image/heif", "heif"),
          "M4A ", of("audio/mp4", "m4a"),
          "M4B ", of("audio/mp4", "m4a"),
          "qt  ", of("video/quicktime", "mov"));

  private record Magic(String bytes, Sniffed found) {
    boolean begins(String head) {
      if (head.length() < bytes.length()) {
        return false;
      }
      for (int i = 0; i < bytes.length(); i++) {
        if (bytes.charAt(i) != '.' && bytes.charAt(i) != head.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }

  private static Magic media(String bytes, String type, String extension) {
    return new Magic(bytes, of(type, extension));
  }

  private static Magic download(String bytes, String type, String extension) {
    return new Magic(bytes, new Sniffed(type, extension, Use.DOWNLOAD));
  }

  private static Sniffed of(String type, String extension) {
    return new Sniffed(type, extension, Use.MEDIA);
  }

  /// Looks at the beginning of a file.
  ///
  /// @param first at most [#HEAD_BYTES] bytes; fewer only when the file is shorter
  static Sniffed of(byte[] first) {
    String head = new String(first, StandardCharsets.ISO_8859_1);
    return MAGICS.stream()
        .filter(magic -> magic.begins(head))
        .map(Magic::found)
        .findFirst()
        .or(() -> isoFile(head))
        .or(() -> matroska(head))
        .or(() -> bitmap(first, head))
        .or(() -> frames(first))
        .orElseGet(() -> isPage(head) ? PAGE : UNKNOWN);
  }

  /// The type a kept file has by its name, as that was chosen by its bytes.
  static Sniffed ofExtension(String extension) {
    return MAGICS.stream()
        .map(Magic::found)
        .filter(known -> known.extension.equals(extension))
        .findFirst()
        .or(() ->
            BRANDS.values().stream().filter(known -> known.extension.equals(extension)).findFirst())
        .orElseGet(() ->
            switch (extension) {
              case "mp4" -> of("video/mp4", "mp4");
              case "webm" -> of("video/webm", "webm");
              case "mkv" -> of("video/x-matroska", "mkv");
              case "bmp" -> of("image/bmp", "bmp");
              case "aac" -> of("audio/aac", "aac");
              default -> UNKNOWN;
            });
  }

  /// ISO base media: a box `ftyp` whose major brand tells the rest.
  private static Optional<Sniffed> isoFile(String head) {
    return head.length() >= 12 && head.startsWith("ftyp", 4)
        ? Optional.of(BRANDS.getOrDefault(head.substring(8, 12), of("video/mp4", "mp4")))
        : Optional.empty();
  }

  private static Optional<Sniffed> matroska(String head) {
    if (!head.startsWith("\u001aE\u00df\u00a3")) {
      return Optional.empty();
    }
    boolean web = head.substring(0, Math.min(head.length(), 64)).contains("webm");
    return Optional.of(web ? of("video/webm", "webm") : of("video/x-matroska", "mkv"));
  }

  /// Two letters alone would take in many texts; the size of the header that follows is one of few.
  private static Optional<Sniffed> bitmap(byte[] first, String head) {
    boolean known =
        head.startsWith("BM") && first.length >= 18 && (first[14] == 40 || first[14] >= 108);
    return known && first[15] == 0 && first[16] == 0 && first[17] == 0
        ? Optional.of(of("image/bmp", "bmp"))
        : Optional.empty();
  }

  /// Sound without a header of its own: frames of MPEG audio or AAC.
  private static Optional<Sniffed> frames(byte[] first) {
    if (first.length < 4 || first[0] != (byte) 0xFF || (first[1] & 0xE0) != 0xE0) {
      return Optional.empty();
    }
    if ((first[1] & 0xF6) == 0xF0) {
      return Optional.of(of("audio/aac", "aac"));
    }
    boolean layer = (first[1] & 0x06) != 0 && (first[1] & 0x18) != 0x08;
    boolean rate = (first[2] & 0xF0) != 0xF0 && (first[2] & 0x0C) != 0x0C;
    return layer && rate ? Optional.of(of("audio/mpeg", "mp3")) : Optional.empty();
  }

  private static boolean isPage(String head) {
    String text = head.stripLeading().toLowerCase(Locale.ROOT);
    return text.startsWith("<!doctype html") || text.startsWith("<html") || text.contains("<head");
  }
}
