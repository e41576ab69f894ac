package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.DeliveryStore.DeliveryQuery;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.store.postgres.PostgresStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two nodes on one database: callbacks change hands, feeds skip nothing, and what one node changes
/// the other heeds.
final class PostgresCallbackNodesTest extends StoreEndpointStand {
  @SuppressWarnings("NullAway.Init") // set before each test
  private Store other;

  @Override
  Store open(Path folder, InstantSource clock, Ids ids) {
    return PostgresBench.open(folder, clock, ids);
  }

  @BeforeEach
  void open_another_node() {
    other = open(place(), clock, ids);
  }

  @AfterEach
  void close_and_drop() {
    other.close();
    close_all();
    PostgresBench.clean(folder);
  }

  @Test
  void a_callback_of_a_dead_node_is_delivered_by_another_with_the_same_id_and_bytes() {
    end();
    Dispatch before = dispatchOne();
    assertThat(dispatchesOn(other)).isEmpty();

    PostgresBench.crash(store);

    Dispatch after = await(other);
    assertThat(after).isEqualTo(before);
    assertThat(after.webhookId()).isEqualTo(before.webhookId());
  }

  @Test
  void a_row_left_among_the_failed_lists_no_delivery_that_arrived() {
    end();
    Dispatch one = dispatchOne();
    store.deliveries().recordAttempt(one, receipt(new Next.Exhausted()));
    var exhausted =
        new DeliveryQuery(
            app,
            Optional.empty(),
            Optional.empty(),
            Optional.of(DeliveryState.EXHAUSTED),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            10);
    assertThat(store.deliveries().deliveries(exhausted)).hasSize(1);

    PostgresBench.execute(
        PostgresBench.database(place()), "UPDATE delivery SET state = 1 WHERE state = 2");

    assertThat(store.deliveries().deliveries(exhausted)).isEmpty();
    assertThat(store.deliveries().redeliverAll(exhausted, true).count()).isZero();
    assertThat(store.deliveries().redeliverAll(exhausted, false).count()).isZero();
  }

  @Test
  void a_node_that_slept_past_its_lease_stores_nothing_of_what_it_lost() {
    end();
    Dispatch lost = dispatchOne();
    PostgresBench.expire((PostgresStore) store);
    Dispatch taken = await(other);

    store.deliveries().recordAttempt(lost, receipt(new Next.Exhausted()));

    assertThat(store.deliveries().attempts(lost.id(), app)).isEmpty();
    other.deliveries().recordAttempt(taken, receipt(new Next.Delivered()));
    assertThat(other.deliveries().attempts(lost.id(), app))
        .singleElement()
        .satisfies(only -> assertThat(only.receipt().next()).isInstanceOf(Next.Delivered.class));
    assertThat(other.deliveries().pendingDeliveries()).isZero();
  }

  @Test
  void what_waits_for_a_retry_is_taken_over_too() {
    end();
    Duration later = Duration.ofMinutes(5);
    store
        .deliveries()
        .recordAttempt(dispatchOne(), receipt(new Next.Retry(clock.instant().plus(later), true)));

    PostgresBench.crash(store);
    clock.move(later);

    assertThat(await(other).attempt()).isEqualTo(2);
  }

  @Test
  void what_waits_in_memory_goes_where_another_node_moved_its_endpoint() throws Exception {
    WebhookEndpoint endpoint = register();
    end();
    assertThat(store.deliveries().claimDeliveries(_ -> 0, 9, Duration.ZERO)).isEmpty();
    var to = new CallbackUrl("https://new.example/hook");
    var _ =
        other.endpoints().changeEndpoint(endpoint.id(), app, clock.instant(), one -> at(to, one));
    store.deliveries().reopen(endpoint.destination());
    eventually(() -> {
      List<Dispatch> some = dispatchesOn(store);
      some.forEach(store.deliveries()::putBack);
      return some.stream().anyMatch(one -> one.url().equals(to));
    });
  }

