package dev.carillon.gateway.store.postgres.sql;

import java.sql.SQLException;
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

  /// Whether the machine or the way to it is to blame, whatever the statement: no connection, no
  /// room, shutting down, read-only after a failover, timed out.
  public static boolean isTheMachine(Throwable failure) {
    String state = state(failure);
    return isLost(failure)
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("58")
        || state.startsWith("F0")
        || state.startsWith("XX")
        || state.equals("55P03")
        || state.equals("25006");
  }

  /// Whether the connection broke, so that nobody knows if a commit under way took effect.
  public static boolean isLost(Throwable failure) {
    String state = state(failure);
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("25P03");
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
