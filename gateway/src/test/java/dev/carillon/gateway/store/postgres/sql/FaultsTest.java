package dev.carillon.gateway.store.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an error of the database says of a commit that was under way, and to who starts.
final class FaultsTest {
  @ParameterizedTest
  @ValueSource(strings = {"08006", "08P01", "57P01", "57P02", "25P03", "40003", "58030", "XX000"})
  void where_the_answer_was_lost_or_tells_nothing_it_may_have_taken_effect(String state) {
    assertThat(Faults.leavesDoubt(new SQLException("x", state))).isTrue();
    assertThat(Faults.isTheMachine(new SQLException("x", state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"53100", "53200", "55P03", "57014", "25006", "40001", "40P01", "23505"})
  void what_the_database_refuses_did_not_take_effect(String state) {
    assertThat(Faults.leavesDoubt(new SQLException("x", state))).isFalse();
  }

  @Test
  void what_is_no_error_of_the_database_says_nothing_of_it() {
    assertThat(Faults.leavesDoubt(new IllegalStateException("x"))).isTrue();
    assertThat(Faults.leavesDoubt(new SQLException("x"))).isTrue();
  }

  @Test
  void a_conflict_of_our_own_is_one_to_all() {
    SQLException conflict = Faults.conflict("x");

    assertThat(Faults.isConflict(conflict)).isTrue();
    assertThat(Faults.leavesDoubt(conflict)).isFalse();
  }

  /// What PostgreSQL, its driver and PgBouncer say to who connects.
  @ParameterizedTest
  @CsvSource({
    "08001, Connection to db:5432 refused., true",
    "08001, The connection attempt timed out., true",
    "57P03, FATAL: the database system is starting up, true",
    "53300, FATAL: sorry too many clients already, true",
    "25006, ERROR: cannot execute INSERT in a read-only transaction, true",
    "08P01, 'FATAL: server login has been failing, try again later (server_login_retry)', true",
    "08P01, FATAL: query_wait_timeout, true",
    "08P01, FATAL: unsupported startup parameter: options, false",
    "08P01, FATAL: no such database: carillon, false",
    "08P01, FATAL: password authentication failed, false",
    "08004, The server does not support SSL., false",
    "28P01, FATAL: password authentication failed for user \"carillon\", false",
    "3D000, FATAL: database \"carillon\" does not exist, false",
    "42501, ERROR: permission denied for schema public, false",
  })
  void a_start_waits_only_for_what_may_pass(String state, String message, boolean waits) {
    assertThat(Faults.mayBeBack(new SQLException(message, state))).isEqualTo(waits);
  }
}
