package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The caller's commands against a whole gateway.
@Timeout(120)
final class CallerCommandsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static LiveGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new LiveGateway(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private record Ended(int code, String out, String err) {
    JsonNode json() {
      assertThat(out.strip().lines()).as(err).hasSize(1);
      return JSON.readTree(out);
    }
  }

  private static Ended run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", gateway.url(), "--token", gateway.token));
    return bare(all.toArray(String[]::new));
  }

  private static Ended bare(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  @Test
  void a_picture_is_waited_for_and_saved() throws IOException {
    Path file = folder.resolve("new/fox.png");

    Ended ended = run("generate", "image", "a fox", "-o", file.toString());

    assertThat(ended.code).as(ended.err).isZero();
    assertThat(Files.readAllBytes(file)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(ended.out.strip()).isEqualTo(file.toString());
    assertThat(ended.err).contains("succeeded");
    assertThat(file.resolveSibling("fox.png.part")).doesNotExist();
  }

  @Test
  void of_several_results_the_further_ones_are_numbered() {
    Path file = folder.resolve("rain.mp3");

    Ended ended = run("generate", "music", "rain", "--json", "-o", file.toString());

    assertThat(ended.code).as(ended.err).isZero();
    assertThat(ended.json().path("files").valueStream().map(JsonNode::asString))
        .containsExactly(file.toString(), folder.resolve("rain-2.mp3").toString());
    assertThat(folder.resolve("rain-2.mp3")).isNotEmptyFile();
    assertThat(ended.json().path("state").asString()).isEqualTo("succeeded");
    assertThat(ended.json().at("/result/data").size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image flux",
        "image nano-banana",
        "image openai",
        "image seedream",
        "image qwen-image",
        "music producer",
        "music fish",
        "video veo",
        "video sora",
        "video kling",
        "video luma",
        "video hailuo",
        "video wan",
        "video pika",
        "video pixverse",
        "video seedance",
        "video minimax",
        "video happyhorse",
        "video dreamina",
        "video grok",
        "video gemini",
        "video maestro"
      })
  void each_maker_of_a_kind_takes_a_bare_prompt(String kindAndService) {
    String[] words = kindAndService.split(" ", 2);

    Ended ended = run("generate", words[0], "a fox", "--service", words[1], "--no-wait", "--json");

    assertThat(ended.code).as(ended.err).isZero();
    assertThat(ended.json().path("task_id").asString()).hasSizeGreaterThan(30);
  }

  @Test
  void an_endpoint_is_called_with_the_fields_that_were_set() {
    Ended ended =
        run(
            "generate",
            "/v1/kling/videos",
            "a fox",
            "--set",
            "action=text2video",
            "--set",
            "duration=5",
            "--set",
            "callback_url=\"dummy\"",
            "--json");

    assertThat(ended.code).as(ended.err).isZero();
    JsonNode task = run("task", "get", ended.json().path("task_id").asString(), "--json").json();
    assertThat(task.at("/request/duration").asString(task.at("/request/duration").toString()))
        .isEqualTo("5");
    assertThat(task.at("/request/prompt").asString()).isEqualTo("a fox");
    assertThat(task.at("/request/callback_url").asString()).isEqualTo("dummy");
  }

  @Test
  void the_same_key_makes_and_pays_once() {
    String key = UUID.randomUUID().toString();
    Ended once = run("generate", "image", "a bell", "--key", key, "--no-wait");
    Ended twice = run("generate", "image", "a bell", "--key", key, "--no-wait");

    assertThat(once.out).isEqualTo(twice.out);
    assertThat(gateway.get("/v1/tasks?idempotency_key=" + key).path("items").size()).isOne();
  }

  @Test
  void a_failed_task_is_told_with_its_reason_and_exit_code_1() {
    Ended ended = run("generate", "image", "x [[sandbox fail=forbidden after=0s]]", "--json");

    assertThat(ended.code).isEqualTo(1);
    assertThat(ended.json().path("state").asString()).isEqualTo("failed");
    assertThat(ended.json().at("/error/code").asString()).isEqualTo("forbidden");
    assertThat(ended.err).contains("forbidden").contains("costs nothing");
  }

  @Test
  void a_task_is_waited_for_later_listed_and_cancelled() {
    String id = run("generate", "image", "[[sandbox hang]]", "--no-wait").out.strip();

    Ended late = run("task", "wait", id, "--timeout", "100ms", "--json");
    assertThat(late.code).isEqualTo(5);
    assertThat(late.json().at("/error/exit_code").intValue()).isEqualTo(5);
    assertThat(late.err).contains("carillon task wait " + id);
    assertThat(run("task", "list", "--state", "open", "--limit", "100").out).contains(id);
    assertThat(run("task", "cancel", id).out).contains("cancellation: confirmed");
    assertThat(run("task", "wait", id).code).isEqualTo(1);
    assertThat(run("task", "get", id).out).contains("state: cancelled");
    String ended = run("generate", "image", "a bell", "--json").json().path("task_id").asString();
    assertThat(run("task", "cancel", ended).code).isEqualTo(3);
  }

  @Test
  void a_tasks_events_are_printed_to_its_end() {
    String id = run("generate", "image", "[[sandbox take=1s]]", "--no-wait").out.strip();

    Ended ended = run("task", "follow", id, "--json");

    assertThat(ended.code).as(ended.err).isZero();
    List<String> types =
        ended.out.lines().map(line -> JSON.readTree(line).path("type").asString("")).toList();
    assertThat(types).startsWith("task.accepted").endsWith("task.succeeded");
    assertThat(run("task", "follow", id).out).contains("task.succeeded 100 %");
  }

  @Test
  void a_callback_is_listed_shown_and_sent_again() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Ended made =
          run(
              "generate",
              "image",
              "a fox",
              "--set",
              "callback_url=" + receiver.url("/hook"),
              "--json");
      receiver.await("/hook", 1, PATIENCE);
      String task = made.json().path("task_id").asString();
      JsonNode callback =
          run("callback", "list", "--task", task, "--json").json().path("items").get(0);
      String id = callback.path("id").asString();

      Ended again = run("callback", "redeliver", id);

      assertThat(again.code).as(again.err).isZero();
      receiver.await("/hook", 2, PATIENCE);
      assertThat(run("callback", "show", id).out).contains("task_id: " + task, "attempt 1: ");
    }
  }

  @Test
  void every_failure_has_a_code_and_names_the_next_step() {
    String nobody = "http://127.0.0.1:1";
    Ended away = bare("task", "list", "--url", nobody, "--token", "x", "--json");
    assertThat(away.code).isEqualTo(4);
    assertThat(away.err).contains("carillon serve");
    assertThat(away.json().at("/error/exit_code").intValue()).isEqualTo(4);
    Ended stranger = bare("task", "list", "--url", gateway.url(), "--token", "wrong");
    assertThat(stranger.code).isEqualTo(3);
    assertThat(stranger.err).contains("CARILLON_TOKEN");
    assertThat(run("task", "get", UUID.randomUUID().toString()))
        .matches(ended -> ended.code == 3)
        .matches(ended -> ended.err.contains("task list"));
    assertThat(run("generate", "nothing/here", "x"))
        .matches(ended -> ended.code == 3)
        .matches(ended -> ended.err.contains("/docs"));
    assertThat(run("generate", "painting", "x").code).isEqualTo(2);
    assertThat(run("generate", "image").code).isEqualTo(2);
    assertThat(run("generate", "image", "x", "--set", "novalue").code).isEqualTo(2);
    assertThat(run("generate", "image", "x", "--set", "size=\"x").code).isIn(0, 3);
  }

  @Test
  void an_interrupt_ends_the_wait_and_not_the_task() throws Exception {
    Path output = folder.resolve("interrupted.txt");
    var builder =
        new ProcessBuilder(
            // A run in the background ignores interrupts, and children inherit that.
            "env",
            "--default-signal=INT",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            ClassPath.ofCallers(),
            "dev.carillon.cli.Main",
            "generate",
            "image",
            "a fox [[sandbox hang]]");
    builder.environment().put("CARILLON_URL", gateway.url());
    builder.environment().put("CARILLON_TOKEN", gateway.token);
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      Await.until("it waits", PATIENCE, () -> read(output).contains("running"));

      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
    } finally {
      process.destroyForcibly();
    }
    var resume = Pattern.compile("carillon task wait (\\S+)").matcher(read(output));
    assertThat(resume.find()).as(read(output)).isTrue();
    assertThat(run("task", "get", resume.group(1)).out).contains("state: running");
    assertThat(run("task", "cancel", resume.group(1)).code).isZero();
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void a_shell_learns_the_commands(String shell) {
    assertThat(bare("completion", shell).out).contains("generate", "redeliver", "--in-flight");
  }
}
