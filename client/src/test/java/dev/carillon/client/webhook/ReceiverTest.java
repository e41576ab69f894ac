package dev.carillon.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.client.webhook.Inbox.Claim;
import dev.carillon.client.webhook.Inbox.State;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.SignedRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@Timeout(60)
final class ReceiverTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  private final HandClock clock = new HandClock();
  private final Inbox inbox = new MemoryInbox(3, 100);
  private final List<String> ran = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Heard heard = new Heard();

  /// Keeps what a receiver told.
  private static final class Heard implements ReceiverListener {
    final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void rejected(WebhookVerificationException why) {
      all.add("rejected " + why.reason());
    }

    @Override
    public void done(Claim claim) {
      all.add("done " + claim.event().id());
    }

    @Override
    public void failed(Claim claim, Throwable why) {
      all.add("failed " + claim.event().id() + " " + why.getMessage());
    }

    @Override
    public void givenUp(Claim claim, Throwable why) {
      all.add("given up " + claim.event().id());
    }

    @Override
    public void leaseLost(Claim claim) {
      all.add("lease lost " + claim.event().id());
    }

    @Override
    public void inboxFailed(RuntimeException why) {
      all.add("inbox failed");
      throw new IllegalStateException("a listener with a fault");
    }

    void await(String what) {
      Await.until(what, SOON, () -> all.contains(what));
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable thing : opened) {
      thing.close();
    }
  }

  private Receiver.Builder builder(Inbox inbox, EventHandler handler) {
    var verifier = WebhookVerifier.builder().secret(SignedRequest.SECRET).clock(clock).build();
    return Receiver.builder(verifier, inbox, handler)
        .clock(clock)
        .listener(heard)
        .poll(Duration.ofMillis(5))
        .grace(Duration.ofMillis(200));
  }

  private Receiver started(Receiver.Builder builder) {
    Receiver receiver = builder.build();
    opened.add(receiver);
    receiver.start();
    receiver.start();
    return receiver;
  }

  private int send(Receiver receiver, String id) {
    var request = SignedRequest.of(id, clock.instant(), "{\"type\":\"task.succeeded\"}");
    return receiver.handle(request.body(), request.headers());
  }

  @Test
  void an_event_is_answered_204_and_runs_once_however_often_it_comes() {
    Receiver receiver =
        started(builder(inbox, claim -> ran.add(claim.event().type().orElseThrow())));

    assertThat(send(receiver, "a")).isEqualTo(204);
    assertThat(send(receiver, "a")).isEqualTo(204);
    heard.await("done a");
    assertThat(send(receiver, "a")).isEqualTo(204);
    assertThat(send(receiver, "b")).isEqualTo(204);
    heard.await("done b");

    assertThat(ran).containsExactly("task.succeeded", "task.succeeded");
  }

  @Test
  void the_answer_does_not_wait_for_the_applications_code() {
    var release = new CountDownLatch(1);
    Receiver receiver = started(builder(inbox, _ -> release.await()));

    assertThat(send(receiver, "a")).isEqualTo(204);
    assertThat(heard.all).isEmpty();

    release.countDown();
    heard.await("done a");
  }

  @Test
  void each_bad_request_has_its_status_and_stays_out_of_the_inbox() {
    Receiver receiver = builder(inbox, _ -> {}).mostBodyBytes(100).build();
    var good = SignedRequest.of("a", clock.instant(), "{}");
    var old = SignedRequest.of("a", clock.instant().minus(Duration.ofHours(1)), "{}");
    var forged = SignedRequest.of("whsec_" + "A".repeat(32), "a", clock.instant(), "{}");
    var longId = SignedRequest.of("a".repeat(300), clock.instant(), "{}");

    assertThat(receiver.handle(good.body(), Map.of())).isEqualTo(400);
    assertThat(receiver.handle(longId.body(), longId.headers())).isEqualTo(400);
    assertThat(receiver.handle(old.body(), old.headers())).isEqualTo(401);
    assertThat(receiver.handle(forged.body(), forged.headers())).isEqualTo(401);
    assertThat(receiver.handle(new byte[101], good.headers())).isEqualTo(413);
    assertThat(inbox.open()).isZero();
    assertThat(heard.all)
        .containsExactly("rejected MISSING_HEADER", "rejected TOO_OLD", "rejected NO_MATCH");
  }

  @Test
  void a_full_inbox_asks_the_sender_to_come_again() {
    Receiver receiver = builder(inbox, _ -> {}).build();

    assertThat(List.of(send(receiver, "a"), send(receiver, "b"), send(receiver, "c")))
        .containsOnly(204);
    assertThat(send(receiver, "d")).isEqualTo(503);
    assertThat(send(receiver, "a")).isEqualTo(204);
  }

  @Test
  void a_broken_inbox_asks_the_sender_to_come_again() throws Exception {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve("inbox.db"));
    Receiver receiver = builder(JdbcInbox.open(database), _ -> {}).build();
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("DROP TABLE carillon_inbox");
    }

    assertThat(send(receiver, "a")).isEqualTo(503);
    assertThat(heard.all).containsExactly("inbox failed");
  }

  @Test
  void a_failed_run_is_tried_again_by_plan_and_given_up_after_the_last() {
    var plan = new RetryPlan(List.of(Duration.ofMinutes(1), Duration.ofHours(1)));
    var runs = new AtomicInteger();
    Receiver receiver =
        started(
            builder(
                    inbox,
                    _ -> {
                      throw new IllegalStateException("run " + runs.incrementAndGet());
                    })
                .retries(plan));

    send(receiver, "a");
    heard.await("failed a run 1");
    Instant first = inbox.find("a").orElseThrow().dueAt().orElseThrow();
    assertThat(first).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
    clock.advance(Duration.ofMinutes(1));
    heard.await("failed a run 2");
    clock.advance(Duration.ofHours(1));
    heard.await("given up a");

    assertThat(runs).hasValue(3);
    assertThat(inbox.find("a").orElseThrow().state()).isEqualTo(State.FAILED);
    assertThat(inbox.open()).isZero();
  }

  @Test
  void an_error_of_the_machine_under_the_applications_code_is_a_failed_run() {
    Receiver receiver =
        started(
            builder(
                inbox,
                claim -> {
                  if (claim.attempt() == 1) {
                    throw new StackOverflowError("deep");
                  }
                }));

    send(receiver, "a");
    heard.await("failed a deep");
    clock.advance(Duration.ofMinutes(1));
    heard.await("done a");
  }

  @Test
  void what_was_answered_and_not_run_is_run_after_a_restart() {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve("inbox.db"));
    Receiver dead = builder(JdbcInbox.open(database), _ -> {}).build();
    assertThat(send(dead, "never begun")).isEqualTo(204);
    assertThat(send(dead, "half done")).isEqualTo(204);
    // A runner that claimed one and died under it.
    Inbox inboxOfTheDead = JdbcInbox.open(database);
    Instant now = clock.instant();
    Claim claim = inboxOfTheDead.claim(now, now.plus(Duration.ofMinutes(1))).orElseThrow();

    started(builder(JdbcInbox.open(database), next -> ran.add(next.event().id())));
    Await.until("the other was run", SOON, () -> ran.size() == 1);
    clock.advance(Duration.ofMinutes(2));
    heard.await("done " + claim.event().id());

    assertThat(ran).containsExactlyInAnyOrder("never begun", "half done");
    assertThat(inboxOfTheDead.done(claim, clock.instant())).isFalse();
  }

  @Test
  void an_event_that_kills_its_process_every_time_is_given_up() {
    var plan = new RetryPlan(List.of(Duration.ofMinutes(1)));
    inbox.put(InboxLaws.event("poison"), clock.instant());
    for (int death = 0; death < plan.runs(); death++) {
      assertThat(inbox.claim(clock.instant(), clock.instant())).isPresent();
    }

    started(builder(inbox, claim -> ran.add(claim.event().id())).retries(plan));
    heard.await("given up poison");

    assertThat(ran).isEmpty();
  }

  @Test
  void a_long_run_keeps_its_lease_as_long_as_its_process_lives() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    Receiver receiver =
        started(
            builder(
                    inbox,
                    claim -> {
                      ran.add(claim.event().id());
                      begun.countDown();
                      release.await();
                    })
                .lease(Duration.ofMillis(30)));
    send(receiver, "a");
    begun.await();

    Instant first = inbox.find("a").orElseThrow().dueAt().orElseThrow();
    clock.advance(Duration.ofMillis(20));
    Await.until(
        "the lease was extended",
        SOON,
        () -> inbox.find("a").orElseThrow().dueAt().orElseThrow().isAfter(first));
    release.countDown();
    heard.await("done a");

    assertThat(ran).containsExactly("a");
  }

  @Test
  void a_run_that_takes_too_long_is_interrupted_and_tried_again() throws Exception {
    var begun = new CountDownLatch(1);
    Receiver receiver =
        started(
            builder(
                    inbox,
                    claim -> {
                      if (claim.attempt() == 1) {
                        begun.countDown();
                        new CountDownLatch(1).await();
                      }
                    })
                .lease(Duration.ofMillis(300))
                .longestRun(Duration.ofMillis(100)));
    send(receiver, "a");
    begun.await();

    clock.advance(Duration.ofMillis(200));
    heard.await("failed a null");
    clock.advance(Duration.ofMinutes(1));
    heard.await("done a");
  }

  @Test
  void closing_interrupts_what_runs_and_leaves_it_due_at_once() throws Exception {
    var begun = new CountDownLatch(1);
    Receiver receiver =
        started(
            builder(
                inbox,
                _ -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                }));
    send(receiver, "a");
    begun.await();

    receiver.close();
    receiver.close();

    var standing = inbox.find("a").orElseThrow();
    assertThat(standing.state()).isEqualTo(State.FAILED);
    assertThat(standing.dueAt()).contains(clock.instant());
    assertThat(inbox.claim(clock.instant(), clock.instant().plusSeconds(1))).isPresent();
  }

  @Test
  void a_mark_made_in_the_applications_own_transaction_counts() {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve("inbox.db"));
    JdbcInbox own = JdbcInbox.open(database);
    Receiver receiver =
        started(
            builder(
                own,
                claim -> {
                  try (var connection = database.getConnection()) {
                    connection.setAutoCommit(false);
                    assertThat(own.done(connection, claim, clock.instant())).isTrue();
                    connection.commit();
                  }
                }));

    send(receiver, "a");
    heard.await("done a");

    assertThat(heard.all).containsExactly("done a");
  }

  @Test
  void never_more_events_run_at_once_than_there_are_workers() throws Exception {
    var many = new MemoryInbox();
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var left = new CountDownLatch(200);
    Receiver receiver =
        started(
            builder(
                    many,
                    _ -> {
                      most.accumulateAndGet(now.incrementAndGet(), Math::max);
                      Thread.onSpinWait();
                      now.decrementAndGet();
                      left.countDown();
                    })
                .workers(3));

    for (int i = 0; i < 200; i++) {
      assertThat(send(receiver, "e" + i)).isEqualTo(204);
    }
    left.await();

    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void closing_what_never_started_is_harmless() {
    Receiver receiver = builder(inbox, _ -> {}).build();
    receiver.close();
    receiver.start();
    receiver.close();
  }

  @Test
  void ids_are_kept_at_least_as_long_as_the_gateway_repeats() {
    assertThatThrownBy(() -> builder(inbox, _ -> {}).keep(Duration.ofDays(6)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(RetryPlan.USUAL.pauses().stream().reduce(Duration.ZERO, Duration::plus))
        .isBetween(Duration.ofDays(1), Duration.ofDays(3));
    assertThat(Optional.of(RetryPlan.USUAL.runs())).contains(11);
  }
}
