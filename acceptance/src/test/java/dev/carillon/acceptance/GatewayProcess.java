package dev.carillon.acceptance;

import dev.carillon.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The gateway as a child process on a free port, with a data folder of its own.
final class GatewayProcess implements AutoCloseable {
  private static final Path JAR =
      Path.of(System.getProperty("carillon.jar", "../cli/target/carillon.jar"));
  private static final Path LOGS =
      Path.of(System.getProperty("carillon.logs", "target/gateway-logs"));
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern TOKEN =
      Pattern.compile("Authorization: Bearer ([A-Za-z0-9._~+/=-]+)");
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final Map<String, String> environment;
  private final Path folder;
  private final Path log;
  private final int port;
  private Process process;
  private long logStart;
  private final String token;

  private GatewayProcess(Map<String, String> environment) throws IOException {
    Files.createDirectories(LOGS);
    this.environment = Map.copyOf(environment);
    this.folder = Scratch.folder("gateway-");
    this.log = LOGS.resolve("gateway-" + NUMBER.incrementAndGet() + ".log").toAbsolutePath();
    Files.deleteIfExists(log);
    this.port = freePort();
    this.process = launch();
    awaitReady();
    this.token = Await.value("a token in the log", START, () -> tokenIn(logOfThisStart()));
  }

  /// Starts one with these settings on top of the usual ones of tests: a fast sandbox, callbacks to
  /// this machine, short pauses after failures, rates that do not bite. Returns when it is ready.
  ///
  /// @param settings keys in the form of the environment, such as `CARILLON_SANDBOX_SPEED`
  static GatewayProcess start(Map<String, String> settings) {
    var environment = new HashMap<String, String>();
    environment.put("CARILLON_SANDBOX_SPEED", "500");
    environment.put("CARILLON_SANDBOX_THREADS", "2");
    environment.put("CARILLON_CALLBACK_ALLOW_PRIVATE", "true");
    environment.put("CARILLON_CALLBACK_CIRCUIT_PAUSE", "300ms");
    environment.put("CARILLON_ACCESS_CREATE_PER_SECOND", "10000");
    environment.put("CARILLON_ACCESS_CREATE_BURST", "10000");
    environment.putAll(settings);
    try {
      return new GatewayProcess(environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How a start ended that was to end by itself.
  record Ending(int status, String output) {}

  /// Runs the jar until it ends by itself.
  ///
  /// @param files what stands in its working folder, by name
  /// @throws AssertionError when it still runs after a minute
  static Ending run(Map<String, String> settings, Map<String, String> files, String... arguments) {
    try {
      Path folder = Scratch.folder("gateway-");
      for (var file : files.entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
      Path output = folder.resolve("output.txt");
      Process process = process(folder, output, settings, List.of(arguments));
      if (!process.waitFor(START.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("it runs on: " + Files.readString(output));
      }
      return new Ending(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// A caller with the token of the first start.
  Api api() {
    return new Api(base(), Optional.of(token));
  }

  String token() {
    return token;
  }

  /// What the gateway left in its data folder for its operator.
  String adminToken() {
    try {
      return Files.readString(data().resolve("admin.token")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs another command of the jar to its end, such as `token list`, on this data folder.
  Ending command(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data().toString()));
    return run(Map.of(), Map.of(), all.toArray(String[]::new));
  }

  Path data() {
    return folder.resolve("data");
  }

  /// What the process has written since its last start.
  String logOfThisStart() {
    try {
      byte[] all = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
      int from = (int) Math.min(logStart, all.length);
      return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the process at once, as a power cut does.
  void kill() {
    await(process.destroyForcibly());
  }

  /// Ends the process in order.
  void stop() {
    process.destroy();
    await(process);
  }

  /// Starts again on the same data and port; returns when it is ready.
  ///
  /// @throws AssertionError when it is not ready within a minute
  void startAgain() {
    try {
      logStart = Files.size(log);
      process = launch();
      awaitReady();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The end of the log, for messages.
  String logTail() {
    String text = logOfThisStart();
    return log + ":\n" + text.substring(Math.max(0, text.length() - 6_000));
  }

  @Override
  public void close() {
    kill();
  }

  private Process launch() throws IOException {
    return process(
        folder,
        log,
        environment,
        List.of("serve", "--port", String.valueOf(port), "--data", data().toString()));
  }

  private static Process process(
      Path folder, Path output, Map<String, String> settings, List<String> arguments)
      throws IOException {
    if (!Files.isRegularFile(JAR)) {
      throw new AssertionError("no jar at " + JAR.toAbsolutePath() + "; mvn package makes it");
    }
    var command = new ArrayList<String>();
    command.addAll(
        List.of(
            JAVA.toString(),
            "-XX:+UseSerialGC",
            "-Xmx768m",
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            JAR.toAbsolutePath().normalize().toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
    builder.environment().putAll(settings);
    return builder.start();
  }

  private void awaitReady() {
    try {
      Await.until("the gateway is ready", START, () -> !process.isAlive() || isReady());
    } catch (AssertionError late) {
      kill();
      throw new AssertionError("not ready in time; " + logTail(), late);
    }
    if (!process.isAlive()) {
      throw new AssertionError("it ended with " + process.exitValue() + "; " + logTail());
    }
  }

  private boolean isReady() {
    var request =
        HttpRequest.newBuilder(base().resolve("/health/ready")).timeout(Duration.ofSeconds(5));
    try {
      return CLIENT.send(request.build(), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static Optional<String> tokenIn(String text) {
    Matcher matcher = TOKEN.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("the process did not end within 30 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
