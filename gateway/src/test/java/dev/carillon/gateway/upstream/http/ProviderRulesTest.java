package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.upstream.UpstreamListener;
import dev.carillon.gateway.upstream.http.spool.Spool;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.provider.ProviderStandIn;
import dev.carillon.testkit.provider.ProviderStandIn.Trouble;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Routing, fallback, keys, models, words and addresses, against stand-ins.
class ProviderRulesTest {
  private static final String PICTURE = "{\"prompt\":\"sea\",\"model\":\"flux-pro\"}";

  @TempDir Path folder;

  private ProviderConfig config(Map<String, String> keys, Map<String, String> bases)
      throws Exception {
    Files.createDirectories(folder.resolve("providers"));
    var addresses = new HashMap<String, URI>();
    bases.forEach((name, url) -> addresses.put(name, URI.create(url)));
    return new ProviderConfig(
        Optional.of(folder.resolve("providers")),
        keys,
        addresses,
        Set.of(),
        Optional.empty(),
        folder.resolve("spool"),
        Spool.Limits.DEFAULTS);
  }

  @Test
  void the_smaller_priority_is_asked_first_and_the_next_one_where_it_took_nothing()
      throws Exception {
    try (var first = ProviderStandIn.start("bfl").submitting(Trouble.DOWN);
        var second = ProviderStandIn.start("fal")) {
      var config =
          config(
              Map.of("BFL_API_KEY", "test-key", "FAL_KEY", "test-key"),
              Map.of("bfl", first.url(), "fal", second.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE);
          var other = new Desk(config, "/flux/images", PICTURE)) {
        assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
        assertThat(first.generated()).isZero();
        assertThat(second.generated()).isEqualTo(1);

        assertThat(other.end()).isInstanceOf(Outcome.Done.class);
        assertThat(first.generated()).isEqualTo(1);
        assertThat(second.generated()).isEqualTo(1);
      }
    }
  }

