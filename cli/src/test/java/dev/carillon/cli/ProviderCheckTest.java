package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.provider.ProviderStandIn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `carillon provider check`, on a stand-in and on recorded answers.
final class ProviderCheckTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private record Ended(int code, String out, String err) {}

  private static Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  /// suno-api needs no key, so no environment is needed to try it.
  private String file() throws IOException {
    try (var in = Main.class.getResourceAsStream("/providers/suno-api.yaml")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return Files.writeString(
              folder.resolve("suno-api.yaml"), text.replaceFirst("(?m)^time: .*", "time: 1s"))
          .toString();
    }
  }

  @Test
  void a_file_is_compiled_and_told() throws Exception {
    Ended ended = run("provider", "check", file());

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("suno-api", "serves /suno/audios");
  }

  @Test
  void mistakes_are_told_with_file_and_line() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "name: x\nsubmitt: {}\n");

    Ended ended = run("provider", "check", broken.toString());

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains("broken.yaml:2: unknown key 'submitt'; did you mean 'submit'?");
  }

  @Test
  void a_live_trial_shows_each_step_and_can_be_played_again() throws Exception {
    Path record = folder.resolve("answers.json");
    String request = "{\"prompt\":\"snow\"}";
    try (var standIn = ProviderStandIn.start("suno-api")) {
      Ended live =
          run(
              "provider",
              "check",
              file(),
              "--request",
              request,
              "--base-url",
              standIn.url(),
              "--record",
              record.toString());
      assertThat(live.code()).as(live.out() + live.err()).isZero();
      assertThat(live.out())
          .contains("submit: POST " + standIn.url() + "/api/generate -> 200")
          .contains("poll: GET ")
          .contains("succeeded: {");
      assertThat(standIn.generated()).isEqualTo(1);
    }

    Ended played =
        run(
            "provider",
            "check",
            file(),
            "--request",
            request,
            "--base-url",
            "http://127.0.0.1:9",
            "--recorded",
            record.toString());

    assertThat(played.code()).as(played.out()).isZero();
    assertThat(played.out()).contains("succeeded: {");
  }
}
