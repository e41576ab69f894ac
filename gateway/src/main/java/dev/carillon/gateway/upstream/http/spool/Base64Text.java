package dev.carillon.gateway.upstream.http.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of a base64 text as it stands in JSON, of either alphabet: escapes are undone, white
/// space is skipped, and what a data URL has before its comma is left out. The JDK's own decoder of
/// streams takes one byte at a time, which is too slow for films.
final class Base64Text extends InputStream {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final byte[] SIX = new byte[256];
  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_HEAD = 256;
  private static final int PIECE = 32 * 1024;

  static {
    Arrays.fill(SIX, (byte) -1);
    for (int value = 0; value < ALPHABET.length(); value++) {
      SIX[ALPHABET.charAt(value)] = (byte) value;
    }
    SIX['-'] = SIX['+'];
    SIX['_'] = SIX['/'];
  }

  private final InputStream text;
  private final byte[] piece = new byte[PIECE];
  private int at;
  private int end;
  private int bits;
  private int held;
  private boolean over;

  private Base64Text(InputStream text) {
    this.text = text;
  }

  static InputStream decoded(InputStream text) throws IOException {
    var decoded = new Base64Text(text);
    decoded.fill();
    decoded.skipHead();
    return decoded;
  }

  private void skipHead() throws IOException {
    if (end < DATA.length || !Arrays.equals(piece, 0, DATA.length, DATA, 0, DATA.length)) {
      return;
    }
    while (at < Math.min(end, LONGEST_HEAD)) {
      if (piece[at++] == ',') {
        return;
      }
    }
    throw new IOException("a data URL without a comma");
  }

  /// The beginning is read whole, so that what a data URL has in front is in one piece.
  private void fill() throws IOException {
    at = 0;
    end = text.readNBytes(piece, 0, PIECE);
    over = end == 0;
  }

  private int next() throws IOException {
    if (at == end && !over) {
      fill();
    }
    return over ? -1 : piece[at++] & 0xFF;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int count = 0;
    while (count < length) {
      int letter = next();
      if (letter == '\\') {
        letter = escaped();
      }
      if (letter < 0 || letter == '=') {
        over = true;
        return count == 0 ? -1 : count;
      }
      if (letter > ' ') {
        int six = SIX[letter];
        if (six < 0) {
          throw new IOException("the answer's bytes are no base64");
        }
        bits = bits << 6 | six;
        held += 6;
        if (held >= 8) {
          held -= 8;
          into[from + count++] = (byte) (bits >> held);
        }
      }
    }
    return count;
  }

  /// The letter of an escape; a blank for white space.
  private int escaped() throws IOException {
    int letter = next();
    if (letter != 'u') {
      return letter == '/' ? '/' : ' ';
    }
    int code = 0;
    for (int digit = 0; digit < 4; digit++) {
      code = code * 16 + Math.max(0, Character.digit(next(), 16));
    }
    return code & 0xFF;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
