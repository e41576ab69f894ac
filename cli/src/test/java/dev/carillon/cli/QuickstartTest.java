package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.Carillon;
import dev.carillon.client.TaskHandle;
import dev.carillon.client.TaskResult;
import dev.carillon.client.service.Flux;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The quickstart, followed line by line by a shell.
@Timeout(180)
final class QuickstartTest {
  private static final Path PAGE = Path.of("../docs/quickstart.md");
  private static final String USUAL = "http://127.0.0.1:8080";
  private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TASK = Pattern.compile("\"task_id\" ?: ?\"([^\"]+)\"");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private LiveGateway live;

  @BeforeEach
  void start() {
    live = new LiveGateway(folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    live.close();
  }

  @Test
  void every_command_works_as_it_stands() throws Exception {
    String task = "";
    var blocks = SHELL.matcher(Files.readString(PAGE)).results().skip(1).toList();
    assertThat(blocks).hasSizeGreaterThan(3);
    for (var block : blocks) {
      String script =
          block.group(1).replace(USUAL, live.url()).replace("TOKEN=…", "TOKEN=" + live.token);
      // Half of a block may need what the first half said.
      for (String part : parts(script)) {
        String said = shell(part.replace("TASK_ID", task));
        assertThat(said).as(part).doesNotContain("\"error\":{");
        var made = TASK.matcher(said);
        task = made.find() ? made.group(1) : task;
      }
    }
    assertThat(folder.resolve("fox.png")).isNotEmptyFile();
    assertThat(live.get("/v1/tasks/" + task).path("id").asString()).isEqualTo(task);
  }

  private static List<String> parts(String script) {
    return List.of(script.split("(?m)^ *#.*$", -1));
  }

  private String shell(String script) throws IOException, InterruptedException {
    Path said = folder.resolve("said.txt");
    String carillon =
        "carillon() { \"%s\" -cp \"%s\" dev.carillon.cli.Main \"$@\"; }\n"
            .formatted(Path.of(System.getProperty("java.home"), "bin/java"), ClassPath.ofCallers());
    String head = "set -e\nexport CARILLON_TOKEN=%s TOKEN=%s\n".formatted(live.token, live.token);
    var builder =
        new ProcessBuilder("bash", "-c", head + carillon + script.replace("./carillon", "carillon"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("CARILLON_URL", live.url());
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(script).isTrue();
    assertThat(process.exitValue()).as(script + Files.readString(said)).isZero();
    return Files.readString(said);
  }

  @Test
  void the_java_runs() throws Exception {
    URI url = URI.create(live.url());
    String token = live.token;

    Carillon carillon = Carillon.at(url, token);
    TaskHandle pictures = carillon.submit(Flux.images("a fox").count(2).size("512x512"));
    TaskResult result = pictures.await(Duration.ofMinutes(2));

    assertThat(result.isSuccess()).isTrue();
    var snippet = JAVA.matcher(Files.readString(PAGE)).results().findFirst().orElseThrow();
    String code = snippet.group(1).replace("URI.create(\"" + USUAL + "\")", "url").strip();
    String own =
        Files.readString(Path.of("../cli/src/test/java/dev/carillon/cli/QuickstartTest.java"));
    for (String line : code.lines().map(String::strip).toList()) {
      assertThat(own).contains(line);
    }
  }
}
