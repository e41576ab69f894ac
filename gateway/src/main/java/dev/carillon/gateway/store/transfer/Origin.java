package dev.carillon.gateway.store.transfer;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Where a store is read from, all of it as of one moment.
interface Origin extends AutoCloseable {
  Manifest manifest();

  /// Reads a table; each once, in the order of the manifest.
  void read(Table table, Rows rows) throws IOException, SQLException;

  /// Called after the last row.
  ///
  /// @throws TransferException when what was read is not to be relied on
  void end() throws IOException, SQLException;

  /// Notes that the store is elsewhere from now on.
  void moved(String where) throws SQLException;

  @Override
  void close();

  /// Takes the rows of a table, one by one.
  @FunctionalInterface
  interface Rows {
    /// Takes one row.
    ///
    /// @param values a `UUID`, `String`, `Long`, `byte[]` or null for each column; used again for
    ///   the next row
    void row(@Nullable Object[] values) throws IOException, SQLException;
  }
}
