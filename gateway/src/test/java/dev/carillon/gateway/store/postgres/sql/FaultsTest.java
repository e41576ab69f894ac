package dev.carillon.gateway.store.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FaultsTest {
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
