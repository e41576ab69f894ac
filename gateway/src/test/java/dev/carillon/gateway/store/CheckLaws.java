package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.check.Report;
import dev.carillon.gateway.store.check.Report.Finding;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A store that lived a little is sound, and each law is broken once and told by its name.
abstract class CheckLaws extends StoreLaws {
  /// Breaks each law, by its name. Those of one database only are added by its class.
  private static final Map<String, String> BREAKING =
      Map.ofEntries(
          Map.entry("held", "UPDATE ledger SET amount = amount + 1 WHERE kind = 1"),
          Map.entry(
              "open-holds",
              "INSERT INTO ledger (task_id, application_id, account_id, kind, source, amount, at)"
                  + " SELECT id, application_id, account_id, 2, 1, 1, 0 FROM task WHERE state < 10"),
          Map.entry("settled-once", "DELETE FROM ledger WHERE kind = 2"),
          Map.entry("released-once", "DELETE FROM ledger WHERE kind = 3"),
          Map.entry(
              "closed",
              "DELETE FROM ledger WHERE kind = 2 AND task_id NOT IN (SELECT id FROM task)"),
          Map.entry("general-balance", "UPDATE account SET general_balance = general_balance - 1"),
          Map.entry("own-balance", "UPDATE application SET balance = balance + 1"),
          Map.entry("usage", "DELETE FROM usage_day"),
          Map.entry("owner-known", "UPDATE task SET account_id = application_id"),
          Map.entry("account-known", "UPDATE application SET account_id = id"),
          Map.entry("state", "UPDATE task SET fence = 0"),
          Map.entry("reason", "UPDATE task SET error_code = NULL"),
          Map.entry("events", "DELETE FROM event"),
          Map.entry("last-event", "UPDATE event SET type = 'task.started'"),
          Map.entry("event-known", "DELETE FROM task WHERE state = 11"),
          Map.entry("places", "UPDATE event SET position = 1"),
          Map.entry("callback", "DELETE FROM delivery"),
          Map.entry("delivery-known", "UPDATE delivery SET sequence = 99"),
          Map.entry("receiver-known", "UPDATE delivery SET endpoint_id = id"),
          Map.entry("attempts", "UPDATE attempt SET number = 99"),
          Map.entry("key-known", "UPDATE idempotency SET key = 'other'"),
          Map.entry("key-kept", "DELETE FROM idempotency"),
          Map.entry("late-wait", "UPDATE late_wait SET task_id = (SELECT id FROM account)"));

  @BeforeEach
  void live() {
    store
        .access()
        .createCredential(
            new Credential(credential, app, "n", "h4sh", "abc", Optional.empty(), false, START));
    deleted();
    accept(order("3"));
    assertThat(store.tasks().settle(claimOne(), success())).isPresent();
    accept(order("12"));
    assertThat(store.tasks().settle(claimOne(), failure())).isPresent();
    late();
    Task told = end();
    store
        .deliveries()
        .recordAttempt(dispatches().getFirst(), receipt(new Next.Retry(clock.instant(), true)));
    assertThat(told.state()).isInstanceOf(TaskState.Succeeded.class);
    store.tasks().accept(keyed(order("1")), new Fingerprint(ids.next()));
    accept(order("2"));
  }

  private void late() {
    var url = Optional.of(new CallbackUrl("https://caller.example/hook"));
    accept(order(app, "midjourney", "imagine", "4", url));
    Claim claim = claimOne();
    var expired = new TaskState.Expired(Optional.of(START), clock.instant(), Reason.TOO_LATE);
    assertThat(store.tasks().expire(claim, expired)).isPresent();
  }

  /// Its ledger rows stay.
  private void deleted() {
    accept(order("1"));
    Task task = store.tasks().settle(claimOne(), success()).orElseThrow();
    clock.move(Duration.ofDays(1));
    assertThat(store.tasks().purge(clock.instant(), 10)).isEqualTo(1);
    assertThat(store.tasks().find(task.id())).isEmpty();
  }

  private static Order keyed(Order order) {
    return order.on(
        new Order.Terms(Optional.empty(), Optional.empty(), Optional.of(new IdempotencyKey("k"))));
  }

  /// Looks at the store, of which a copy was broken by a statement first; empty for none.
  abstract Report looked(String statement);

  /// How laws of this database only are broken.
  abstract Map<String, String> own();

  @Test
  void a_store_that_lived_a_little_is_sound() {
    store.close();

    Report report = looked("");

    assertThat(report.laws()).allMatch(law -> law.broken() == 0);
    assertThat(report.isSound()).isTrue();
    assertThat(report.counts())
        .containsEntry("tasks", 6L)
        .containsEntry("open_tasks", 2L)
        .containsEntry("pending_deliveries", 2L)
        .containsEntry("attempts", 1L);
  }

  @Test
  void each_law_is_told_when_it_is_broken() {
    store.close();
    var breaking = new LinkedHashMap<>(BREAKING);
    breaking.putAll(own());

    assertThat(looked("").laws().stream().map(Finding::law))
        .containsExactlyInAnyOrderElementsOf(breaking.keySet());
    breaking.forEach((law, statement) -> {
      Report report = looked(statement);

      assertThat(report.isSound()).as(law).isFalse();
      Finding finding =
          report.laws().stream().filter(one -> one.law().equals(law)).findFirst().orElseThrow();
      assertThat(finding.broken()).as(law).isPositive();
      assertThat(finding.ids()).as(law).isNotEmpty();
    });
  }
}