  @Test
  void a_route_of_the_operator_goes_before_priorities_and_weighs_equals() throws Exception {
    try (var first = ProviderStandIn.start("bfl");
        var second = ProviderStandIn.start("fal")) {
      var config =
          config(
              Map.of("BFL_API_KEY", "test-key", "FAL_KEY", "test-key"),
              Map.of("bfl", first.url(), "fal", second.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        desk.routed(Map.of("/flux/images", List.of("fal", "bfl")));
        assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
        assertThat(first.generated()).isZero();

        desk.routed(Map.of("/flux/images", List.of("bfl:4|fal")));
        for (int task = 0; task < 20; task++) {
          desk.fresh();
          desk.end();
        }
        // One of the second's was made before.
        assertThat(first.generated()).isBetween(12, 19);
        assertThat(second.generated()).isBetween(2, 9);
      }
    }
  }

  @Test
  void a_lost_answer_is_never_a_reason_to_ask_the_next_one() throws Exception {
    try (var first = ProviderStandIn.start("bfl").submitting(Trouble.LOST);
        var second = ProviderStandIn.start("fal")) {
      var config =
          config(
              Map.of("BFL_API_KEY", "test-key", "FAL_KEY", "test-key"),
              Map.of("bfl", first.url(), "fal", second.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        assertThat(desk.end()).isInstanceOf(Outcome.Unknown.class);
        assertThat(first.generated()).isEqualTo(1);
        assertThat(second.generated()).isZero();
      }
    }
  }

  @Test
  void a_provider_that_cannot_be_reached_takes_nothing() throws Exception {
    try (var second = ProviderStandIn.start("fal")) {
      var config =
          config(
              Map.of("BFL_API_KEY", "test-key", "FAL_KEY", "test-key"),
              Map.of("bfl", "http://127.0.0.1:1", "fal", second.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
        assertThat(second.generated()).isEqualTo(1);
      }
    }
  }

  @Test
  void after_some_faults_a_provider_is_left_alone_for_a_while() throws Exception {
    try (var first = ProviderStandIn.start("bfl");
        var second = ProviderStandIn.start("fal")) {
      for (int fault = 0; fault < 5; fault++) {
        first.submitting(Trouble.DOWN);
      }
      var config =
          config(
              Map.of("BFL_API_KEY", "test-key", "FAL_KEY", "test-key"),
              Map.of("bfl", first.url(), "fal", second.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        for (int task = 0; task < 8; task++) {
          desk.fresh();
          desk.turn();
        }
        assertThat(first.received().stream().filter(one -> one.method().equals("POST"))).hasSize(5);
        assertThat(second.generated()).isEqualTo(8);

        desk.clock().advance(Duration.ofMinutes(1));
        desk.fresh();
        assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
        assertThat(first.generated()).isEqualTo(1); // it is well again, and has the priority
        assertThat(second.generated()).isEqualTo(8);
      }
    }
  }

  @Test
  void a_provider_that_is_alone_is_left_alone_too_and_then_tried_once() throws Exception {
    try (var only = ProviderStandIn.start("bfl")) {
      for (int fault = 0; fault < 6; fault++) {
        only.submitting(Trouble.DOWN);
      }
      var config = config(Map.of("BFL_API_KEY", "test-key"), Map.of("bfl", only.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        for (int turn = 0; turn < 9; turn++) {
          desk.fresh();
          desk.upstream().run(desk.claim(), desk);
        }
        assertThat(only.received()).hasSize(5);

        desk.clock().advance(Duration.ofSeconds(16));
        for (int turn = 0; turn < 3; turn++) {
          desk.fresh();
          desk.upstream().run(desk.claim(), desk);
        }
        assertThat(only.received()).hasSize(6);
      }
    }
  }

  @Test
  void a_second_key_is_used_when_the_first_is_refused() throws Exception {
    try (var standIn = ProviderStandIn.start("bfl")) {
      var config =
          config(
              Map.of("BFL_API_KEY", "wrong-key", "BFL_API_KEY_2", "test-key"),
              Map.of("bfl", standIn.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
        assertThat(standIn.generated()).isEqualTo(1);
      }
    }
  }

  @Test
  void a_model_that_is_retired_gives_way_to_its_successor_or_is_refused() throws Exception {
    String file =
        """
        name: demo
        source: a page
        checked: "2026-11-26"
        base-url: $DEMO_URL
        hosts: ["*"]
        submit: {path: /run, body: '{"input": {"prompt": request.prompt, "model": model.name}}', job: {id: answer.id}}
        poll: {path: "/status/{job.id}"}
        state: answer.status
        words: {done: [COMPLETED]}
        works: '{"url": answer.output.image_url}'
        serves:
          - endpoint: /flux/images
            models:
              flux-pro: {name: p1, retired: 2025-01-01, successor: flux-2-pro}
              flux-2-pro: p2
              flux-dev: {name: d1, retired: 2025-01-01}
        """;
    Files.createDirectories(folder.resolve("providers"));
    Files.writeString(
        folder.resolve("providers/demo.yaml"),
        file.replace("base-url: $DEMO_URL", "base-url: $DEMO_URL\nkeys: {key: DEMO_KEY}"));
    try (var standIn = ProviderStandIn.start("runpod")) {
      var config = config(Map.of("DEMO_URL", standIn.url(), "DEMO_KEY", "test-key"), Map.of());
      try (var desk = new Desk(config, "/flux/images", PICTURE);
          var gone = new Desk(config, "/flux/images", PICTURE.replace("flux-pro", "flux-dev"));
          var other = new Desk(config, "/flux/images", PICTURE.replace("flux-pro", "flux-2-max"))) {
        assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
        assertThat(standIn.received().getFirst().text()).contains("\"p2\"");
        assertThat(gone.turn())
            .isInstanceOfSatisfying(
                Outcome.Refused.class,
                refused -> {
                  assertThat(refused.reason().code()).isEqualTo(ErrorCode.BAD_REQUEST);
                  assertThat(refused.reason().message()).contains("flux-dev is retired");
                });
        assertThat(other.turn()).isInstanceOf(Outcome.Refused.class);
        assertThat(standIn.generated()).isEqualTo(1);
      }
    }
  }

  @Test
  void an_unknown_word_counts_as_running_and_is_told() throws Exception {
    List<String> words = new ArrayList<>();
    UpstreamListener listener =
        new UpstreamListener() {
          @Override
          public void asked(String provider, Call call) {}

          @Override
          public void unknownWord(String provider, String word) {
            words.add(provider + " " + word);
          }
        };
    Files.createDirectories(folder.resolve("providers"));
    String bfl = shipped("bfl").replace("running: [Pending]", "running: []");
    Files.writeString(folder.resolve("providers/bfl.yaml"), bfl);
    try (var standIn = ProviderStandIn.start("bfl").looks(3)) {
      var config = config(Map.of("BFL_API_KEY", "test-key"), Map.of("bfl", standIn.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE, listener)) {
        assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
        assertThat(words).hasSize(3).containsOnly("bfl Pending");
      }
    }
  }

  @Test
  void a_key_takes_no_more_jobs_than_its_places_until_one_ends() throws Exception {
    Files.createDirectories(folder.resolve("providers"));
    Files.writeString(
        folder.resolve("providers/bfl.yaml"),
        shipped("bfl").replace("open-jobs: 24", "open-jobs: 2"));
    try (var standIn = ProviderStandIn.start("bfl").looks(9)) {
      var config = config(Map.of("BFL_API_KEY", "test-key"), Map.of("bfl", standIn.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        var first = desk.claim().task().id();
        for (int task = 0; task < 4; task++) {
          desk.turn();
          desk.fresh();
        }
        assertThat(standIn.generated()).isEqualTo(2);

        desk.upstream().ended(first);
        desk.turn();
        assertThat(standIn.generated()).isEqualTo(3);
      }
    }
  }

  @Test
  void an_unknown_word_is_logged_once() throws Exception {
    Files.createDirectories(folder.resolve("providers"));
    Files.writeString(
        folder.resolve("providers/bfl.yaml"),
        shipped("bfl").replace("running: [Pending]", "running: []"));
    var log = (Logger) LoggerFactory.getLogger(Pursuit.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    log.addAppender(lines);
    try (var standIn = ProviderStandIn.start("bfl").looks(3)) {
      var config = config(Map.of("BFL_API_KEY", "test-key"), Map.of("bfl", standIn.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        desk.end();
      }
    } finally {
      log.detachAppender(lines);
    }
    assertThat(lines.list)
        .filteredOn(line -> line.getFormattedMessage().contains("word.unknown provider=bfl"))
        .hasSize(1);
  }

  @Test
  void a_result_on_a_host_that_is_not_listed_is_not_given_out() throws Exception {
    Files.createDirectories(folder.resolve("providers"));
    Files.writeString(
        folder.resolve("providers/bfl.yaml"),
        shipped("bfl").replaceFirst("(?m)^hosts: .*", "hosts: [elsewhere.example]"));
    try (var standIn = ProviderStandIn.start("bfl")) {
      var config = config(Map.of("BFL_API_KEY", "test-key"), Map.of("bfl", standIn.url()));
      try (var desk = new Desk(config, "/flux/images", PICTURE)) {
        assertThat(desk.end()).isInstanceOf(Outcome.Refused.class);
      }
    }
  }

  @Test
  void jobs_that_are_looked_at_together_cost_one_request() throws Exception {
    try (var standIn = ProviderStandIn.start("midjourney-proxy").looks(0)) {
      var environment = Map.of("MJ_PROXY_URL", standIn.url(), "MJ_PROXY_SECRET", "test-key");
      try (var desk =
          new Desk(config(environment, Map.of()), "/midjourney/imagine", "{\"prompt\":\"x\"}")) {
        desk.turn();
        assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
        assertThat(standIn.received().stream().map(Received::path))
            .contains("/mj/task/list-by-condition")
            .noneMatch(path -> path.endsWith("/fetch"));
      }
    }
  }

  @Test
  void a_route_in_the_catalog_goes_before_the_files() {
    assertThat(Desk.CATALOG.byKey("/flux/images").orElseThrow().route()).containsExactly("auto");
  }

  @Test
  void a_key_is_asked_no_faster_than_its_rate() {
    var pace = new ProviderKey.Pace(10, 3);
    Duration now = Duration.ofMinutes(7);

    List<Long> turns = new ArrayList<>();
    for (int request = 0; request < 23; request++) {
      turns.add(pace.reserve(now).minus(now).toMillis());
    }

    assertThat(turns.subList(0, 3)).containsOnly(0L);
    assertThat(turns.getLast()).isEqualTo(2_000L);
    pace.pause(now.plusSeconds(60));
    assertThat(pace.reserve(now)).isGreaterThanOrEqualTo(now.plusSeconds(60));
  }

  private static String shipped(String name) throws Exception {
    try (var in = ProviderRulesTest.class.getResourceAsStream("/providers/" + name + ".yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
