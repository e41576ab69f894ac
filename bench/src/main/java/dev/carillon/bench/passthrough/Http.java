package dev.carillon.bench.passthrough;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One message of HTTP/1.1 as read from a connection.
///
/// @param head empty when the connection ended before it
/// @param body empty for one in chunks, which is read by whoever asked for it
record Http(String head, String body) {
  private static final String LENGTH = "content-length:";

  static Http read(InputStream in) throws IOException {
    String head = head(in);
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (at < 0) {
      return new Http(head, "");
    }
    int end = head.indexOf('\r', at);
    int length = Integer.parseInt(head.substring(at + LENGTH.length(), end).strip());
    return new Http(head, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String head(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream(512);
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      bytes.write(next);
      boolean fits = next == (matched % 2 == 0 ? '\r' : '\n');
      matched = fits ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return bytes.toString(StandardCharsets.US_ASCII);
  }
}
