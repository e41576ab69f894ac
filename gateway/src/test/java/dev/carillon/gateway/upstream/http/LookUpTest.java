package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.upstream.DefinitionException;
import dev.carillon.gateway.upstream.http.spool.Spool;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a look-up may prove about a submission whose answer was lost.
class LookUpTest {
  private static final String FILE =
      """
      name: demo
      source: a page
      checked: "2026-11-26"
      base-url: $DEMO_URL
      keys: {key: DEMO_KEY}
      submit: {path: /jobs, body: '{"prompt": request.prompt}', job: {id: answer.id}}
      poll: {path: "/jobs/{job.id}"}
      find:
        path: /jobs
        query: {reference: "{task.id}"}
        job: {id: answer.id}
        absent: answer.error.code = "no_such_job"
        settled: 2m
      state: answer.status
      words: {done: [ready], running: [working]}
      works: '{"url": answer.url}'
      serves:
        - endpoint: /seedream/images
      """;

  private static final Duration SETTLED = Duration.ofMinutes(2);
  private static final Duration LOOKS_EVERY = Duration.ofSeconds(30); // as the desk does

  @TempDir Path folder;
  private final Receiver provider = Receiver.start();

  private Desk desk() throws Exception {
    return desk(FILE);
  }

  private Desk desk(String file) throws Exception {
    Files.createDirectories(folder.resolve("providers"));
    Files.writeString(folder.resolve("providers/demo.yaml"), file);
    return new Desk(
        new ProviderConfig(
            Optional.of(folder.resolve("providers")),
            Map.of("DEMO_URL", "http://127.0.0.1:" + provider.port(), "DEMO_KEY", "k"),
            Map.of(),
            Set.of(),
            Optional.empty(),
            folder.resolve("spool"),
            Spool.Limits.DEFAULTS),
        "/seedream/images",
        "{\"prompt\":\"sea\"}");
  }

  private void finding(int status, String type, String body) {
    provider.otherwise(request ->
        request.method().equals("POST")
            ? new Reaction.Close()
            : new Reaction.Answer(status, Map.of("Content-Type", type), body));
  }

