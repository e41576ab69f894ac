package dev.carillon.gateway.domain;

import dev.carillon.api.ErrorCode;
import java.util.Locale;

/// What a task costs and why: its price is held while it is open, then charged or released; of an
/// answer that came in part, a part is charged and the rest released. `docs/money.md` holds the
/// same as a table, and a test compares the two.
public record Charge(Money held, Money charged, Money released, Why why) {
  public static final String CURRENCY = "credits";

  /// Why the money is where it is.
  public enum Why {
    /// The task is open.
    OPEN,
    /// It may have reached a provider; nobody knows yet.
    INDETERMINATE,
    SUCCEEDED,
    /// A provider refused the content.
    MODERATED,
    /// A provider or the gateway failed.
    FAILED,
    CANCELLED_BEFORE_START,
    CANCELLED,
    /// No work had begun by the start-by time.
    EXPIRED_START_BY,
    /// It had not ended by the finish-by time.
    EXPIRED_FINISH_BY;

    /// The word of the native API, such as `cancelled_before_start`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Charge of(Task task) {
    Money price = task.order().price();
    return switch (task.settlement()) {
      case HELD -> new Charge(price, Money.ZERO, Money.ZERO, why(task));
      case RELEASED -> new Charge(Money.ZERO, Money.ZERO, price, why(task));
      case CHARGED -> {
        Money cost =
            task.state() instanceof TaskState.Succeeded done ? done.answer().costOf(price) : price;
        yield new Charge(Money.ZERO, cost, price.minus(cost), why(task));
      }
    };
  }

  private static Why why(Task task) {
    return switch (task.state()) {
      case TaskState.Queued _, TaskState.Running _, TaskState.Finalizing _ -> Why.OPEN;
      case TaskState.Indeterminate _ -> Why.INDETERMINATE;
      case TaskState.Succeeded _ -> Why.SUCCEEDED;
      case TaskState.Failed(_, _, var reason) ->
          reason.code() == ErrorCode.FORBIDDEN ? Why.MODERATED : Why.FAILED;
      case TaskState.Cancelled(var startedAt, _) ->
          startedAt.isPresent() ? Why.CANCELLED : Why.CANCELLED_BEFORE_START;
      case TaskState.Expired expired ->
          missedStart(task.order(), expired) ? Why.EXPIRED_START_BY : Why.EXPIRED_FINISH_BY;
    };
  }

  /// A start-by time is never after the finish-by time, so a task that never began missed it first.
  private static boolean missedStart(Order order, TaskState.Expired expired) {
    return expired.startedAt().isEmpty()
        && order.terms().startBy().filter(by -> !expired.at().isBefore(by)).isPresent();
  }
}
