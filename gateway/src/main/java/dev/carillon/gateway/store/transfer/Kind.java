package dev.carillon.gateway.store.transfer;

import java.util.Locale;

/// What a column holds, whichever database keeps it. Flags are numbers, 0 or 1.
enum Kind {
  ID,
  TEXT,
  NUMBER,
  BYTES;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws TransferException for any other word
  static Kind of(String word) {
    for (Kind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new TransferException("the file has a column of an unknown kind: " + word);
  }
}
