package dev.carillon.gateway.store.transfer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A file, or standard output.
final class ArchiveDestination implements Destination {
  private static final int BUFFER = 64 << 10;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final OutputStream target;
  private final OutputStream out;
  private final MessageDigest hash = Archive.hash();
  private final StringBuilderWriter line = new StringBuilderWriter();
  private long rows;

  /// @param target closed by whoever opened it
  ArchiveDestination(OutputStream target) {
    this.target = new BufferedOutputStream(target, BUFFER);
    this.out = new DigestOutputStream(this.target, hash);
  }

  @Override
  public void begin(Manifest manifest) throws IOException {
    write(Archive.header(manifest).toString());
  }

  @Override
  public void table(Table table) throws IOException {
    write(Archive.JSON.writeValueAsString(Map.of("table", table.name())));
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    rows++;
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartArray();
      for (Object value : values) {
        switch (value) {
          case null -> json.writeNull();
          case Long number -> json.writeNumber(number.longValue());
          case byte[] bytes -> json.writeString(Base64.getEncoder().encodeToString(bytes));
          case UUID id -> json.writeString(id.toString());
          default -> json.writeString(value.toString());
        }
      }
      json.writeEndArray();
    }
    write(line.take());
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }

  @Override
  public void end() throws IOException {
    String trailer =
        "{\"end\":{\"rows\":%d,\"sha256\":\"%s\"}}\n"
            .formatted(rows, HexFormat.of().formatHex(hash.digest()));
    target.write(trailer.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void commit() throws IOException {
    target.flush();
  }

  @Override
  public void close() {
    // The stream is its opener's.
  }

  /// One line of text at a time.
  private static final class StringBuilderWriter extends java.io.Writer {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] letters, int from, int count) {
      text.append(letters, from, count);
    }

    @Override
    public void flush() {
      // It is in memory.
    }

    @Override
    public void close() {
      // It is used again.
    }

    private String take() {
      String taken = text.toString();
      text.setLength(0);
      return taken;
    }
  }
}
