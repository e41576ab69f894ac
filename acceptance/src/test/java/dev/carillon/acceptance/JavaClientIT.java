package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.Carillon;
import dev.carillon.client.FeedReconciler;
import dev.carillon.client.TaskHandle;
import dev.carillon.client.TaskResult;
import dev.carillon.client.service.Flux;
import dev.carillon.client.service.Suno;
import dev.carillon.client.webhook.Inbox;
import dev.carillon.client.webhook.MemoryInbox;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The Java client against a real gateway.
@ExtendWith(SharedGateway.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class JavaClientIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Carillon carillon;

  JavaClientIT(GatewayProcess gateway) {
    this.carillon = Carillon.at(gateway.base(), gateway.token());
  }

  @Test
  void a_task_is_submitted_awaited_and_resumed_by_its_id() throws Exception {
    TaskHandle handle = carillon.submit("midjourney", "imagine", Map.of("prompt", "a fox"));
    TaskResult result = handle.await(LIMIT);
    Optional<TaskResult> again = carillon.resume(handle.service(), handle.id()).look();

    assertThat(result.isSuccess()).as("%s", result).isTrue();
    assertThat(result.result().toString()).contains("http");
    assertThat(again).contains(result);
  }

  @Test
  void a_typed_request_is_taken_as_the_catalog_says() throws Exception {
    TaskHandle pictures = carillon.submit(Flux.images("a fox").count(2).size("512x512"));
    TaskHandle song = carillon.submit(Suno.lyrics("a song about bells", "default"));

    assertThat(pictures.await(LIMIT).result().path("data")).hasSize(2);
    assertThat(song.await(LIMIT).isSuccess()).isTrue();
  }

  @Test
  void a_refused_task_fails_with_its_code() throws Exception {
    TaskHandle handle =
        carillon.submit(
            "midjourney", "imagine", Map.of("prompt", "[[sandbox fail=forbidden]] a fox"));

    assertThat(handle.await(LIMIT).errorCode()).contains("forbidden");
  }

  @Test
  void a_task_is_cancelled() throws Exception {
    TaskHandle handle =
        carillon.submit("midjourney", "imagine", Map.of("prompt", "[[sandbox hang]] a fox"));

    assertThat(handle.look()).isEmpty();
    handle.cancel();

    assertThat(handle.await(LIMIT).errorCode()).contains("cancelled");
  }

  @Test
  void the_feed_brings_each_end_once_into_the_inbox() throws Exception {
    var inbox = new MemoryInbox();
    TaskHandle handle = carillon.submit("midjourney", "imagine", Map.of("prompt", "a fox"));
    handle.await(LIMIT);
    FeedReconciler reconciler =
        carillon.reconciler("client-it", inbox).types("task.succeeded").build();

    assertThat(reconciler.catchUp()).isPositive();
    assertThat(reconciler.catchUp()).isZero();

    assertThat(bodies(inbox)).filteredOn(body -> body.contains(handle.id())).hasSize(1);
    var named = new MemoryInbox();
    FeedReconciler atGateway =
        carillon
            .reconciler("client-it", named)
            .types("task.succeeded")
            .acknowledgeAtGateway()
            .build();
    assertThat(atGateway.catchUp()).isPositive();
    assertThat(
            carillon
                .reconciler("client-it", new MemoryInbox())
                .types("task.succeeded")
                .acknowledgeAtGateway()
                .build()
                .catchUp())
        .isZero();
  }

  private static List<String> bodies(Inbox inbox) {
    var bodies = new ArrayList<String>();
    var now = InstantSource.system().instant();
    Optional<Inbox.Claim> claim = inbox.claim(now, now.plus(LIMIT));
    while (claim.isPresent()) {
      bodies.add(new String(claim.get().event().body(), java.nio.charset.StandardCharsets.UTF_8));
      claim = inbox.claim(now, now.plus(LIMIT));
    }
    return bodies;
  }
}
