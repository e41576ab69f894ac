package dev.carillon.gateway.asset;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.StreamSink;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import okhttp3.Response;

/// Answers with a kept file, whole or in part. It is streamed, and browsers are told to take it for
/// nothing but what it is: scripts in it do not run, and what is no picture, video or sound is only
/// downloaded.
final class FileAnswer {
  private static final int PIECE = 64 * 1024;
  private static final Predicate<String> IS_RANGE =
      Pattern.compile("bytes=[0-9, -]{1,200}").asMatchPredicate();
  private static final Pattern MEDIA = Pattern.compile("(video|image|audio)/(?!svg)");

  /// Whatever the file holds.
  private static final Map<String, String> GUARDED =
      Map.of(
          "Content-Security-Policy", "default-src 'none'; sandbox",
          "Cross-Origin-Resource-Policy", "cross-origin",
          "Referrer-Policy", "no-referrer");

  private static final Duration LONGEST_CACHE = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofSeconds(2);

  private final AssetStore store;
  private final InstantSource clock;

  FileAnswer(AssetStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /// What is asked for.
  ///
  /// @param fileName what a browser saves it as
  /// @param until when the link that led here ends
  record Wanted(AssetKey key, String sha256, String extension, String fileName, Instant until) {}

  Reply answer(Call call, Wanted wanted) {
    try {
      long length =
          store
              .length(wanted.key())
              .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "There is no such file."));
      return answer(call, wanted, length);
    } catch (IOException storage) {
      throw new Problem(ErrorCode.UNAVAILABLE, "The storage does not answer, ask again soon.")
          .retryAfter(SOON);
    }
  }

  private Reply answer(Call call, Wanted wanted, long length) throws IOException {
    Sniffed type = Sniffed.ofExtension(wanted.extension());
    var ask =
        new MediaAsk(
            call.method(),
            wanted.fileName(),
            call.header("Range"),
            call.header("If-None-Match"),
            call.header("If-Range"));
    var kept = new Served.Kept(length, wanted.sha256(), type.contentType());
    Served served = Served.of(ask, kept, headers(wanted, type));
    if (served.slice().isEmpty()) {
      return new Reply.Empty(served.status(), served.headers());
    }
    Served.Slice slice = served.slice().get();
    Map<String, String> headers = new LinkedHashMap<>(served.headers());
    headers.put("Content-Length", Long.toString(slice.length()));
    // The front door leaves the body of HEAD out, so nothing is opened for it.
    StreamSink.Body body =
        call.method().equals("HEAD")
            ? _ -> {}
            : sent(store.open(wanted.key(), slice.from(), slice.length()));
    return new Reply.Stream(served.status(), type.contentType(), headers, body);
  }

  /// Passes a file on that stays with its provider, or the part of it that the call's `Range` asks
  /// for, piece by piece, as fast as the caller reads.
  ///
  /// @param fetcher behind whose guard it is fetched
  static Reply passedOn(Call call, Fetcher fetcher, String url) throws InterruptedException {
    boolean head = call.method().equals("HEAD");
    Response file;
    try {
      file = fetcher.open(url, head ? Optional.empty() : call.header("Range").filter(IS_RANGE));
    } catch (AssetFault fault) {
      throw fault.word() == AssetFault.Word.GONE
          ? new Problem(ErrorCode.GONE, "The file's provider has it no longer.")
          : new Problem(ErrorCode.UNAVAILABLE, "The file's provider does not give it now.");
    }
    Map<String, String> headers = new LinkedHashMap<>(GUARDED);
    headers.put("Cache-Control", "private, no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    for (String name : List.of("Content-Length", "Content-Range", "Accept-Ranges")) {
      Optional.ofNullable(file.header(name)).ifPresent(value -> headers.put(name, value));
    }
    if (head || file.code() == 416) {
      file.close();
    }
    if (file.code() == 416) {
      headers.remove("Content-Length");
      return new Reply.Empty(416, headers);
    }
    String told = String.valueOf(file.header("Content-Type")).toLowerCase(Locale.ROOT);
    String type = MEDIA.matcher(told).lookingAt() ? told : "application/octet-stream";
    return new Reply.Stream(
        file.code(), type, headers, head ? _ -> {} : sent(file.body().byteStream()));
  }

  private static StreamSink.Body sent(InputStream file) {
    return sink -> {
      try (file) {
        byte[] piece = new byte[PIECE];
        for (int read = file.read(piece); read >= 0; read = file.read(piece)) {
          sink.send(read == PIECE ? piece : Arrays.copyOf(piece, read));
        }
      }
    };
  }

  private Map<String, String> headers(Wanted wanted, Sniffed type) {
    Duration left = Duration.between(clock.instant(), wanted.until());
    Duration cached = left.compareTo(LONGEST_CACHE) < 0 ? left : LONGEST_CACHE;
    String shown = type.use() == Sniffed.Use.MEDIA ? "inline" : "attachment";
    Map<String, String> headers = new LinkedHashMap<>(GUARDED);
    headers.put(
        "Cache-Control", "private, max-age=" + Math.max(0, cached.toSeconds()) + ", immutable");
    headers.put("Content-Disposition", "%s; filename=\"%s\"".formatted(shown, wanted.fileName()));
    return headers;
  }
}
