package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A file of requests against a whole gateway: in this process, and in one that is killed.
@Timeout(240)
final class BatchTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private LiveGateway gateway;

  @BeforeEach
  void start() {
    gateway = new LiveGateway(folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(Path file, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("batch", file.toString(), "--url", gateway.url(), "--token", gateway.token));
    all.addAll(List.of(more));
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Ended(code, out.toString(), err.toString());
  }

  private Path file(List<String> lines) throws IOException {
    return Files.write(folder.resolve("jobs.jsonl"), lines);
  }

  private List<JsonNode> results() throws IOException {
    return Files.readAllLines(folder.resolve("jobs.results.jsonl")).stream()
        .map(JSON::readTree)
        .toList();
  }

  /// All tasks of the gateway.
  private int tasks() {
    int count = 0;
    String before = "";
    while (true) {
      JsonNode page = gateway.get("/v1/tasks?limit=100" + before);
      count += page.path("items").size();
      if (page.path("next").isNull()) {
        return count;
      }
      before = "&before=" + page.path("next").asString();
    }
  }

  private static String line(int number, String words) {
    return "{\"generate\":\"image\",\"prompt\":\"bell " + number + " [[sandbox " + words + "]]\"}";
  }

  @Test
  void every_line_comes_to_its_end_and_its_result_to_a_file() throws Exception {
    Path file =
        file(
            List.of(
                line(1, "take=0s"),
                "# a remark",
                line(1, "take=0s"),
                "{\"endpoint\":\"flux/images\",\"body\":{\"action\":\"generate\",\"prompt\":\"x\"}}",
                line(2, "fail=forbidden after=0s"),
                "{\"endpoint\":\"no/where\",\"body\":{}}"));

    Ended ended = run(file, "--json", "-o", folder.resolve("out").toString());

    assertThat(ended.code).as(ended.err).isEqualTo(1);
    JsonNode summary = JSON.readTree(ended.out);
    assertThat(summary.has("succeeded")).as(ended.out + ended.err).isTrue();
    assertThat(summary.path("succeeded").intValue()).isEqualTo(3);
    assertThat(summary.path("failed").intValue()).isEqualTo(2);
    assertThat(results().stream().map(end -> end.path("state").asString()))
        .containsExactly("succeeded", "succeeded", "succeeded", "failed", "refused");
    assertThat(results().stream().map(end -> end.path("line").intValue()))
        .containsExactly(1, 3, 4, 5, 6);
    assertThat(folder.resolve("out/1.png")).isNotEmptyFile();
    assertThat(folder.resolve("out/3.png")).isNotEmptyFile();
    assertThat(tasks()).isEqualTo(4);
  }

  @Test
  void a_second_run_makes_nothing_and_a_moved_line_stays_the_same_request() throws Exception {
    file(List.of(line(1, "take=0s"), line(2, "take=0s"), line(3, "fail=api_error after=0s")));
    assertThat(run(folder.resolve("jobs.jsonl")).code).isEqualTo(1);

    Path file =
        file(List.of(line(3, "fail=api_error after=0s"), line(2, "take=0s"), line(1, "take=0s")));
    Ended again = run(file);

    assertThat(again.err).contains("3 of 3 were done before");
    assertThat(tasks()).isEqualTo(3);
    assertThat(results().getFirst().path("line").intValue()).isEqualTo(1);
    assertThat(run(file, "--retry-failed").code).isEqualTo(1);
    assertThat(tasks()).isEqualTo(4);
  }

  @Test
  void a_wrong_line_is_named_before_anything_is_sent() throws Exception {
    Path file = file(List.of(line(1, "take=0s"), "{\"generate\":\"soup\"}"));

    Ended ended = run(file);

    assertThat(ended.code).isEqualTo(2);
    assertThat(ended.err).contains("line 2").contains("Nothing was sent");
    assertThat(tasks()).isZero();
  }

  @Test
  void what_concerns_all_lines_stops_the_batch_and_the_next_run_goes_on() throws Exception {
    Path file = file(IntStream.range(0, 20).mapToObj(i -> line(i, "take=0s")).toList());
    var wrong =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(new StringWriter()));

    int refused = wrong.execute("batch", file.toString(), "--url", gateway.url(), "--token", "no");

    assertThat(refused).isEqualTo(3);
    assertThat(tasks()).isZero();
    assertThat(run(file).code).isZero();
    assertThat(tasks()).isEqualTo(20);
  }

  @Test
  void a_batch_that_is_killed_again_and_again_pays_each_line_once() throws Exception {
    int lines = 60;
    Path file = file(IntStream.range(0, lines).mapToObj(i -> line(i, "take=300ms")).toList());
    Path journal = folder.resolve("jobs.journal.jsonl");
    for (int kill = 1; kill <= 3; kill++) {
      long enough = kill * 25L;
      Process process = process(file);
      try {
        Await.until("some were sent", PATIENCE, () -> size(journal) >= enough);
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(size(journal)).isLessThan(3L * lines);

    Ended ended = run(file, "--in-flight", "4");

    assertThat(ended.code).as(ended.err).isZero();
    assertThat(ended.err).contains("were done before");
    assertThat(results()).hasSize(lines);
    assertThat(results().stream().map(end -> end.path("task_id").asString()).distinct())
        .hasSize(lines);
    assertThat(tasks()).isEqualTo(lines);
  }

  private static long size(Path journal) {
    try {
      return Files.exists(journal) ? Files.readAllLines(journal).size() : 0;
    } catch (IOException beingWritten) {
      return 0;
    }
  }

  private Process process(Path file) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            ClassPath.ofCallers(),
            "dev.carillon.cli.Main",
            "batch",
            file.toString(),
            "--in-flight",
            "4");
    builder.environment().put("CARILLON_URL", gateway.url());
    builder.environment().put("CARILLON_TOKEN", gateway.token);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "process.txt"))
        .start();
  }
}
