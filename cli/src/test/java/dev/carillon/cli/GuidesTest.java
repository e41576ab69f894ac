package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.Carillon;
import dev.carillon.client.FileTaskJournal;
import dev.carillon.client.TaskHandle;
import dev.carillon.client.TaskResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The guides' commands are run, and their Java is part of this file and runs too.
@Timeout(120)
final class GuidesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern JAVA =
      Pattern.compile("<!-- from (\\S+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static LiveGateway live;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Carillon gateway;

  private final List<TaskResult> used = new ArrayList<>();
  private final StringWriter printed = new StringWriter();

  @BeforeAll
  static void start() {
    live = new LiveGateway(folder.resolve("data"));
    gateway = Carillon.at(URI.create(live.url()), live.token);
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  private void use(TaskResult result) {
    used.add(result);
  }

  @ParameterizedTest
  @ValueSource(strings = {"never-pay-twice", "polling-or-callbacks", "test-callbacks-locally"})
  void every_command_of_a_guide_does_what_it_says(String guide) throws IOException {
    Files.writeString(
        folder.resolve("jobs.jsonl"), "{\"generate\": \"image\", \"prompt\": \"a fox\"}\n");
    String text = Files.readString(ROOT.resolve("docs/guides/" + guide + ".md"));
    List<String> lines =
        SHELL.matcher(text).results().flatMap(block -> block.group(1).lines()).toList();

    assertThat(lines).isNotEmpty().allMatch(line -> line.startsWith("carillon "));
    for (String line : lines) {
      int expected = line.contains("fail=") ? 1 : 0;
      assertThat(run(line)).as(line + printed).isEqualTo(expected);
    }
  }

  /// Files are written into the test's folder.
  private int run(String line) {
    List<String> words = new ArrayList<>();
    for (Matcher word = WORD.matcher(line); word.find(); ) {
      String text = word.group(1) == null ? word.group(2) : word.group(1);
      boolean isPath = text.endsWith(".png") || text.endsWith(".jsonl") || text.equals("pictures");
      words.add(isPath ? folder.resolve(text).toString() : text);
    }
    words.addAll(List.of("--url", live.url(), "--token", live.token));
    return Main.commandLine()
        .setOut(new PrintWriter(printed))
        .setErr(new PrintWriter(printed))
        .execute(words.subList(1, words.size()).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"never-pay-twice", "polling-or-callbacks"})
  void the_java_of_a_guide_stands_in_this_file(String guide) throws IOException {
    String text = Files.readString(ROOT.resolve("docs/guides/" + guide + ".md"));
    var snippets = JAVA.matcher(text).results().toList();

    assertThat(snippets).isNotEmpty().hasSize(text.split("```java", -1).length - 1);
    for (var snippet : snippets) {
      assertThat(Files.readString(ROOT.resolve(snippet.group(1)))).contains(snippet.group(2));
    }
  }

  @Test
  void a_program_keeps_a_journal() throws Exception {
    try (var journal = new FileTaskJournal(folder.resolve("tasks.jsonl"))) {
      Carillon carillon = gateway.withJournal(journal);
      TaskHandle task = carillon.submit("midjourney", "imagine", Map.of("prompt", "a fox"));
      TaskResult result = task.await(Duration.ofMinutes(10));
      use(result);
      task.done();
    }
    assertThat(used).singleElement().matches(TaskResult::isSuccess);
    assertThat(folder.resolve("tasks.jsonl")).isEmptyFile();
  }

  @Test
  void a_program_takes_up_what_is_left() throws Exception {
    Path file = folder.resolve("left.jsonl");
    String id;
    try (var journal = new FileTaskJournal(file)) {
      Carillon carillon = gateway.withJournal(journal);
      id = carillon.submit("midjourney", "imagine", Map.of("prompt", "a fox")).id();
    }
    try (var journal = new FileTaskJournal(file)) {
      Carillon carillon = gateway.withJournal(journal);
      for (TaskHandle task : carillon.resumeAll()) {
        use(task.await(Duration.ofMinutes(10)));
        task.done();
      }
    }
    assertThat(used).singleElement().matches(result -> result.taskId().equals(id));
    assertThat(file).isEmptyFile();
  }

  @Test
  void progress_is_told() throws Exception {
    var out = new PrintWriter(printed);
    TaskHandle task = gateway.submit("midjourney", "imagine", Map.of("prompt", "a fox"));
    TaskResult result =
        task.onProgress(seen -> out.println(seen.progress() + " %")).await(Duration.ofMinutes(10));

    assertThat(result.isSuccess()).isTrue();
    assertThat(printed.toString()).contains("100 %");
  }

  @Test
  void many_are_watched_together() throws Exception {
    List<TaskHandle> tasks = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      tasks.add(gateway.submit("midjourney", "imagine", Map.of("prompt", "bell " + i)));
    }

    List<CompletableFuture<TaskResult>> ends = tasks.stream().map(TaskHandle::whenEnded).toList();
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(10, TimeUnit.MINUTES);

    assertThat(ends).allMatch(end -> end.join().isSuccess());
  }
}
