package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.upstream.UpstreamListener;
import dev.carillon.gateway.upstream.http.Definition.Batch;
import dev.carillon.gateway.upstream.http.spool.Spool;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.HandClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which jobs are asked for together, and when.
class BatchesTest {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final String FILE =
      """
      name: many
      source: made up
      checked: "2026-11-26"
      base-url: http://many.test
      hosts: ["*"]
      keys: {key: MANY_KEY}
      submit: {path: /jobs, body: '{"reference": task.id}', job: {id: answer.id}}
      poll: {path: "/jobs/{job.id}"}
      batch: {path: /look, body: '{"ids": [ids]}', items: answer, id: answer.id, most: 2}
      state: answer.status
      words: {done: [done], running: [running]}
      works: '{"url": answer.url}'
      serves:
        - endpoint: /seedream/images
      """;

  private final LinkedBlockingQueue<Look> looks = new LinkedBlockingQueue<>();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final Definition definition = DefinitionReader.read("many.yaml", FILE);
  private final Batch batch = definition.serves().getFirst().plan().batch().orElseThrow();
  private final ProviderKey key =
      new ProviderKey(Map.of("key", "none"), new Definition.Quota(1_000, 1_000, 1_000));
  private @Nullable Batches batches;

  /// A request for many jobs, and its answer, which comes when the test gives it.
  private record Look(List<String> ids, LinkedBlockingQueue<String> answer) {
    /// All of them run.
    void run() {
      answer.add(
          JsonMapper.shared()
              .writeValueAsString(
                  ids.stream().map(id -> Map.of("id", id, "status", "running")).toList()));
    }
  }

  @BeforeEach
  void provider(@TempDir Path folder) {
    var clock = new HandClock();
    var tools =
        new HttpProvider.Tools(
            this::answered,
            clock,
            Desk.byHand(clock),
            UpstreamListener.NONE,
            new NewsSeal(new byte[32]),
            Optional.empty(),
            new HttpProvider.Keeping(
                new Spool(folder, Spool.Limits.DEFAULTS), (_, _, _) -> "", _ -> true));
    batches = new Batches(new Talk(definition, tools), _ -> {});
  }

  private Reply answered(Wire.Ask ask) throws InterruptedException {
    JsonNode body =
        JsonMapper.shared()
            .readTree(ask.body().orElseThrow().bytes().string(StandardCharsets.UTF_8));
    List<String> ids = new ArrayList<>();
    body.path("ids").forEach(id -> ids.add(id.asString("")));
    var look = new Look(List.copyOf(ids), new LinkedBlockingQueue<>());
    looks.add(look);
    return new Reply.Answered(
        200,
        Map.of("content-type", "application/json"),
        ByteString.encodeUtf8(look.answer().take()));
  }

  @AfterEach
  void end() {
    callers.shutdownNow();
  }

  private Future<Reply> ask(String id) {
    Batches asked = Objects.requireNonNull(batches);
    return callers.submit(() -> asked.ask(batch, key, id));
  }

  private Look next() throws InterruptedException {
    return Optional.ofNullable(looks.poll(LONGEST.toMillis(), TimeUnit.MILLISECONDS)).orElseThrow();
  }

  private static String status(Future<Reply> one) throws Exception {
    Reply reply = one.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(reply).isInstanceOf(Reply.Answered.class);
    return String.valueOf(((Map<?, ?>) ((Reply.Answered) reply).data()).get("status"));
  }

  @Test
  void who_comes_meanwhile_is_in_the_next_one_which_goes_beside_it_once_it_is_full()
      throws Exception {
    Future<Reply> first = ask("a");
    Look alone = next();
    assertThat(alone.ids()).containsExactly("a");

    Future<Reply> second = ask("b");
    Await.until("it waits", LONGEST, () -> waiting() == 1);
    assertThat(looks).as("it is not full").isEmpty();
    Future<Reply> third = ask("c");
    Look full = next();
    assertThat(full.ids()).containsExactlyInAnyOrder("b", "c");

    full.run();
    assertThat(status(second)).isEqualTo("running");
    assertThat(status(third)).isEqualTo("running");
    assertThat(first.isDone()).isFalse();
    alone.run();
    assertThat(status(first)).isEqualTo("running");
  }

  @Test
  void there_are_never_more_than_four_at_a_time() throws Exception {
    List<Future<Reply>> all = new ArrayList<>();
    all.add(ask("first"));
    List<Look> underWay = new ArrayList<>(List.of(next()));
    for (int pair = 0; pair < 3; pair++) {
      all.add(ask("a" + pair));
      all.add(ask("b" + pair));
      underWay.add(next());
    }
    all.add(ask("c1"));
    all.add(ask("c2"));
    all.add(ask("c3"));
    Await.until("they wait", LONGEST, () -> waiting() == 3);
    assertThat(looks).isEmpty();

    underWay.removeFirst().run();
    Look fifth = next();
    assertThat(fifth.ids()).hasSize(2);
    underWay.add(fifth);
    underWay.removeFirst().run();
    assertThat(status(all.get(1))).isEqualTo("running");
    assertThat(status(all.get(2))).isEqualTo("running");
    assertThat(waiting()).as("the last one is alone, and others are under way").isEqualTo(1);
    underWay.forEach(Look::run);
    next().run();
    for (Future<Reply> one : all) {
      assertThat(status(one)).isEqualTo("running");
    }
  }

  @Test
  void an_odd_answer_leaves_nobody_waiting() throws Exception {
    Future<Reply> first = ask("a");
    Look alone = next();
    Future<Reply> second = ask("b");
    Await.until("it waits", LONGEST, () -> waiting() == 1);

    alone.answer().add("[null, {\"id\": \"a\", \"status\": \"running\"}]");
    assertThat(status(first)).isEqualTo("running");
    next().answer().add("[{\"id\": {\"no\": \"text\"}}]");
    assertThat(second.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS))
        .isInstanceOf(Reply.Lost.class);
  }

  private int waiting() {
    return Objects.requireNonNull(batches).waiting(batch, key);
  }
}
