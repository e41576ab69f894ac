package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of verbs when the database goes away, or the line to it breaks.
final class PostgresFaultTest extends StoreLaws {
  private static final CallbackUrl RECEIVER = new CallbackUrl("https://caller.example/hook");

  private final PostgresBench.Line line = PostgresBench.line();

  @Override
  Store open(Path folder, InstantSource clock, Ids ids) {
    return line.open(folder, clock, ids);
  }

  @AfterEach
  void close_and_drop() {
    line.mend();
    close_all();
    line.close();
    PostgresBench.clean(folder);
  }

  private List<Claim> claimedInTheEnd() {
    var claims = new ArrayList<Claim>();
    eventually(() -> {
      claims.addAll(claim(10));
      return !claims.isEmpty();
    });
    return claims;
  }

  @Test
  void a_task_whose_acceptance_was_committed_but_not_answered_is_worked_on() {
    Order order = order("2");
    line.loseCommits(1);

    assertThatThrownBy(() -> store.tasks().accept(order))
        .isInstanceOf(StoreUnavailableException.class);

    eventually(store::ready);
    assertThat(store.tasks().accept(order)).isInstanceOf(Accepted.Taken.class);
    List<Claim> claims = claimedInTheEnd();
    assertThat(claims).extracting(claim -> claim.task().id()).containsExactly(order.id());
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("2"));
    assertThat(store.tasks().settle(claims.getFirst(), success())).isPresent();
    assertThat(balance()).isEqualTo(Money.ofCredits("8"));
    assertThat(claim(1)).isEmpty();
  }

  @Test
  void a_task_whose_end_was_committed_but_not_answered_ends_once() {
    Task task = accept(order("2"));
    Claim claim = claimOne();
    line.loseCommits(1);

    assertThatThrownBy(() -> store.tasks().settle(claim, success()))
        .isInstanceOf(StoreUnavailableException.class);

    eventually(store::ready);
    assertThat(store.tasks().settle(claim, failure())).isEmpty();
    assertThat(row(task.id()).state()).isEqualTo(success());
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
    assertThat(balance()).isEqualTo(Money.ofCredits("8"));
  }

  @Test
  void while_the_database_cannot_be_reached_verbs_are_refused_and_later_taken_again() {
    Task before = accept(order("1"));
    line.cut();

    assertThatThrownBy(() -> store.tasks().accept(order("1")))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(store.ready()).isFalse();
    assertThatThrownBy(() -> store.tasks().find(before.id()))
        .isInstanceOf(StoreUnavailableException.class);

    line.mend();
    eventually(store::ready);
    assertThat(row(before.id())).isEqualTo(before);
    accept(order("1"));
    assertThat(claim(5)).hasSize(2);
  }

  @Test
  void a_node_whose_lease_lapsed_is_not_ready_though_it_wrote_nothing() {
    try (Store node = line.open(folder, clock, ids, PostgresBench.SHORT_LEASE)) {
      assertThat(node.ready()).isTrue();
      line.cut();
      eventually(() -> !node.ready());

      line.mend();
      eventually(node::ready);
    }
  }

  @Test
  void an_attempt_that_cannot_be_stored_is_not_made_again_while_it_may_still_be() {
    accept(order(app, "midjourney", "imagine", "0", Optional.of(RECEIVER)));
    store.tasks().settle(claimOne(), success());
    Dispatch dispatch = dispatchOne();
    line.cut();
    assertThatThrownBy(
            () -> store.deliveries().recordAttempt(dispatch, receipt(new Next.Delivered())))
        .isInstanceOf(StoreUnavailableException.class);
    line.mend();
    eventually(store::ready);
    clock.move(Duration.ofMinutes(1));

    assertThat(dispatches()).isEmpty();

    store.deliveries().recordAttempt(dispatch, receipt(new Next.Delivered()));
    assertThat(store.deliveries().pendingDeliveries()).isZero();
    assertThat(store.deliveries().attempts(dispatch.id(), app)).hasSize(1);
  }

  @Test
  void a_restart_of_the_database_loses_nothing() {
    Optional<PostgresServer> own = PostgresServer.start();
    assumeTrue(own.isPresent(), "PostgreSQL is not installed");
    try (PostgresServer server = own.orElseThrow();
        Store node = PostgresBench.open(server, clock, ids)) {
      node.access().createAccount(ACCOUNT, Money.ofCredits("10"));
      node.access().createApplication(application(app, "10", false));
      Order first = order("1");
      assertThat(node.tasks().accept(first)).isInstanceOf(Accepted.Taken.class);

      server.stop();
      assertThatThrownBy(() -> node.tasks().accept(order("1")))
          .isInstanceOf(StoreUnavailableException.class);
      assertThat(node.ready()).isFalse();
      server.begin();

      eventually(node::ready);
      assertThat(node.tasks().find(first.id())).isPresent();
      assertThat(node.tasks().accept(order("1"))).isInstanceOf(Accepted.Taken.class);
      assertThat(node.access().held()).isEqualTo(Money.ofCredits("2"));
    }
  }
}
