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
    var kept = new Served.Kept(file.length(), file.etag(), file.contentType());
    Served served = Served.of(ask, kept, Map.of("Cache-Control", FOR_EVER));
    var headers = new LinkedHashMap<>(served.headers());
    served
        .slice()
        .ifPresent(slice -> {
          headers.put("Content-Type", file.contentType());
          headers.put("Content-Length", Long.toString(slice.length()));
        });
    Optional<FileSlice> body =
        served.slice().map(slice -> new FileSlice(file.path(), slice.from(), slice.length()));
    return new MediaAnswer(served.status(), headers, head ? Optional.empty() : body);
  }
}
