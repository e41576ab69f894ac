package dev.carillon.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What each ending costs, and that `docs/money.md` says the same.
class ChargeTest {
  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00Z");
  private static final Instant T1 = T0.plusSeconds(30);
  private static final Money PRICE = Money.ofCredits("1.25");
  private static final Money PART = Money.ofCredits("0.75");
  private static final Optional<Instant> BEGUN = Optional.of(T0);

  private static final Map<Charge.Why, Task> ENDINGS =
      Map.of(
          Charge.Why.OPEN, task(new TaskState.Running(T0, 10), Settlement.HELD),
          Charge.Why.INDETERMINATE, task(new TaskState.Indeterminate(T0, T1), Settlement.HELD),
          Charge.Why.SUCCEEDED,
              task(new TaskState.Succeeded(T0, T1, new Answer("{}")), Settlement.CHARGED),
          Charge.Why.MODERATED, failed(ErrorCode.FORBIDDEN),
          Charge.Why.FAILED, failed(ErrorCode.API_ERROR),
          Charge.Why.CANCELLED_BEFORE_START,
              task(new TaskState.Cancelled(Optional.empty(), T1), Settlement.RELEASED),
          Charge.Why.CANCELLED, task(new TaskState.Cancelled(BEGUN, T1), Settlement.RELEASED),
          Charge.Why.EXPIRED_START_BY,
              task(expired(Optional.empty()), Settlement.RELEASED, Optional.of(T1)),
          Charge.Why.EXPIRED_FINISH_BY, task(expired(BEGUN), Settlement.RELEASED));

  private static TaskState.Expired expired(Optional<Instant> startedAt) {
    return new TaskState.Expired(startedAt, T1, Reason.of(ErrorCode.TIMEOUT));
  }

  private static Task failed(ErrorCode code) {
    return task(new TaskState.Failed(T0, T1, Reason.of(code)), Settlement.RELEASED);
  }

  private static Task task(TaskState state, Settlement settlement) {
    return task(state, settlement, Optional.empty());
  }

  private static Task task(TaskState state, Settlement settlement, Optional<Instant> startBy) {
    var id = new UUID(0x7000, 1);
    Order order =
        new Order(
                new TaskId(id),
                new Owner(new AccountId(id), new ApplicationId(id), new CredentialId(id)),
                "suno",
                "/suno/audios",
                "audios",
                "t",
                T0,
                "{}",
                Optional.empty(),
                PRICE,
                T1.plusSeconds(9))
            .on(new Order.Terms(startBy, Optional.empty(), Optional.empty()));
    return new Task(order, state, settlement);
  }

  @Test
  void every_reason_is_given_for_its_ending() {
    assertThat(ENDINGS).containsOnlyKeys(Charge.Why.values());
    ENDINGS.forEach((why, task) -> assertThat(Charge.of(task).why()).isEqualTo(why));
  }

  @Test
  void an_unbegun_task_without_a_start_by_time_missed_its_finish_by_time() {
    Task task = task(expired(Optional.empty()), Settlement.RELEASED);

    assertThat(Charge.of(task).why()).isEqualTo(Charge.Why.EXPIRED_FINISH_BY);
  }

  @Test
  void the_price_stands_in_exactly_one_place() {
    for (Task task : ENDINGS.values()) {
      Charge charge = Charge.of(task);
      assertThat(List.of(charge.held(), charge.charged(), charge.released()))
          .containsExactlyInAnyOrder(PRICE, Money.ZERO, Money.ZERO);
    }
  }

  @Test
  void an_answer_that_came_in_part_is_charged_in_part() {
    Charge charge = Charge.of(inPart());

    assertThat(charge.charged()).isEqualTo(PART);
    assertThat(charge.released()).isEqualTo(PRICE.minus(PART));
    assertThat(charge.held()).isEqualTo(Money.ZERO);
  }

  @Test
  void a_late_answer_that_came_in_part_is_charged_in_part() {
    Charge charge = Charge.of(late(new Answer("{}", Optional.of(PART))));

    assertThat(charge.charged()).isEqualTo(PART);
    assertThat(charge.released()).isEqualTo(PRICE.minus(PART));
  }

  private static Task inPart() {
    var answer = new Answer("{}", Optional.of(PART));
    return task(new TaskState.Succeeded(T0, T1, answer), Settlement.CHARGED);
  }

  /// As the engine makes it of an expired task.
  private static Task late(Answer answer) {
    return task(
        Lifecycle.next(expired(BEGUN), new Outcome.Done(answer), T1.plusSeconds(60)),
        Settlement.CHARGED);
  }

  @Test
  void an_answer_never_costs_more_than_its_price() {
    var dear = new Answer("{}", Optional.of(Money.ofCredits("2")));
    Charge charge = Charge.of(task(new TaskState.Succeeded(T0, T1, dear), Settlement.CHARGED));

    assertThat(charge.charged()).isEqualTo(PRICE);
    assertThat(charge.released()).isEqualTo(Money.ZERO);
  }

  /// Every row of the table has its ending here, and the other way round.
  @Test
  void the_table_in_the_documents_says_the_same() throws IOException {
    List<List<String>> table =
        Pattern.compile(
                "^\\| `([a-z_]+)` \\| `([a-z]+)` \\|([^|]*)\\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$",
                Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("../docs/money.md")))
            .results()
            .map(row ->
                List.of(
                    row.group(1),
                    row.group(2),
                    when(row.group(1), row.group(3)),
                    row.group(4),
                    row.group(5),
                    row.group(6)))
            .toList();

    var rows = new ArrayList<List<String>>();
    ENDINGS.forEach((why, task) -> rows.add(row(why, task, "")));
    rows.add(row(Charge.Why.SUCCEEDED, inPart(), "in part"));
    rows.add(row(Charge.Why.SUCCEEDED, late(new Answer("{}")), "late"));
    assertThat(table).containsExactlyInAnyOrderElementsOf(rows);
  }

  /// Which of the ways to succeed a row tells of.
  private static String when(String reason, String condition) {
    if (!reason.equals(Charge.Why.SUCCEEDED.word())) {
      return "";
    }
    return condition.contains("fewer") ? "in part" : condition.contains("late") ? "late" : "";
  }

  private static List<String> row(Charge.Why why, Task task, String when) {
    Charge charge = Charge.of(task);
    assertThat(charge.why()).isEqualTo(why);
    return List.of(
        why.word(),
        why == Charge.Why.OPEN ? "running" : task.state().word(),
        when,
        words(charge.held()),
        words(charge.charged()),
        words(charge.released()));
  }

  private static String words(Money part) {
    if (part.isZero()) {
      return "0";
    }
    return part.equals(PRICE) ? "price" : part.equals(PART) ? "part" : "rest";
  }
}
