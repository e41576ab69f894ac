package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The Flask example receives callbacks of a real gateway, and catches up after it was down.
@ExtendWith(SharedGateway.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class FlaskIT {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("carillon.examples", "../examples"))
          .toAbsolutePath()
          .normalize()
          .resolve("flask/app.py");
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final GatewayProcess gateway;
  private final Api api;

  FlaskIT(GatewayProcess gateway, Api api) {
    this.gateway = gateway;
    this.api = api;
  }

  @BeforeAll
  @Timeout(value = 9, unit = TimeUnit.MINUTES)
  static void prepare() throws Exception {
    Verifier.prepare();
  }

  @Test
  void it_deals_with_what_came_and_with_what_it_missed_each_once() throws Exception {
    String secret = api.get("/v1/webhook-secret").json().path("secret").asString();
    int port = freePort();
    Path output = folder.resolve("output.txt");
    Files.createFile(output);

    Process first = start(port, output, Map.of("CARILLON_WEBHOOK_SECRET", secret));
    String heard = submit(port);
    Await.until("it was handled", SOON, () -> lines(output, heard) == 1);
    Await.until("it was marked", SOON, () -> linesWith(output, "done ", "") == 1);
    first.destroyForcibly().waitFor();
    String missed = submit(port);
    api.ended(missed);
    Process again =
        start(
            port,
            output,
            Map.of(
                "CARILLON_WEBHOOK_SECRET", secret,
                "CARILLON_URL", gateway.base().toString(),
                "CARILLON_TOKEN", gateway.token()));
    String last = submit(port);
    try {
      Await.until("the missed one was handled", SOON, () -> lines(output, missed) > 0);
      Await.until("the last one was handled", SOON, () -> lines(output, last) > 0);
    } finally {
      again.destroyForcibly().waitFor();
    }

    assertThat(lines(output, heard)).as("%s", Files.readString(output)).isEqualTo(1);
    assertThat(lines(output, missed)).as("%s", Files.readString(output)).isEqualTo(1);
    assertThat(lines(output, last)).as("%s", Files.readString(output)).isEqualTo(1);
  }

  private String submit(int port) {
    String hook = "http://127.0.0.1:" + port + "/hook";
    return api.submit(
        "/midjourney/imagine", Json.of(Map.of("prompt", "a fox", "callback_url", hook)));
  }

  private Process start(int port, Path output, Map<String, String> environment) throws IOException {
    var builder =
        new ProcessBuilder(Verifier.python().toString(), EXAMPLE.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
    builder.environment().put("PORT", "" + port);
    builder.environment().putAll(environment);
    Process process = builder.start();
    Await.until("Flask listens", SOON, () -> !process.isAlive() || isListening(port));
    assertThat(process.isAlive()).as("%s", Files.readString(output)).isTrue();
    return process;
  }

  private static boolean isListening(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static long lines(Path output, String task) {
    return linesWith(output, "handled ", " of task " + task);
  }

  private static long linesWith(Path output, String begin, String end) {
    try {
      return Files.readAllLines(output).stream()
          .filter(line -> line.startsWith(begin) && line.endsWith(end))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
