package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.transfer.Table.Column;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A file, or standard input.
final class ArchiveOrigin implements Origin {
  private static final int BUFFER = 64 << 10;

  /// No row of a store is as long.
  private static final int LONGEST_LINE = 128 << 20;

  private final InputStream in;
  private final MessageDigest hash = Archive.hash();
  private final Manifest manifest;
  private long rows;

  /// @param source closed by whoever opened it
  /// @throws TransferException when it is no such file
  ArchiveOrigin(InputStream source) throws IOException {
    this.in = new BufferedInputStream(source, BUFFER);
    this.manifest = Archive.manifest(json(line()));
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  public void read(Table table, Rows taker) throws IOException, java.sql.SQLException {
    if (!json(line()).path("table").asString("").equals(table.name())) {
      throw torn("the table " + table.name() + " is not where it should be");
    }
    var values = new @Nullable Object[table.columns().size()];
    for (long i = 0; i < table.rows(); i++) {
      JsonNode row = json(line());
      if (!row.isArray() || row.size() != values.length) {
        throw torn("a row of " + table.name() + " is incomplete");
      }
      for (int column = 0; column < values.length; column++) {
        values[column] = value(row.get(column), table.columns().get(column));
      }
      rows++;
      taker.row(values);
    }
  }

  private static @Nullable Object value(JsonNode value, Column column) {
    if (value.isNull()) {
      return null;
    }
    try {
      return switch (column.kind()) {
        case ID -> UUID.fromString(value.asString());
        case TEXT -> value.asString();
        case NUMBER -> value.asLong();
        case BYTES -> Base64.getDecoder().decode(value.asString());
      };
    } catch (IllegalArgumentException | JacksonException wrong) {
      throw torn("a value of " + column.name() + " is not " + column.kind().word());
    }
  }

  @Override
  public void end() throws IOException {
    String expected = HexFormat.of().formatHex(hash.digest());
    JsonNode end = json(line()).path("end");
    if (end.path("rows").asLong(-1) != rows || !end.path("sha256").asString("").equals(expected)) {
      throw torn("its last line does not match what stands before it");
    }
  }

  /// A file stays what it is.
  @Override
  public void moved(String where) {
    // Nobody works on it.
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.size() > LONGEST_LINE) {
        throw torn("it ends in the middle");
      }
      line.write(next);
    }
    hash.update(line.toByteArray());
    hash.update((byte) '\n');
    return line.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode json(String line) {
    try {
      return Archive.JSON.readTree(line);
    } catch (JacksonException wrong) {
      throw torn("a line is no JSON");
    }
  }

  private static TransferException torn(String why) {
    return new TransferException("the file is damaged: " + why + "; nothing was imported");
  }

  @Override
  public void close() {
    // The stream is its opener's.
  }
}
