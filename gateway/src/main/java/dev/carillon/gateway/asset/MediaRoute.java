package dev.carillon.gateway.asset;

import dev.carillon.gateway.domain.MediaSource;
import dev.carillon.gateway.domain.MediaSource.Media;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Decides how a request for a media file is answered (RFC 9110, sections 13 and 14).
public final class MediaRoute {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private final MediaSource source;

  public MediaRoute(MediaSource source) {
    this.source = source;
  }

  public MediaAnswer answer(MediaAsk ask) throws InterruptedException {
    boolean head = ask.method().equals("HEAD");
    if (!head && !ask.method().equals("GET")) {
      return new MediaAnswer(405, Map.of("Allow", "GET, HEAD"), Optional.empty());
    }
    int dot = ask.name().lastIndexOf('.');
    if (dot <= 0) {
      return nothing();
    }
    return switch (source.open(ask.name().substring(0, dot), ask.name().substring(dot + 1))) {
      case Media.Missing() -> nothing();
      case Media.Busy(var after) ->
          new MediaAnswer(
              503,
              Map.of("Retry-After", Long.toString(Math.max(1, after.toSeconds()))),
              Optional.empty());
      case Media.Ready file -> file(ask, file, head);
    };
  }

  private static MediaAnswer nothing() {
    return new MediaAnswer(404, Map.of(), Optional.empty());
  }

  private static MediaAnswer file(MediaAsk ask, Media.Ready file, boolean head) {
    String etag = '"' + file.etag() + '"';
    var headers = new LinkedHashMap<String, String>();
    headers.put("ETag", etag);
    headers.put("Cache-Control", FOR_EVER);
    headers.put("Accept-Ranges", "bytes");
    if (ask.ifNoneMatch().isPresent() && matches(ask.ifNoneMatch().get(), etag)) {
      return new MediaAnswer(304, headers, Optional.empty());
    }
    headers.put("X-Content-Type-Options", "nosniff");
    // A range of another version would be a wrong range, so a foreign If-Range asks for the whole
    // file. HEAD has no ranges (section 14.2).
    boolean sameVersion = ask.ifRange().isEmpty() || ask.ifRange().get().strip().equals(etag);
    var range = !head && sameVersion ? ask.range() : Optional.<String>empty();
    return switch (ByteRange.of(range, file.length())) {
      case ByteRange.Unsatisfiable() -> {
        headers.put("Content-Range", "bytes */" + file.length());
        yield new MediaAnswer(416, headers, Optional.empty());
      }
      case ByteRange.Part(long first, long last) -> {
        headers.put("Content-Range", "bytes " + first + "-" + last + "/" + file.length());
        yield sent(206, headers, file, new FileSlice(file.path(), first, last - first + 1));
      }
      case ByteRange.Whole() -> {
        var whole = new FileSlice(file.path(), 0, file.length());
        MediaAnswer answer = sent(200, headers, file, whole);
        yield head ? new MediaAnswer(200, answer.headers(), Optional.empty()) : answer;
      }
    };
  }

  private static MediaAnswer sent(
      int status, Map<String, String> headers, Media.Ready file, FileSlice slice) {
    headers.put("Content-Type", file.contentType());
    headers.put("Content-Length", Long.toString(slice.length()));
    return new MediaAnswer(status, headers, Optional.of(slice));
  }

  /// Weak comparison (section 8.8.3.2): a `W/` before a tag does not matter here.
  private static boolean matches(String field, String etag) {
    for (String each : field.split(",", -1)) {
      String tag = each.strip();
      if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag)) {
        return true;
      }
    }
    return false;
  }
}
