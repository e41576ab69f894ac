package dev.carillon.gateway.store.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.carillon.gateway.store.postgres.PostgresBench;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Statements that are sent together.
final class SessionTest {
  private static final String ADD = "INSERT INTO word (text) VALUES (?)";
  private static final String READ = "SELECT text FROM word ORDER BY id";

  /// More than the buffers between the two take.
  private static final int LONG = 32 << 20;

  private final String database = PostgresBench.create();

  @BeforeEach
  void make() {
    PostgresBench.execute(
        database,
        "CREATE TABLE word (id bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL UNIQUE)");
  }

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  private Session open() throws SQLException {
    return new Session(PostgresBench.connect(database), 0);
  }

  private List<String> words() throws SQLException {
    try (var session = open()) {
      return session.sql(READ).all(Row::text);
    }
  }

  @Test
  void each_sees_what_those_before_it_did_and_gets_its_own_result() throws SQLException {
    try (var session = open()) {
      session.begin();
      var early = new ArrayList<String>();
      var late = new ArrayList<String>();
      session.sql(ADD).put("a").later();
      session.sql(READ).later(Row::text, early::add);
      session.sql("INSERT INTO word (text) VALUES (?), (?)").put("b").put("c").later();
      session.sql(READ).later(Row::text, late::add);
      assertThat(early).isEmpty();

      int changed = session.sql("UPDATE word SET text = text || ?").put("!").update();

      assertThat(early).containsExactly("a");
      assertThat(late).containsExactly("a", "b", "c");
      assertThat(changed).isEqualTo(3);
      assertThat(session.sql(READ).one(Row::text)).contains("a!");
      session.rollback();
    }
  }

  @Test
  void what_waits_is_committed_with_the_rest() throws SQLException {
    try (var session = open()) {
      session.begin();
      session.sql(ADD).put("a").later();
      session.sql(ADD).put("b").later();
      session.commit();
    }

    assertThat(words()).containsExactly("a", "b");
  }

  @Test
  void what_waits_when_all_is_taken_back_is_never_run() throws SQLException {
    try (var session = open()) {
      session.begin();
      session.sql(ADD).put("a").later();
      session.rollback();
      session.sql(ADD).put("b").later();
      session.commit();
    }

    assertThat(words()).containsExactly("b");
  }

  @Test
  void one_that_fails_fails_all_that_went_with_it() throws SQLException {
    try (var session = open()) {
      session.begin();
      session.sql(ADD).put("a").later();
      session.sql(ADD).put("a").later();
      session.sql(ADD).put("b").later();
      assertThatThrownBy(session::commit)
          .isInstanceOfSatisfying(
              SQLException.class, failure -> assertThat(failure.getSQLState()).isEqualTo("23505"));
      session.rollback();

      // The session is as good as new.
      session.sql(ADD).put("c").later();
      session.commit();
    }

    assertThat(words()).containsExactly("c");
  }

  @Test
  void what_is_long_does_not_wait_behind_a_long_answer_that_nobody_reads() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          try (var session = open()) {
            session.begin();
            var lengths = new ArrayList<Integer>();
            session
                .sql("SELECT repeat('x', ?)")
                .put(LONG)
                .later(Row::text, text -> lengths.add(text.length()));
            session.sql("INSERT INTO word (text) SELECT md5(?)").put("y".repeat(LONG)).later();
            session.sql(READ).later(Row::text, text -> lengths.add(text.length()));
            session.commit();

            assertThat(lengths).containsExactly(LONG, 32);
          }
        });
  }

  @Test
  void a_message_may_be_sent_again_and_again() throws SQLException {
    // The driver prepares on the server what is run more than a few times.
    try (var session = open()) {
      session.begin();
      for (int i = 0; i < 20; i++) {
        var found = new ArrayList<String>();
        session.sql(ADD).put("w" + i).later();
        session
            .sql("SELECT text FROM word WHERE text = ?")
            .put("w" + i)
            .later(Row::text, found::add);
        session.sql("DELETE FROM word WHERE text = ?").put("w" + i).later();
        session.send();
        assertThat(found).containsExactly("w" + i);
      }
      session.commit();
    }

    assertThat(words()).isEmpty();
  }
}
