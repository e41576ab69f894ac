package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// The database file: locked against a second process, migrated, opened for writing or reading.
final class Database implements AutoCloseable {
  private static final int WRITER_CACHE_KIB = 32 << 10;
  private static final int READER_CACHE_KIB = 8 << 10;

  /// Nobody else writes, but an operator's tool may; the writer waits for it no longer than callers
  /// may be kept waiting.
  private static final int WRITER_BUSY_MILLIS = 1_000;

  private static final int READER_BUSY_MILLIS = 5_000;

  private final Path file;
  private final int checkpointPages;
  private final FileChannel lock;

  private volatile @Nullable FileChannel data; // of who syncs, and then of who closes

  private Database(Path file, int checkpointPages, FileChannel lock) {
    this.file = file;
    this.checkpointPages = checkpointPages;
    this.lock = lock;
  }

  /// Opens a file, made when it is not there, and brings it to the newest version.
  ///
  /// @throws StoreUnavailableException when another process has it, or it cannot be opened
  static Database open(Path file, int checkpointPages) {
    Database database = hold(file, checkpointPages);
    try {
      database.migrate();
      return database;
    } catch (IOException | SQLException failure) {
      throw unopened(database.file, failure);
    }
  }

  /// Keeps a file from other processes, its version as it is.
  ///
  /// @throws StoreUnavailableException when another process has it
  static Database hold(Path file, int checkpointPages) {
    Path absolute = file.toAbsolutePath();
    try {
      Files.createDirectories(absolute.getParent());
      return new Database(absolute, checkpointPages, lock(absolute));
    } catch (IOException failure) {
      throw unopened(absolute, failure);
    }
  }

  private static StoreUnavailableException unopened(Path file, Exception failure) {
    return new StoreUnavailableException(
        "cannot open the database " + file + ": " + failure.getMessage(), failure);
  }

  /// Whether a process has the file open now.
  static boolean isOpen(Path file) {
    Path lockFile = lockFile(file.toAbsolutePath());
    if (!Files.exists(lockFile)) {
      return false;
    }
    try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException ours) {
      return true;
    } catch (IOException failure) {
      throw new StoreUnavailableException("cannot look at the lock " + lockFile, failure);
    }
  }

  private static Path lockFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".lock");
  }

  private static FileChannel lock(Path file) throws IOException {
    Path lockFile = lockFile(file);
    var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException ours) {
      // This process has it already; told below like any other owner.
    }
    channel.close();
    throw new StoreUnavailableException(
        "the database " + file + " is in use by another process, which locked " + lockFile);
  }

  /// @throws StoreUnavailableException when a newer Carillon made it; then the file is given back
  void migrate() throws SQLException, IOException {
    try {
      Migrations.run(source(file, false));
    } catch (SQLException | RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  /// How many pages make a long log.
  int checkpointPages() {
    return checkpointPages;
  }

  /// The session of the one writer.
  Session writer() throws SQLException {
    var connection = source(file, false).getConnection();
    try (var statement = connection.createStatement()) {
      // Only when the one thread that does checkpoints falls behind.
      statement.execute("PRAGMA wal_autocheckpoint = " + 2 * checkpointPages);
      statement.execute("PRAGMA cache_size = -" + WRITER_CACHE_KIB);
    }
    connection.setAutoCommit(false);
    return new Session(connection);
  }

  /// A session for checkpoints alone.
  Session checkpointer() throws SQLException {
    return new Session(source(file, false).getConnection());
  }

  /// Syncs the file itself. The channel for it stays open until the database is closed: by the
  /// rules of POSIX, closing it gives up the locks of all sessions of this process.
  void sync() throws IOException {
    FileChannel open = data;
    if (open == null) {
      open = FileChannel.open(file, StandardOpenOption.WRITE);
      data = open;
    }
    open.force(false);
  }

  /// A session that cannot write.
  Session reader() throws SQLException {
    var connection = source(file, true).getConnection();
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA cache_size = -" + READER_CACHE_KIB);
    }
    return new Session(connection);
  }

  /// How the file is opened.
  static SQLiteDataSource source(Path file, boolean readOnly) {
    var config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(readOnly ? READER_BUSY_MILLIS : WRITER_BUSY_MILLIS);
    // Deferred: the driver begins the next transaction right after each commit, and an idle writer
    // holds no lock that way.
    config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
    // Else the driver prepares and runs a query for the last row id after each insert.
    config.setGetGeneratedKeys(false);
    if (!readOnly) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    }
    var source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  /// Gives the lock back. The lock file stays: removing it would race with the next owner.
  @Override
  public void close() {
    FileChannel open = data;
    try {
      if (open != null) {
        open.close();
      }
      lock.close();
    } catch (IOException failure) {
      throw new StoreUnavailableException("cannot unlock the database " + file, failure);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
