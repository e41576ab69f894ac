package dev.carillon.gateway.upstream.http.spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Copies JSON and puts marks in place of its long texts, whose content goes to files as it stands
/// between the quotes. It knows of JSON only where a text begins and ends.
final class JsonSieve {
  private static final int PIECE = 64 * 1024;
  private static final byte[] QUOTE = {'"'};

  private final int longest;
  private final int most;
  private final Outlet outlet;
  private final OutputStream plain;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private OutputStream file = OutputStream.nullOutputStream();
  private String mark = "";
  private boolean inText;
  private boolean escaped;
  private long size;

  /// Where the texts and all else go.
  interface Outlet {
    /// What is left once the long texts are out.
    OutputStream plain();

    /// A new mark; what belongs to it is written to [#file].
    String mark() throws IOException, InterruptedException;

    /// Closed by whoever asked for it.
    OutputStream file(String mark) throws IOException;
  }

  /// @param longest text that stays, in bytes
  /// @param most bytes that stay in all
  JsonSieve(int longest, int most, Outlet outlet) {
    this.longest = longest;
    this.most = most;
    this.outlet = outlet;
    this.plain = outlet.plain();
  }

  /// Reads to the end.
  void sift(InputStream json) throws IOException, InterruptedException {
    byte[] piece = new byte[PIECE];
    try {
      for (int read = json.read(piece); read >= 0; read = json.read(piece)) {
        for (int at = 0; at < read; ) {
          at = inText ? within(piece, at, read) : between(piece, at, read);
        }
        if (size > most) {
          throw new TooLargeException("the answer is larger than " + most + " bytes");
        }
      }
    } finally {
      file.close();
    }
    keepText(); // a text without an end
  }

  private void keepText() throws IOException {
    size += text.size();
    text.writeTo(plain);
  }

  private void keep(byte[] bytes, int from, int length) throws IOException {
    size += length;
    plain.write(bytes, from, length);
  }

  /// Copies up to the quote that begins the next text, and tells where it goes on.
  private int between(byte[] piece, int from, int to) throws IOException {
    int at = from;
    while (at < to && piece[at] != '"') {
      at++;
    }
    inText = at < to;
    int next = inText ? at + 1 : at;
    keep(piece, from, next - from);
    return next;
  }

  /// Copies up to the quote that ends this text, and tells where it goes on.
  private int within(byte[] piece, int from, int to) throws IOException, InterruptedException {
    int at = from;
    while (at < to && (escaped || piece[at] != '"')) {
      escaped = piece[at] == '\\' && !escaped;
      at++;
    }
    put(piece, from, at - from);
    if (at == to) {
      return at;
    }
    endText();
    return at + 1;
  }

  private void put(byte[] piece, int from, int length) throws IOException, InterruptedException {
    if (mark.isEmpty()) {
      text.write(piece, from, length);
      if (text.size() > longest) {
        mark = outlet.mark();
        file = outlet.file(mark);
        text.writeTo(file);
        text.reset();
      }
    } else {
      file.write(piece, from, length);
    }
  }

  private void endText() throws IOException {
    if (mark.isEmpty()) {
      keepText();
    } else {
      file.close();
      byte[] instead = mark.getBytes(StandardCharsets.US_ASCII);
      keep(instead, 0, instead.length);
    }
    keep(QUOTE, 0, QUOTE.length);
    text.reset();
    mark = "";
    inText = false;
  }
}
