package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.TaskId;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The parts of tables: made ahead of need, used, and dropped when old and empty.
final class PartitionsTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final List<String> TABLES =
      List.of("task", "event", "ledger", "delivery", "attempt");

  private final Ids ids = new Ids(CLOCK, new Random(1));
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  private PostgresStore open() {
    return PostgresStore.open(PostgresBench.config(database), CLOCK, ids);
  }

  private List<String> parts(String table) {
    return texts(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '"
            + table
            + "'::regclass ORDER BY 1");
  }

  private List<String> texts(String query) {
    var texts = new ArrayList<String>();
    try (var connection = PostgresBench.connect(database);
        var statement = connection.createStatement();
        var found = statement.executeQuery(query)) {
      while (found.next()) {
        texts.add(found.getString(1));
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
    return texts;
  }

  @Test
  void this_week_and_the_next_ones_have_parts_of_their_own_before_they_are_needed() {
    open().close();

    assertThat(TABLES)
        .allSatisfy(table -> assertThat(parts(table)).hasSize(5).contains(table + "_rest"));
  }

  @Test
  void what_is_written_now_stands_in_the_part_of_this_week() {
    try (var store = open()) {
      TaskId id = Orders.accepted(store, ids, 1).getFirst();

      assertThat(store.tasks().find(id)).isPresent();
      assertThat(texts("SELECT tableoid::regclass::text FROM task"))
          .singleElement()
          .asString()
          .startsWith("task_w");
    }
  }

  @Test
  void an_old_part_is_dropped_when_nothing_is_left_in_it() {
    open().close();
    PostgresBench.execute(
        database,
        "CREATE TABLE task_w1 (LIKE task INCLUDING ALL);"
            + " ALTER TABLE task ATTACH PARTITION task_w1 FOR VALUES"
            + " FROM ('00000000-0000-0000-0000-000000000000')"
            + " TO ('00010000-0000-0000-0000-000000000000')");
    PostgresBench.execute(
        database,
        "INSERT INTO task SELECT r.* FROM jsonb_populate_record("
            + "NULL::task, '"
            + OLD_TASK
            + "') AS r");

    open().close();
    assertThat(parts("task")).contains("task_w1");

    PostgresBench.execute(database, "DELETE FROM task");
    open().close();
    assertThat(parts("task")).doesNotContain("task_w1");
  }

  private static final String OLD_TASK =
      "{\"id\":\"00000000-0000-7000-8000-000000000001\",\"application_id\":"
          + "\"00000000-0000-7000-8000-000000000002\",\"account_id\":"
          + "\"00000000-0000-7000-8000-000000000003\",\"credential_id\":"
          + "\"00000000-0000-7000-8000-000000000004\",\"position\":1,\"created_at\":1,"
          + "\"finish_by\":1,\"price\":0,\"from_instance\":0,\"fence\":1,\"started_at\":1,"
          + "\"changed_at\":1,\"attempt\":1,\"next_sequence\":2,\"state\":11,\"progress\":0,"
          + "\"service\":\"s\",\"endpoint\":\"e\",\"type\":\"t\",\"trace_id\":\"x\",\"request\":\"{}\"}";
}
