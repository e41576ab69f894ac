package dev.carillon.gateway.asset;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Small files for tests, as ISO 8859-1 texts, so that a `Raw` reaction can send them.
final class SmallFiles {
  static final String PNG = "\u0089PNG\r\n\u001a\n" + "picture".repeat(20);
  static final String MP4 = "\0\0\0\u0018ftypmp42" + "video".repeat(40);

  private SmallFiles() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String sha256(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /// Gives so many bytes and breaks off.
  static InputStream breakingOffAfter(int count) {
    InputStream bytes = new ByteArrayInputStream(new byte[count]);
    return new FilterInputStream(bytes) {
      @Override
      public int read() throws IOException {
        throw new IOException("only read in pieces");
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        int read = in.read(into, from, length);
        if (read < 0) {
          throw new IOException("gone");
        }
        return read;
      }
    };
  }

  /// A whole answer with a body.
  static String answer(String headers, String body) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n"
        + headers
        + "\r\n"
        + body;
  }
}
