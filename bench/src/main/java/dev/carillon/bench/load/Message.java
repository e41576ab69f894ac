package dev.carillon.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of one HTTP/1.1 message as they arrive, request or answer. It knows where the message
/// ends, by Content-Length or by chunks, and finds what the measures need without parsing the rest.
/// One message stands in it at a time: nobody here pipelines.
public final class Message {
  private static final byte[] HEAD_END = ascii("\r\n\r\n");
  private static final byte[] LENGTH = ascii("content-length:");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked");
  private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");
  private static final byte[] TASK_ID = ascii("\"task_id\"");
  private static final int UNKNOWN = -1;
  private static final int CHUNKS = -2;
  private static final int ID_LENGTH = 36;

  private byte[] bytes = new byte[4096];
  private int end;
  private int bodyStart;
  private int bodyLength = UNKNOWN;

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  public void clear() {
    end = 0;
    bodyStart = 0;
    bodyLength = UNKNOWN;
  }

  /// Room for the next bytes; [#arrived] says how many came.
  public ByteBuffer room() {
    grow();
    return ByteBuffer.wrap(bytes, end, bytes.length - end);
  }

  public void arrived(int count) {
    end += count;
  }

  /// Reads what has come, and waits for it.
  ///
  /// @return whether the stream goes on
  public boolean read(InputStream in) throws IOException {
    grow();
    int count = in.read(bytes, end, bytes.length - end);
    end += Math.max(0, count);
    return count >= 0;
  }

  private void grow() {
    if (end == bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
  }

  /// Is the whole message here?
  public boolean isWhole() {
    if (bodyStart == 0 && !readHead()) {
      return false;
    }
    return bodyLength == CHUNKS
        ? end - bodyStart >= LAST_CHUNK.length
            && find(LAST_CHUNK, end - LAST_CHUNK.length, end) >= 0
        : end - bodyStart >= bodyLength;
  }

  private boolean readHead() {
    int headEnd = find(HEAD_END, 0, end);
    if (headEnd < 0) {
      return false;
    }
    bodyStart = headEnd + HEAD_END.length;
    int at = find(LENGTH, 0, headEnd);
    if (at >= 0) {
      bodyLength = number(at + LENGTH.length);
    } else {
      bodyLength = find(CHUNKED, 0, headEnd) >= 0 ? CHUNKS : 0;
    }
    return true;
  }

  private int number(int from) {
    int at = from;
    while (bytes[at] == ' ') {
      at++;
    }
    int number = 0;
    while (bytes[at] >= '0' && bytes[at] <= '9') {
      number = number * 10 + bytes[at] - '0';
      at++;
    }
    return number;
  }

  /// The status of an answer; 0 before its first line is here.
  public int status() {
    return end < 12 ? 0 : number(9);
  }

  /// The first `task_id` of the body; empty when there is none.
  public String taskId() {
    int at = find(TASK_ID, bodyStart, end);
    if (at < 0) {
      return "";
    }
    int quote = at + TASK_ID.length;
    while (quote < end && bytes[quote] != '"') {
      quote++;
    }
    return quote + 1 + ID_LENGTH > end
        ? ""
        : new String(bytes, quote + 1, ID_LENGTH, StandardCharsets.US_ASCII);
  }

  /// Does this text stand in what has come so far?
  public boolean has(byte[] text) {
    return find(text, 0, end) >= 0;
  }

  /// All that has come so far.
  public String text() {
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /// The body that has come so far, where it is not in chunks.
  public String body() {
    return new String(bytes, bodyStart, end - bodyStart, StandardCharsets.UTF_8);
  }

  /// The place of a text given in lower case; upper case letters of the message count as lower.
  private int find(byte[] text, int from, int to) {
    for (int at = from; at <= to - text.length; at++) {
      int matched = 0;
      while (matched < text.length && lower(bytes[at + matched]) == text[matched]) {
        matched++;
      }
      if (matched == text.length) {
        return at;
      }
    }
    return -1;
  }

  private static byte lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
  }
}
