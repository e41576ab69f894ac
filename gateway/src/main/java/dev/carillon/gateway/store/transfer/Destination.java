package dev.carillon.gateway.store.transfer;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Where a store is written to. Closed without [#commit], it is as it was.
interface Destination extends AutoCloseable {
  /// Looks whether it can take this.
  ///
  /// @throws TransferException when it is not empty, or lacks what is to be carried
  void begin(Manifest manifest) throws IOException, SQLException;

  void table(Table table) throws IOException, SQLException;

  /// Takes a row of the table named last.
  void row(@Nullable Object[] values) throws IOException, SQLException;

  /// Called after the last row: all is written, and can still be undone.
  void end() throws IOException, SQLException;

  /// Makes all of it durable.
  void commit() throws IOException, SQLException;

  @Override
  void close();
}