  private long submissions() {
    return provider.received().stream().filter(one -> one.method().equals("POST")).count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 application/json {}",
        "200 application/json {\"items\":[]}",
        "200 application/json ",
        "200 text/html <html>maintenance</html>",
        "204 application/json ",
        "404 text/html <html>no such page</html>",
        "404 application/json {\"error\":{\"code\":\"no_route\"}}",
        "410 application/json {}",
        "500 application/json {\"error\":{\"code\":\"no_such_job\"}}",
        "429 application/json {\"error\":{\"code\":\"no_such_job\"}}"
      })
  void an_answer_that_does_not_say_so_never_proves_that_there_is_no_job(String answer)
      throws Exception {
    String[] parts = answer.split(" ", 3);
    finding(Integer.parseInt(parts[0]), parts[1], parts[2]);
    try (provider;
        var desk = desk()) {
      assertThat(desk.end()).isInstanceOf(Outcome.Unknown.class);
      assertThat(submissions()).isEqualTo(1);
      assertThat(provider.count()).isGreaterThan(20);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404})
  void the_providers_own_word_for_it_proves_it_once_it_is_settled(int status) throws Exception {
    finding(status, "application/json", "{\"error\":{\"code\":\"no_such_job\"}}");
    try (provider;
        var desk = desk()) {
      desk.turn();
      for (int look = 0; look < 3; look++) {
        assertThat(desk.turn()).isInstanceOf(Outcome.Unknown.class);
      }
      assertThat(submissions()).isEqualTo(1);

      desk.end();

      assertThat(submissions()).isGreaterThan(1);
    }
  }

  @Test
  void a_clock_that_jumps_ahead_settles_nothing() throws Exception {
    finding(404, "application/json", "{\"error\":{\"code\":\"no_such_job\"}}");
    try (provider;
        var desk = desk()) {
      desk.turn();
      desk.clock().jump(Duration.ofHours(1));
      assertThat(desk.turn()).isInstanceOf(Outcome.Unknown.class);
      desk.clock().jump(Duration.ofHours(-1));
      assertThat(desk.turn()).isInstanceOf(Outcome.Unknown.class);
      assertThat(submissions()).isEqualTo(1);

      desk.end();

      assertThat(submissions()).isGreaterThan(1);
    }
  }

  /// Whoever had the task before may be frozen, and its clock another one.
  @Test
  void who_takes_a_submission_over_looks_for_it_for_as_long_before_it_is_taken_for_lost()
      throws Exception {
    finding(404, "application/json", "{\"error\":{\"code\":\"no_such_job\"}}");
    try (provider;
        var desk = desk()) {
      desk.turn();
      desk.clock().advance(Duration.ofMinutes(10));
      desk.restart();

      for (int look = 0; look < 4; look++) {
        var certain = SETTLED.minus(LOOKS_EVERY.multipliedBy(look)).plusMillis(1);
        assertThat(desk.turn())
            .isInstanceOfSatisfying(
                Outcome.Unknown.class, unknown -> assertThat(unknown.certain()).contains(certain));
      }
      desk.clock().advance(Duration.ofMillis(1));
      assertThat(desk.turn()).as("as it said").isInstanceOf(Outcome.Wait.class);
      assertThat(submissions()).isEqualTo(1);
      desk.end();

      assertThat(submissions()).isGreaterThan(1);
    }
  }

  @Test
  void a_look_that_failed_says_as_well_when_one_can_know() throws Exception {
    finding(503, "application/json", "{}");
    try (provider;
        var desk = desk()) {
      desk.turn();
      desk.clock().advance(Duration.ofMinutes(10));
      desk.restart();

      assertThat(desk.turn())
          .isInstanceOfSatisfying(
              Outcome.Unknown.class,
              unknown -> assertThat(unknown.certain()).contains(SETTLED.plusMillis(1)));
    }
  }

  /// A process that stood still after it noted what it was about to do.
  @Test
  void what_another_may_have_taken_over_meanwhile_is_not_sent() throws Exception {
    provider.otherwise(_ ->
        new Reaction.Answer(200, Map.of("Content-Type", "application/json"), "{\"id\":\"7\"}"));
    try (provider;
        var desk = desk()) {
      desk.whenNoted(frozen -> frozen.ours(false));

      Outcome outcome = desk.turn();

      assertThat(outcome).isInstanceOf(Outcome.Wait.class);
      assertThat(provider.received()).isEmpty();
      assertThat(desk.notes()).hasSize(2).endsWith("");

      desk.whenNoted(awake -> awake.ours(true));
      assertThat(desk.turn()).isInstanceOf(Outcome.Wait.class);
      assertThat(submissions()).isEqualTo(1);
      assertThat(desk.notes()).hasSize(4);
    }
  }

  @Test
  void what_expired_is_not_sent_again_even_under_its_key_but_looked_up() throws Exception {
    finding(200, "application/json", "{\"id\":\"7\"}");
    try (provider;
        var desk = desk(FILE + "idempotency: {header: Idempotency-Key}\n")) {
      assertThat(desk.turn()).isInstanceOf(Outcome.Unknown.class);
      desk.expire();

      assertThat(desk.turn()).isInstanceOf(Outcome.Wait.class);

      assertThat(submissions()).isEqualTo(1);
      assertThat(provider.received("/jobs")).hasSize(2);
    }
  }

  @Test
  void what_proves_that_there_is_no_job_has_to_be_said_with_when_it_does() {
    var half = catchThrowableOfType(DefinitionException.class, () -> read("absent"));
    var other = catchThrowableOfType(DefinitionException.class, () -> read("settled"));

    assertThat(half.faults())
        .containsExactly("demo.yaml:9: find needs both absent and settled, or neither");
    assertThat(other.faults())
        .containsExactly("demo.yaml:9: find needs both absent and settled, or neither");
  }

  private static void read(String without) {
    DefinitionReader.read("demo.yaml", FILE.replaceFirst("(?m)^  " + without + ": .*\\n", ""));
  }
}
