package dev.carillon.acceptance.proof;

import dev.carillon.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// One gateway process that can be killed, stopped, paused and started again on the same port and
/// data. Not for many threads, but for [#base].
final class Node implements AutoCloseable {
  private static final Path JAR =
      Path.of(System.getProperty("carillon.jar", "../cli/target/carillon.jar"));
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final Duration START = Duration.ofMinutes(3);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 12_000;
  private static final int TRIALS = 100;
  private static final Set<Integer> PORTS_GIVEN = ConcurrentHashMap.newKeySet();

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().unstarted(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final int number;
  private final Path folder;
  private final Setting setting;
  private final History history;
  private final int port;
  private Optional<Process> process = Optional.empty();

  /// How a node is started.
  ///
  /// @param host where it listens, and is spoken to
  /// @param prefix what stands before the command, such as a change of the network
  /// @param environment its settings, and other variables
  record Setting(String host, List<String> prefix, Map<String, String> environment) {}

  Node(int number, Path folder, Setting setting, History history) {
    this.number = number;
    this.folder = folder;
    this.setting = setting;
    this.history = history;
    try {
      Files.createDirectories(folder);
      this.port = freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int number() {
    return number;
  }

  URI base() {
    return URI.create("http://" + setting.host() + ":" + port);
  }

  Path data() {
    return folder.resolve("data");
  }

  /// Starts it and returns when it is ready.
  ///
  /// @return how long that took
  Duration begin() {
    long began = System.nanoTime();
    launch();
    awaitReady();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    history.note("ready", "node", number, "took", took.toMillis());
    return took;
  }

  /// Starts it and returns at once.
  void launch() {
    ProcessBuilder builder =
        carillon("serve", "--port", String.valueOf(port), "--address", setting.host());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    try {
      Process started = builder.start();
      process = Optional.of(started);
      // Nobody is left behind when the program itself is ended.
      var _ = started.onExit().thenRun(() -> RUNNING.remove(started));
      RUNNING.add(started);
      history.note("launched", "node", number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs `carillon store check` on its store.
  Command.Ending checkStore() {
    return Command.attempt(carillon("store", "check", "--json"));
  }

  /// A command of the product with this node's settings and data.
  private ProcessBuilder carillon(String... words) {
    var command = new ArrayList<>(setting.prefix());
    command.addAll(List.of(JAVA.toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Xmx512m", "--sun-misc-unsafe-memory-access=allow", "-jar"));
    command.add(JAR.toAbsolutePath().normalize().toString());
    command.addAll(List.of(words));
    command.addAll(List.of("--data", data().toString()));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
    builder.environment().putAll(setting.environment());
    return builder;
  }

  void awaitReady() {
    Process started = process.orElseThrow();
    try {
      Await.until("node " + number + " is ready", START, () -> !started.isAlive() || isReady());
    } catch (AssertionError late) {
      throw new AssertionError("node " + number + " is not ready: " + logTail(), late);
    }
    if (!started.isAlive()) {
      throw new AssertionError(
          "node " + number + " ended with " + started.exitValue() + ": " + logTail());
    }
  }

  /// Whether it says that it can serve.
  boolean isReady() {
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

  boolean isAlive() {
    return process.filter(Process::isAlive).isPresent();
  }

  /// Ends the process at once, as a power cut does. Without a process it is harmless.
  void kill() {
    process.ifPresent(running -> {
      history.note("kill", "node", number);
      await(running.destroyForcibly());
    });
    process = Optional.empty();
  }

  /// Asks the process to end in order, and waits for it.
  ///
  /// @return how long that took
  Duration stop() {
    long began = System.nanoTime();
    process.ifPresent(running -> {
      history.note("stop", "node", number);
      running.destroy();
      await(running);
      history.note("stopped", "node", number, "status", running.exitValue());
    });
    process = Optional.empty();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /// Freezes the process where it stands.
  void pause() {
    history.note("pause", "node", number);
    signal("STOP");
  }

  /// Lets a frozen process go on.
  void resume() {
    history.note("resume", "node", number);
    signal("CONT");
  }

  long pid() {
    return process.orElseThrow().pid();
  }

  private void signal(String name) {
    Command.run("kill", "-" + name, String.valueOf(pid()));
  }

  Path log() {
    return folder.resolve("log.txt");
  }

  String logText() {
    try {
      return Files.exists(log()) ? Files.readString(log(), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String logTail() {
    String text = logText();
    return log() + ":\n" + text.substring(Math.max(0, text.length() - 4_000));
  }

  @Override
  public void close() {
    process.ifPresent(running -> await(running.destroyForcibly()));
    process = Optional.empty();
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("a node did not end within 60 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A port that stays its own while its process is dead: it lies below those that a system gives
  /// out by itself, to other tests and to connections.
  static int freePort() throws IOException {
    Random random = new Random();
    for (int i = 0; i < TRIALS; i++) {
      int port = FIRST_PORT + random.nextInt(PORTS);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (PORTS_GIVEN.add(port)) {
          return port;
        }
      } catch (BindException taken) {
        // Another one, then.
      }
    }
    throw new IOException("no free port was found");
  }
}
