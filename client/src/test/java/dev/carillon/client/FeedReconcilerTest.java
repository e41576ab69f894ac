package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.client.webhook.Inbox;
import dev.carillon.client.webhook.InboxEvent;
import dev.carillon.client.webhook.InboxException;
import dev.carillon.client.webhook.MemoryInbox;
import dev.carillon.client.webhook.WebhookVerifier;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.HandClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FeedReconcilerTest {
  private final HandClock clock = new HandClock();
  private final Inbox inbox = new MemoryInbox(5, 100);
  private FeedServer server;

  @BeforeEach
  void open() throws Exception {
    server = new FeedServer();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private FeedReconciler.Builder builder() {
    return Carillon.at(server.url(), "token").reconciler("orders", inbox).clock(clock);
  }

  private List<String> drain() {
    var ids = new ArrayList<String>();
    Optional<Inbox.Claim> claim = inbox.claim(clock.instant(), clock.instant().plusSeconds(60));
    while (claim.isPresent()) {
      ids.add(claim.get().event().id());
      inbox.done(claim.get(), clock.instant());
      claim = inbox.claim(clock.instant(), clock.instant().plusSeconds(60));
    }
    return ids;
  }

  @Test
  void what_was_missed_is_taken_in_page_by_page_with_its_very_bytes() throws Exception {
    for (int i = 1; i <= 5; i++) {
      server.add("e" + i);
    }

    assertThat(builder().build().catchUp()).isEqualTo(5);

    Inbox.Claim first = inbox.claim(clock.instant(), clock.instant().plusSeconds(1)).orElseThrow();
    assertThat(new String(first.event().body(), StandardCharsets.UTF_8))
        .isEqualTo(server.events.getFirst());
    assertThat(first.event().type()).contains("task.succeeded");
    assertThat(inbox.cursor("orders")).contains("5");
  }

  @Test
  void a_receiver_with_a_feed_brings_what_no_callback_brought_and_ends_the_wait() throws Exception {
    Carillon carillon = Carillon.at(server.url(), "token");
    var end = carillon.resume("suno", "t1").whenEnded();
    var heard = new CopyOnWriteArrayList<String>();
    var verifier =
        WebhookVerifier.builder().secret("whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").build();
    try (var receiver =
        carillon
            .receiver("orders", verifier, new MemoryInbox(), claim -> heard.add(claim.event().id()))
            .build()) {
      receiver.start();
      server.events.add(
          "{\"id\":\"e1\",\"type\":\"task.succeeded\",\"data\":{\"task_id\":\"t1\","
              + "\"state\":\"succeeded\",\"result\":{\"a\":7}}}");

      Await.until("the event is run", Duration.ofSeconds(30), () -> heard.contains("e1"));
      assertThat(end.get(30, TimeUnit.SECONDS).result().path("a").asInt()).isEqualTo(7);
    }
  }

  @Test
  void what_came_by_callback_is_not_taken_in_twice() throws Exception {
    server.add("e1");
    server.add("e2");
    inbox.put(new InboxEvent("e1", Optional.empty(), new byte[0]), clock.instant());

    assertThat(builder().build().catchUp()).isEqualTo(1);
    assertThat(builder().build().catchUp()).isZero();

    assertThat(drain()).containsExactlyInAnyOrder("e1", "e2");
  }

  @Test
  void a_full_inbox_stops_the_reading_before_what_it_did_not_take() throws Exception {
    for (int i = 1; i <= 8; i++) {
      server.add("e" + i);
    }

    assertThatThrownBy(() -> builder().build().catchUp()).isInstanceOf(InboxException.class);
    assertThat(inbox.cursor("orders")).contains("5");
    List<String> ran = drain();
    assertThat(builder().build().catchUp()).isEqualTo(3);
    ran.addAll(drain());

    assertThat(ran).containsExactly("e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8");
  }

  @Test
  void the_place_can_be_kept_at_the_gateway() throws Exception {
    for (int i = 1; i <= 4; i++) {
      server.add("e" + i);
    }

    assertThat(builder().acknowledgeAtGateway().build().catchUp()).isEqualTo(4);

    assertThat(server.consumers).containsEntry("orders", 4);
    assertThat(inbox.cursor("orders")).isEmpty();
    assertThat(server.requests).contains("PUT /v1/consumers/orders");
  }

  @Test
  void other_types_are_left_out_and_passed_by() throws Exception {
    server.add("e1");
    server.events.add("{\"id\":\"e2\",\"type\":\"task.started\"}");

    assertThat(builder().types("task.started").build().catchUp()).isEqualTo(1);

    assertThat(drain()).containsExactly("e2");
    assertThat(inbox.cursor("orders")).contains("2");
    assertThat(server.requests.getFirst()).contains("types=task.started");
  }

  @Test
  void the_first_reading_begins_where_told_and_the_next_ones_after_it() throws Exception {
    server.add("e1");
    FeedReconciler first = builder().since(clock.instant()).build();

    first.catchUp();
    first.catchUp();

    assertThat(server.requests)
        .containsExactly(
            "GET /v1/events?wait=0s&since=2026-01-01T12%3A00%3A00Z",
            "GET /v1/events?wait=0s&after=1");
  }

  @Test
  void an_answer_that_makes_no_sense_moves_nothing() {
    server.add("e1");
    server.events.add("{\"type\":\"an event without id\"}");

    assertThatThrownBy(() -> builder().build().catchUp()).isInstanceOf(AnswerException.class);

    assertThat(inbox.open()).isZero();
    assertThat(inbox.cursor("orders")).isEmpty();
  }

  @Test
  void followed_in_the_background_it_survives_faults_and_reads_on() {
    var faults = new CopyOnWriteArrayList<RuntimeException>();
    server.faults.add(401);
    try (FeedReconciler following =
        builder().longPoll(Duration.ZERO).onFault(faults::add).build()) {
      following.start();
      following.start();
      server.add("e1");
      Await.until("the first event", Duration.ofSeconds(20), () -> inbox.open() == 1);
      server.add("e2");
      Await.until("the second event", Duration.ofSeconds(20), () -> inbox.open() == 2);
    }

    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst()).isInstanceOf(ServiceException.Unauthorized.class);
  }

  @Test
  void closing_twice_or_before_a_start_is_harmless() {
    FeedReconciler never = builder().build();
    never.close();
    never.start();
    never.close();

    assertThat(server.requests).isEmpty();
  }
}
