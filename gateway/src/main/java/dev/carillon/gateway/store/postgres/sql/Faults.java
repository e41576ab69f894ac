package dev.carillon.gateway.store.postgres.sql;

import java.sql.SQLException;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tells what an error of the database means, by its SQLSTATE.
public final class Faults {
  private Faults() {}

  /// Whether the same transaction may be run again at once: it met another, by a deadlock or where
  /// a distributed database could not put the two in an order.
  public static boolean isConflict(Throwable failure) {
    String state = state(failure);
    return state.equals("40001") || state.equals("40P01");
  }

  /// As a database that could not put two transactions in an order would fail: the same one may be
  /// run again.
  public static SQLException conflict(String why) {
    return new SQLException(why, "40001");
  }

  /// Whether a row was to be written that was there already.
  public static boolean isDuplicate(Throwable failure) {
    return state(failure).equals("23505");
  }

  /// Whether the machine or the way to it is to blame, whatever the statement: no connection, no
  /// room, shutting down, read-only after a failover, timed out.
  public static boolean isTheMachine(Throwable failure) {
    String state = state(failure);
    return isLost(failure)
        || state.equals("40003")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("58")
        || state.startsWith("F0")
        || state.startsWith("XX")
        || state.equals("55P03")
        || state.equals("25006");
  }

  /// Whether the connection broke.
  public static boolean isLost(Throwable failure) {
    String state = state(failure);
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("25P03");
  }

  /// Whether who starts may find the database back without anybody changing a setting: it starts or
  /// stops itself, has no room for one more connection, is not the primary yet, or cannot be
  /// reached. A name or a port that is wrong looks like that, too. Who is refused for what it asks
  /// or how (08004) will be refused again.
  public static boolean mayBeBack(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return isTheMachine(failure)
        && !state.equals("08004")
        && !(state.equals("08P01") && saysWhatIsWrong(failure));
  }

  /// PgBouncer has one state for most of what it says, also of a database that it cannot reach.
  private static boolean saysWhatIsWrong(SQLException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return Stream.of("startup parameter", "no such", "auth", "password", "tls", "ssl")
        .anyMatch(message::contains);
  }

  /// Whether nobody knows if a commit under way took effect: the answer was lost, or tells nothing
  /// of it. What the database refuses did not, be it for want of room or of time.
  public static boolean leavesDoubt(Throwable failure) {
    String state = state(failure);
    return !(failure instanceof SQLException)
        || isLost(failure)
        || state.equals("40003")
        || state.startsWith("58")
        || state.startsWith("XX");
  }

  private static String state(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 5; depth++) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
      cause = cause.getCause();
    }
    return failure instanceof SQLException ? "08000" : "";
  }
}
