package dev.carillon.gateway.http;

import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/// Writes replies to one response of Helidon's.
final class ReplyWriter {
  private static final byte[] NOTHING = {};
  private static final int PIECE_BYTES = 64 * 1024;

  private final ServerResponse response;
  private final boolean headOnly;

  ReplyWriter(ServerResponse response, boolean headOnly) {
    this.response = response;
    this.headOnly = headOnly;
  }

  /// Sends a reply to its end.
  ///
  /// @throws CloseConnectionException when the client is gone
  void write(Reply reply) throws InterruptedException {
    response.status(Status.create(reply.status()));
    reply.headers().forEach((name, value) -> response.header(name, Wire.oneLine(value)));
    try {
      switch (reply) {
        case Reply.Json json -> {
          response.header(Wire.JSON);
          whole(json.body());
        }
        case Reply.Content content -> {
          response.header(HeaderNames.CONTENT_TYPE, Wire.oneLine(content.contentType()));
          whole(content.body());
        }
        case Reply.FilePart part -> file(part);
        case Reply.Stream stream -> stream(stream);
        case Reply.Empty _ -> response.send();
      }
    } catch (IOException | UncheckedIOException | SocketWriterException gone) {
      throw new CloseConnectionException("the client is gone", gone);
    }
  }

  private void whole(byte[] body) {
    if (headOnly) {
      response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, body.length));
      response.send(NOTHING);
    } else {
      response.send(body);
    }
  }

  private void file(Reply.FilePart part) throws IOException {
    var slice = part.slice();
    response.header(HeaderNames.CONTENT_TYPE, Wire.oneLine(part.contentType()));
    response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, slice.length()));
    if (headOnly || slice.length() == 0) {
      response.send(NOTHING);
      return;
    }
    try (var channel = FileChannel.open(slice.file(), StandardOpenOption.READ);
        var out = response.outputStream()) {
      copy(channel.position(slice.from()), slice.length(), out);
    }
  }

  private static void copy(FileChannel from, long length, OutputStream to) throws IOException {
    var piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, length));
    for (long left = length; left > 0; ) {
      piece.clear().limit((int) Math.min(piece.capacity(), left));
      int read = from.read(piece);
      if (read < 0) {
        throw new IOException("the file is shorter than promised");
      }
      to.write(piece.array(), 0, read);
      left -= read;
    }
  }

  private void stream(Reply.Stream stream) throws IOException, InterruptedException {
    response.header(HeaderNames.CONTENT_TYPE, Wire.oneLine(stream.contentType()));
    if (headOnly) {
      response.send(NOTHING);
      return;
    }
    var out = response.outputStream();
    stream.body().write(piece -> send(out, piece));
    out.close();
  }

  private static void send(OutputStream out, byte[] piece) throws IOException {
    try {
      out.write(piece);
      out.flush();
    } catch (UncheckedIOException | SocketWriterException | CloseConnectionException gone) {
      throw new IOException("the client is gone", gone);
    }
  }
}
