package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/// The laws of money, callers and the instance's own values.
abstract class StoreMoneyLaws extends StoreLaws {
  private static final List<String> PRICES = List.of("0", "0.1", "0.7", "3");

  @Test
  void accepting_twice_holds_once() {
    Order order = order("1");
    accept(order);
    Accepted again = store.tasks().accept(order);

    assertThat(again).isEqualTo(new Accepted.Taken(row(order.id())));
    assertThat(balance()).isEqualTo(Money.ofCredits("9"));
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("1"));
    assertThat(store.tasks().openTasks()).isEqualTo(1);
    assertThat(claim(10)).hasSize(1);
  }

  @Test
  void an_order_the_balances_do_not_cover_writes_nothing() {
    Order order = order("110.000001");

    assertThat(store.tasks().accept(order)).isEqualTo(new Accepted.UsedUp());

    assertThat(store.tasks().find(order.id())).isEmpty();
    assertThat(balance()).isEqualTo(Money.ofCredits("10"));
    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("100"));
    assertThat(store.tasks().openTasks()).isZero();
    assertThat(claim(1)).isEmpty();
    accept(order("110"));
  }

  @Test
  void the_instance_balance_pays_first_and_gets_its_part_back() {
    accept(order("12"));
    assertThat(balance()).isEqualTo(Money.ZERO);
    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("98"));

    store.tasks().settle(claimOne(), failure());

    assertThat(balance()).isEqualTo(Money.ofCredits("10"));
    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("100"));
  }

  private TaskState.Succeeded costing(String credits) {
    var now = clock.instant();
    return new TaskState.Succeeded(
        now, now, new Answer("{}", Optional.of(Money.ofCredits(credits))));
  }

  @Test
  void success_that_costs_less_than_was_held_charges_that_and_gives_the_rest_back() {
    Order order = order("12");
    accept(order);

    Task ended = store.tasks().settle(claimOne(), costing("4")).orElseThrow();

    assertThat(Charge.of(ended).charged()).isEqualTo(Money.ofCredits("4"));
    assertThat(row(order.id())).isEqualTo(ended);
    assertThat(balance()).isEqualTo(Money.ofCredits("6"));
    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("100"));
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
  }

  @Test
  void more_than_the_own_balance_paid_comes_from_the_general_one_when_a_part_is_charged() {
    accept(order("12"));
    store.tasks().settle(claimOne(), costing("11"));

    assertThat(balance()).isEqualTo(Money.ZERO);
    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("99"));
  }

  @Test
  void no_more_than_was_held_is_charged_and_failure_gives_all_of_it_back() {
    accept(order("3"));
    store.tasks().settle(claimOne(), costing("50"));
    assertThat(balance()).isEqualTo(Money.ofCredits("7"));

    accept(order("3"));
    store.tasks().settle(claimOne(), failure());
    assertThat(balance()).isEqualTo(Money.ofCredits("7"));
  }

  @Test
  void the_claim_of_whoever_accepted_a_task_settles_it() {
    Order order = order("3");
    Task task = accept(order);

    assertThat(store.tasks().settle(Claim.first(task), success())).isPresent();
    assertThat(claim(1)).isEmpty();
    assertThat(store.tasks().settle(Claim.first(task), failure())).isEmpty();
  }

  @Test
  void an_application_that_may_not_use_the_general_balance_stops_at_its_own() {
    var own = new ApplicationId(ids.next());
    store.access().createApplication(application(own, "1", false));

    assertThat(store.tasks().accept(order(own, "midjourney", "imagine", "1.5", Optional.empty())))
        .isEqualTo(new Accepted.UsedUp());
    accept(order(own, "midjourney", "imagine", "1", Optional.empty()));
  }

  @Test
  void a_global_application_uses_the_general_balance() {
    var global = new ApplicationId(ids.next());
    store
        .access()
        .createApplication(
            new Application(
                global, ACCOUNT, "all", Optional.empty(), Money.ZERO, false, false, START));

    accept(order(global, "suno", "audio", "7", Optional.empty()));

    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("93"));
  }

  @Test
  void success_charges_and_all_is_there_after_a_crash() {
    accept(order("4"));
    store.tasks().settle(claimOne(), success());
    accept(order("1"));

    crash();

    assertThat(balance()).isEqualTo(Money.ofCredits("5"));
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("1"));
  }

  @Test
  void credit_may_be_added_and_corrected() {
    store.access().addCredit(app, Money.ofCredits("5"));
    store.access().addGeneralCredit(ACCOUNT, Money.ofCredits("-30"));
    assertThat(balance()).isEqualTo(Money.ofCredits("15"));

    crash();

    assertThat(balance()).isEqualTo(Money.ofCredits("15"));
    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("70"));
  }

  @Test
  void creating_again_changes_nothing() {
    store.access().createAccount(ACCOUNT, Money.ofCredits("1"));
    store.access().createApplication(application(app, "77", false));

    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("100"));
    assertThat(balance()).isEqualTo(Money.ofCredits("10"));
    assertThat(store.access().applications()).extracting(Application::id).containsExactly(app);
  }

  @Test
  void no_credit_is_made_or_lost_whatever_happens() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed of the money run: " + seed);
    var accepted = new ConcurrentLinkedQueue<Task>();
    var old = new ConcurrentLinkedQueue<Claim>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      var random = new Random(seed + i);
      threads.add(Thread.ofVirtual().start(() -> live(random, accepted, old)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(accepted).hasSizeGreaterThan(50);

    balanceSheet(accepted);
    crash();
    balanceSheet(accepted);
  }

  private void live(
      Random random, ConcurrentLinkedQueue<Task> accepted, ConcurrentLinkedQueue<Claim> old) {
    for (int step = 0; step < 250; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          Order order = order(PRICES.get(random.nextInt(PRICES.size())));
          Accepted first = store.tasks().accept(order);
          Accepted last = random.nextInt(4) == 0 ? store.tasks().accept(order) : first;
          // Both balances may be empty at first and not when the same order comes again.
          if (last instanceof Accepted.Taken(Task task)) {
            accepted.add(task);
          }
        }
        case 2, 3 ->
            claim(1)
                .forEach(claim -> {
                  old.add(claim);
                  store.tasks().settle(claim, verdict(random));
                });
        case 4 -> {
          Claim stale = old.peek();
          if (stale != null) {
            store.tasks().settle(stale, verdict(random));
          }
        }
        default -> {
          Task some = accepted.poll();
          if (some != null) {
            if (random.nextInt(3) == 0) {
              store.tasks().cancel(some.id(), app, clock.instant());
            }
            accepted.add(some);
          }
        }
      }
    }
  }

  private TaskState verdict(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> failure();
      case 1 -> new TaskState.Indeterminate(START, START);
      default -> success();
    };
  }

  private void balanceSheet(Iterable<Task> accepted) {
    var seen = new HashSet<TaskId>();
    Money open = Money.ZERO;
    Money charged = Money.ZERO;
    for (Task task : accepted) {
      Task now = row(task.id());
      if (!seen.add(task.id())) {
        continue;
      }
      open = now.settlement() == Settlement.HELD ? open.plus(now.order().price()) : open;
      charged =
          now.settlement() == Settlement.CHARGED ? charged.plus(now.order().price()) : charged;
      assertThat(now.state().isFinal()).isEqualTo(now.settlement() != Settlement.HELD);
    }
    assertThat(store.access().held()).isEqualTo(open);
    assertThat(balance().isNegative() || store.access().generalBalance(ACCOUNT).isNegative())
        .isFalse();
    assertThat(balance().plus(store.access().generalBalance(ACCOUNT)).plus(open).plus(charged))
        .isEqualTo(Money.ofCredits("110"));
  }

  @Test
  void a_token_is_found_by_its_hash_until_it_is_revoked() {
    var token =
        new Credential(credential, app, "n", "h4sh", "tok_", Optional.of(START), false, START);
    store.access().createCredential(token);
    accept(order("1"));

    AccessStore.Access access = store.access().findByTokenHash("h4sh").orElseThrow();
    assertThat(access.credential()).isEqualTo(token);
    assertThat(access.application().balance()).isEqualTo(Money.ofCredits("9"));
    accept(order("1"));
    assertThat(store.access().findByTokenHash("h4sh").orElseThrow().application().balance())
        .isEqualTo(Money.ofCredits("8"));
    assertThat(store.access().findByTokenHash("other")).isEmpty();

    assertThat(store.access().revokeCredential(credential)).isTrue();
    assertThat(store.access().findByTokenHash("h4sh").orElseThrow().credential().revoked())
        .isTrue();
    crash();
    assertThat(store.access().findByTokenHash("h4sh").orElseThrow().credential().revoked())
        .isTrue();
    assertThat(store.access().revokeCredential(new CredentialId(ids.next()))).isFalse();
  }

  @Test
  void an_application_is_disabled_at_once_and_for_good() {
    assertThat(store.access().disableApplication(app, true)).isTrue();
    assertThat(store.access().application(app).orElseThrow().disabled()).isTrue();
    crash();
    assertThat(store.access().application(app).orElseThrow().disabled()).isTrue();
    assertThat(store.access().disableApplication(app, false)).isTrue();
    assertThat(store.access().application(app).orElseThrow().disabled()).isFalse();
    assertThat(store.access().disableApplication(new ApplicationId(ids.next()), true)).isFalse();
  }

  @Test
  void a_secret_is_made_once() {
    byte[] made = store.access().secret("key", () -> bytes("one"));

    reopen();

    assertThat(made).isEqualTo(bytes("one"));
    assertThat(store.access().secret("key", () -> bytes("two"))).isEqualTo(bytes("one"));
  }

  @Test
  void notes_are_replaced_and_found_by_prefix() {
    store.access().saveNotes(Map.of("d/a", bytes("1"), "d/b", bytes("2"), "e", bytes("3")));
    store.access().saveNotes(Map.of("d/a", bytes("4")));

    reopen();

    Map<String, byte[]> notes = store.access().notes("d/");
    assertThat(notes).containsOnlyKeys("d/a", "d/b");
    assertThat(notes.get("d/a")).isEqualTo(bytes("4"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
