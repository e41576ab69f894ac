package dev.carillon.gateway.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The write-ahead log while its writer goes on.
final class CheckpointerTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int NEVER = 1_000_000;
  private static final int MANY = 100_000;
  private static final int FEW = 400;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Path file;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Database database;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Session writer;

  @BeforeEach
  void open() throws SQLException, IOException {
    file = folder.resolve("c.db");
    database = Database.open(file, NEVER);
    writer = database.writer();
    writer.begin();
    writer.sql("CREATE TABLE filler (bytes BLOB)").update();
    writer.commit();
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    database.close();
  }

  private void write(int rows) throws SQLException {
    for (int i = 0; i < rows; i++) {
      writer.begin();
      writer.sql("INSERT INTO filler VALUES (randomblob(4000))").update();
      writer.commit();
    }
  }

  private long logged() {
    return folder.resolve("c.db-wal").toFile().length();
  }

  private long moved() {
    return file.toFile().length();
  }

  @Test
  void the_log_is_moved_beside_the_writer_and_begins_anew() throws Exception {
    var checkpointer = new Checkpointer(database, 100);
    checkpointer.start();
    write(150);
    long before = moved();

    checkpointer.committed(MANY);
    Await.until("the rest is left to the writer", SOON, checkpointer::leavesTheRest);
    assertThat(moved()).isGreaterThan(before + 150 * 4_000);
    assertThat(checkpointer.leavesTheRest()).isFalse();

    write(10);
    writer.checkpoint();
    long full = logged();
    write(100);
    assertThat(logged()).isEqualTo(full);
    closeAll(checkpointer);
  }

  @Test
  void a_short_log_is_moved_and_goes_on() throws Exception {
    var checkpointer = new Checkpointer(database, NEVER);
    checkpointer.start();
    write(150);
    long before = moved();

    checkpointer.committed(MANY);
    Await.until("it is moved", SOON, () -> moved() > before + 150 * 4_000);

    closeAll(checkpointer);
    assertThat(checkpointer.leavesTheRest()).isFalse();
  }

  @Test
  void it_is_moved_when_so_much_was_written_and_not_at_each_commit() throws Exception {
    var checkpointer = new Checkpointer(database, NEVER);
    checkpointer.start();
    long first = moved();
    write(10);
    checkpointer.committed(FEW);
    Await.until("it is moved", SOON, () -> moved() > first + 10 * 4_000);
    write(50);
    long before = moved();

    for (int i = 1; i < FEW; i++) {
      checkpointer.committed(1);
    }
    assertThat(moved()).isEqualTo(before);

    checkpointer.committed(1);
    Await.until("it is moved", SOON, () -> moved() > before + 50 * 4_000);
    closeAll(checkpointer);
  }

  /// The writer first, as in the store; one more session keeps the log from being moved at that.
  private void closeAll(Checkpointer checkpointer) throws SQLException {
    Session another = database.reader();
    another.sql("SELECT count(*) FROM filler").one(Row::integer);
    writer.close();
    checkpointer.close();
    writer = another;
  }
}
