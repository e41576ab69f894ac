package dev.carillon.gateway.store.transfer;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/// The rows of one `COPY … FROM STDIN`, in its text form.
final class CopyRows {
  private static final int SENT_TOGETHER = 64 << 10;
  private static final String NOTHING = "\\N";

  private final CopyIn copy;
  private final List<Boolean> flags;
  private final Optional<String> last;
  private final StringBuilder text = new StringBuilder();

  /// @param flags which columns are booleans
  /// @param last one value more for each row
  CopyRows(CopyIn copy, List<Boolean> flags, Optional<String> last) {
    this.copy = copy;
    this.flags = List.copyOf(flags);
    this.last = last;
  }

  void add(@Nullable Object[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        text.append('\t');
      }
      append(values[i], flags.get(i));
    }
    last.ifPresent(value -> text.append('\t').append(value));
    text.append('\n');
    if (text.length() >= SENT_TOGETHER) {
      send();
    }
  }

  private void append(@Nullable Object value, boolean flag) {
    switch (value) {
      case null -> text.append(NOTHING);
      case Long number when flag -> text.append(number == 0 ? 'f' : 't');
      case byte[] bytes -> text.append("\\\\x").append(HexFormat.of().formatHex(bytes));
      case String words -> escape(words);
      default -> text.append(value);
    }
  }

  private void escape(String words) {
    for (int i = 0; i < words.length(); i++) {
      char letter = words.charAt(i);
      switch (letter) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> text.append(letter);
      }
    }
  }

  private void send() throws SQLException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    text.setLength(0);
  }

  void end() throws SQLException {
    send();
    copy.endCopy();
  }

  void cancel() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
