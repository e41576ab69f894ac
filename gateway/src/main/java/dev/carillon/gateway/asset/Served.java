package dev.carillon.gateway.asset;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which part of a file answers a request, and with which headers (RFC 9110, sections 13 and 14).
///
/// @param status 200, 206, 304 or 416
/// @param headers without `Content-Type` and `Content-Length`
/// @param slice the part; present with 200 and 206, also for `HEAD`
record Served(int status, Map<String, String> headers, Optional<Slice> slice) {

  /// A file that is there. Its bytes never change.
  ///
  /// @param length in bytes
  /// @param etag names its bytes; without quotes
  record Kept(long length, String etag, String contentType) {}

  /// Bytes of it.
  record Slice(long from, long length) {}

  /// @param more headers of every answer about this file
  static Served of(MediaAsk ask, Kept file, Map<String, String> more) {
    String etag = '"' + file.etag() + '"';
    var headers = new LinkedHashMap<>(more);
    headers.put("ETag", etag);
    headers.put("Accept-Ranges", "bytes");
    if (ask.ifNoneMatch().isPresent() && matches(ask.ifNoneMatch().get(), etag)) {
      return new Served(304, headers, Optional.empty());
    }
    headers.put("X-Content-Type-Options", "nosniff");
    // A range of another version would be a wrong range, so a foreign If-Range asks for the whole
    // file. HEAD has no ranges (section 14.2).
    boolean sameVersion = ask.ifRange().isEmpty() || ask.ifRange().get().strip().equals(etag);
    boolean head = ask.method().equals("HEAD");
    var range = !head && sameVersion ? ask.range() : Optional.<String>empty();
    return switch (ByteRange.of(range, file.length())) {
      case ByteRange.Unsatisfiable() -> {
        headers.put("Content-Range", "bytes */" + file.length());
        yield new Served(416, headers, Optional.empty());
      }
      case ByteRange.Part(long first, long last) -> {
        headers.put("Content-Range", "bytes " + first + "-" + last + "/" + file.length());
        yield new Served(206, headers, Optional.of(new Slice(first, last - first + 1)));
      }
      case ByteRange.Whole() -> new Served(200, headers, Optional.of(new Slice(0, file.length())));
    };
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
