package dev.carillon.gateway.store.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an error of the database says of a commit that was under way.
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
}
