package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.upstream.http.spool.Spool;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Results that come as bytes, or as base64 within JSON, however large they are.
class ByteResultsTest {
  private static final String AT_ONCE =
      """
      name: demo
      source: a page
      checked: "2026-11-26"
      base-url: $DEMO_URL
      keys: {key: DEMO_KEY}
      submit: {path: /make, body: '{"prompt": request.prompt}'}
      works: 'answer.images.{"bytes": b64, "text": said}'
      serves:
        - endpoint: /seedream/images
      """;

  private static final String FETCHED =
      """
      name: demo
      source: a page
      checked: "2026-11-26"
      base-url: $DEMO_URL
      keys: {key: DEMO_KEY}
      submit: {path: /jobs, body: '{"prompt": request.prompt}', job: {id: answer.id}}
      poll: {path: "/jobs/{job.id}"}
      result: {path: "/jobs/{job.id}/file"}
      state: answer.status
      words: {done: [ready]}
      works: '{"bytes": answer.bytes}'
      serves:
        - endpoint: /seedream/images
      """;

  @TempDir Path folder;
  private final Receiver provider = Receiver.start();

  @AfterEach
  void close() {
    provider.close();
  }

  private Desk desk(String file, Spool.Limits limits) throws Exception {
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
            limits),
        "/seedream/images",
        "{\"prompt\":\"sea\"}");
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  private static Reaction json(String body) {
    return new Reaction.Answer(200, Map.of("Content-Type", "application/json"), body);
  }

  private static Reaction binary(byte[] body) {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(body.length);
    return new Reaction.Raw(head + new String(body, StandardCharsets.ISO_8859_1));
  }

  private void fetching(byte[] file) {
    provider.otherwise(request ->
        request.path().endsWith("/file")
            ? binary(file)
            : json(request.method().equals("POST") ? "{\"id\":\"1\"}" : "{\"status\":\"ready\"}"));
  }

  private List<Path> spooled() throws Exception {
    if (!Files.isDirectory(folder.resolve("spool"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder.resolve("spool"))) {
      return files.filter(path -> path.toString().endsWith(".spool")).toList();
    }
  }

  @Test
  void base64_of_any_size_and_form_arrives_byte_for_byte() throws Exception {
    byte[] small = bytes(1_000);
    byte[] large = bytes(3_000_001);
    String escaped = Base64.getEncoder().encodeToString(large).replace("/", "\\/");
    String lines = Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(large);
    List<String> forms =
        List.of(
            Base64.getEncoder().encodeToString(small),
            escaped,
            "data:image/png;base64," + escaped,
            lines.replace("\n", "\\n"),
            Base64.getUrlEncoder().withoutPadding().encodeToString(large));
    List<String> images = new ArrayList<>();
    forms.forEach(form -> images.add("{\"b64\":\"" + form + "\",\"said\":\"a \\\"b\\\"\"}"));
    provider.otherwise(_ -> json("{\"images\":[" + String.join(",", images) + "]}"));
    try (var desk = desk(AT_ONCE, Spool.Limits.DEFAULTS)) {
      assertThat(desk.turn()).isInstanceOf(Outcome.Done.class);

      assertThat(desk.kept().get(0)).isEqualTo(small);
      for (int form = 1; form < forms.size(); form++) {
        assertThat(Arrays.equals(desk.kept().get(form), large)).as("form " + form).isTrue();
      }
      assertThat(spooled()).isEmpty();
    }
  }

  @Test
  void a_body_of_bytes_arrives_whole_and_leaves_nothing_behind() throws Exception {
    byte[] film = bytes(5_000_000);
    fetching(film);
    try (var desk = desk(FETCHED, Spool.Limits.DEFAULTS)) {
      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
      assertThat(Arrays.equals(desk.kept().get(0), film)).isTrue();
      assertThat(spooled()).isEmpty();
    }
  }

  @Test
  void a_result_beyond_the_cap_fails_once_and_is_not_fetched_again() throws Exception {
    fetching(bytes(2_000_000));
    try (var desk = desk(FETCHED, new Spool.Limits(1_000_000, 4))) {
      assertThat(desk.end())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused ->
                  assertThat(refused.reason().message())
                      .isEqualTo("The provider's result is larger than can be taken."));
      assertThat(provider.received("/jobs/1/file")).hasSize(1);
      assertThat(spooled()).isEmpty();
    }
  }

  @Test
  void an_answer_beyond_the_cap_fails_once_and_is_not_asked_for_again() throws Exception {
    String long64 = Base64.getEncoder().encodeToString(bytes(2_000_000));
    provider.otherwise(_ -> json("{\"images\":[{\"b64\":\"" + long64 + "\"}]}"));
    try (var desk = desk(AT_ONCE, new Spool.Limits(1_000_000, 4))) {
      assertThat(desk.end()).isInstanceOf(Outcome.Refused.class);
      assertThat(provider.count()).isEqualTo(1);
      assertThat(spooled()).isEmpty();
    }
  }

  @Test
  void nothing_is_submitted_while_there_is_no_place_for_its_answer() throws Exception {
    nothingIsSubmitted(new Spool.Limits(10_000_000, 1));
  }

  @Test
  void nothing_is_submitted_while_the_disk_is_given_to_other_answers() throws Exception {
    nothingIsSubmitted(new Spool.Limits(10_000_000, 9, 0, new Spool.InAll(11_000_000, 0)));
  }

  private void nothingIsSubmitted(Spool.Limits limits) throws Exception {
    String long64 = Base64.getEncoder().encodeToString(bytes(1_000_000));
    provider.otherwise(_ -> json("{\"images\":[{\"b64\":\"" + long64 + "\"}]}"));
    try (var desk = desk(AT_ONCE, limits)) {
      var other = new ArrayList<Outcome>();
      desk.whileKeeping(busy -> {
        busy.whileKeeping(_ -> {});
        busy.fresh();
        other.add(turn(busy));
      });

      assertThat(desk.turn()).isInstanceOf(Outcome.Done.class);

      assertThat(other).singleElement().isInstanceOf(Outcome.Full.class);
      assertThat(provider.count()).isEqualTo(1);
      desk.fresh();
      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
    }
  }

  @Test
  void a_place_is_taken_before_the_answer_comes() throws Exception {
    String long64 = Base64.getEncoder().encodeToString(bytes(1_000_000));
    try (var desk = desk(AT_ONCE, new Spool.Limits(10_000_000, 1))) {
      var asked = new AtomicBoolean();
      var other = new ArrayList<Outcome>();
      provider.otherwise(_ -> {
        if (!asked.getAndSet(true)) {
          desk.fresh();
          other.add(turn(desk));
        }
        return json("{\"images\":[{\"b64\":\"" + long64 + "\"}]}");
      });

      assertThat(desk.turn()).isInstanceOf(Outcome.Done.class);

      assertThat(other).singleElement().isInstanceOf(Outcome.Full.class);
      assertThat(provider.count()).isEqualTo(1);
    }
  }

  private static Outcome turn(Desk desk) {
    try {
      return desk.turn();
    } catch (InterruptedException never) {
      throw new AssertionError(never);
    }
  }

  @Test
  void what_a_dead_process_left_is_deleted_at_the_start() throws Exception {
    Path spool = folder.resolve("spool");
    Path left = Files.createDirectories(spool.resolve("dead")).resolve("old.spool");
    Files.writeString(left, "half");
    Files.createFile(spool.resolve("dead.lock"));

    desk(AT_ONCE, Spool.Limits.DEFAULTS).close();

    assertThat(spool).isEmptyDirectory();
  }
}