  @Test
  void who_sends_again_by_hand_delivers_it() {
    end();
    Dispatch first = dispatchOne();
    store.deliveries().recordAttempt(first, receipt(new Next.Exhausted()));

    assertThat(other.deliveries().redeliver(first.id(), app, false)).isTrue();

    assertThat(await(other).id()).isEqualTo(first.id());
    assertThat(dispatches()).isEmpty();
  }

  @Test
  void an_endpoint_hears_of_every_event_that_another_node_commits_after_it_was_registered() {
    Claim claim = acceptedOn(other);

    WebhookEndpoint endpoint = register();
    other.tasks().settle(claim, success());

    assertThat(await(other).endpoint()).contains(endpoint);
  }

  @Test
  void an_endpoint_that_one_node_switches_off_and_on_gets_nothing_meanwhile_from_the_other() {
    WebhookEndpoint endpoint = register();
    stand(endpoint, Standing.PAUSED);
    var asked = new AtomicInteger();
    eventually(() -> {
      other.tasks().settle(acceptedOn(other), success());
      return dispatchesOn(other).isEmpty() && asked.incrementAndGet() > 3;
    });

    stand(endpoint, Standing.ACTIVE);

    assertThat(await(other).endpoint().map(WebhookEndpoint::id)).contains(endpoint.id());
  }

  @Test
  void a_deleted_endpoint_leaves_nothing_behind_whoever_owned_it() {
    WebhookEndpoint endpoint = register();
    other.tasks().settle(acceptedOn(other), success());

    assertThat(store.endpoints().deleteEndpoint(endpoint.id(), app)).isTrue();

    assertThat(store.deliveries().pendingDeliveries()).isZero();
    other.tasks().settle(acceptedOn(other), success());
    assertThat(other.deliveries().pendingDeliveries()).isZero();
  }

  @Test
  void a_rotated_secret_signs_on_the_other_node_within_a_second() {
    var owner = new SigningSecret.Owner.OfApplication(app);
    SigningSecret first = secret(1);
    assertThat(other.endpoints().secrets(owner, clock.instant(), () -> List.of(first)))
        .containsExactly(first);
    clock.move(Duration.ofSeconds(1));
    SigningSecret second = secret(2);

    store.endpoints().rotate(owner, second, clock.instant().plusSeconds(60));

    eventually(() -> other.endpoints().secrets(owner, clock.instant(), List::of).contains(second));
  }

  @Test
  void a_token_taken_back_is_refused_by_the_other_node_at_once_and_its_bell_rings() {
    var token =
        new Credential(credential, app, "n", "h4sh", "tok_", Optional.empty(), false, START);
    store.access().createCredential(token);
    assertThat(other.access().findByTokenHash("h4sh").orElseThrow().credential().revoked())
        .isFalse();
    var rung = new AtomicInteger();

    try (var _ = other.bell().listenToDirectory(rung::incrementAndGet)) {
      store.access().revokeCredential(credential);

      assertThat(other.access().findByTokenHash("h4sh").orElseThrow().credential().revoked())
          .isTrue();
      eventually(() -> {
        // Nothing is told to others before it is known that there are any, a second at most.
        store.access().revokeCredential(credential);
        return rung.get() > 0;
      });
    }
  }

  @Test
  void limits_set_on_one_node_hold_on_the_other() {
    var limits =
        new Limits(
            new Ceiling(Optional.empty(), Optional.of(9)),
            Optional.empty(),
            Optional.of(2),
            Optional.empty(),
            Map.of());
    assertThat(other.limits().of(app)).isEqualTo(Limits.USUAL);

    store.limits().set(app, limits);

    eventually(() -> other.limits().of(app).equals(limits));
  }

  @Test
  void each_node_hears_once_what_the_other_counted() {
    assertThat(store.limits().share(Map.of("create a", 5L))).isEmpty();
    assertThat(other.limits().share(Map.of("create a", 7L))).isEqualTo(Map.of("create a", 5L));
    assertThat(other.limits().share(Map.of())).isEmpty();
    assertThat(store.limits().share(Map.of("create a", 1L))).isEqualTo(Map.of("create a", 7L));

    assertThat(store.limits().share(Map.of("create a", 1L, "query b", 2L))).isEmpty();
    assertThat(other.limits().share(Map.of())).isEqualTo(Map.of("create a", 2L, "query b", 2L));
  }

  /// One transaction has taken a place and not committed; another one, on another node, ends a task
  /// of the same application meanwhile.
  @Test
  void a_reader_never_passes_a_place_that_is_taken_and_not_committed() throws Exception {
    end();
    long seen = store.feed().feedEnd(app);
    Claim claim = acceptedOn(other);
    TaskId early = accept(order("0")).id();
    try (Connection slow = PostgresBench.connect(PostgresBench.database(place()))) {
      slow.setAutoCommit(false);
      takePlace(slow, early);
      var later = Thread.ofVirtual().start(() -> other.tasks().settle(claim, success()));
      eventually(() -> waitsForALock(slow));

      assertThat(store.feed().feed(app, seen, 10)).isEmpty();
      assertThat(other.feed().feedEnd(app)).isEqualTo(seen + acceptsSince());
      slow.commit();
      later.join();
    }

    List<FeedItem> items = store.feed().feed(app, seen, 10);
    assertThat(items)
        .extracting(item -> ((FeedItem.OfTask) item).task().id())
        .containsExactly(early, claim.task().id());
    assertThat(items).isSortedAccordingTo((a, b) -> Long.compare(a.position(), b.position()));
  }

  /// Accepting takes places as well, which no item of the feed has.
  private static long acceptsSince() {
    return 2;
  }

  private void takePlace(Connection slow, TaskId task) throws SQLException {
    try (var statement = slow.createStatement()) {
      statement.execute(
          "WITH place AS (UPDATE head SET position = position + 1 WHERE application_id = '%s'"
                  .formatted(app.value())
              + " RETURNING position) INSERT INTO event (task_id, application_id, position, at,"
              + " sequence, progress, type) SELECT '%s', '%s', position, 0, 2, 0, '%s' FROM place"
                  .formatted(task.value(), app.value(), EventType.TASK_STARTED.wire()));
    }
  }

  private static boolean waitsForALock(Connection asking) {
    try (var statement = asking.createStatement();
        var found =
            statement.executeQuery(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND database ="
                    + " (SELECT oid FROM pg_database WHERE datname = current_database())"
                    + " OR NOT granted AND locktype = 'transactionid'")) {
      found.next();
      return found.getInt(1) > 0;
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void a_reader_that_follows_both_nodes_sees_every_event_once() throws Exception {
    int each = 40;
    List<Thread> writers = new ArrayList<>();
    for (Store node : List.of(store, other)) {
      writers.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < each; i++) {
                  node.tasks().settle(acceptedOn(node), success());
                }
              }));
    }
    var seen = new ArrayList<UUID>();
    var place = new long[1];
    eventually(() -> {
      Store reader = seen.size() % 2 == 0 ? store : other;
      for (FeedItem item : reader.feed().feed(app, place[0], 7)) {
        seen.add(((FeedItem.OfTask) item).task().id().value());
        place[0] = item.position();
      }
      return seen.size() >= 2 * each;
    });
    for (Thread writer : writers) {
      writer.join();
    }

    assertThat(seen).hasSize(2 * each).doesNotHaveDuplicates();
  }

  private Claim acceptedOn(Store node) {
    assertThat(node.tasks().accept(order("0"))).isInstanceOf(TaskStore.Accepted.Taken.class);
    try {
      List<Claim> claims = node.tasks().claim(1, PATIENCE);
      assertThat(claims).hasSize(1);
      return claims.getFirst();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private static List<Dispatch> dispatchesOn(Store node) {
    try {
      return node.deliveries().claimDeliveries(OPEN, 100, NO_WAIT);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private static Dispatch await(Store node) {
    var found = new ArrayList<Dispatch>();
    eventually(() -> {
      found.addAll(dispatchesOn(node));
      return !found.isEmpty();
    });
    return found.getFirst();
  }

  private WebhookEndpoint register() {
    return register(Set.of(EventType.TASK_SUCCEEDED));
  }
}
