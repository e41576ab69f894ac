package dev.carillon.bench.load;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// The server under measure: the packaged jar as a child process, with the launcher's flags.
public final class Server implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration TOKEN_WITHIN = Duration.ofSeconds(10);
  private static final int FIRST_PORT = 22_000;
  private static final Pattern TOKEN = Pattern.compile("Authorization: Bearer ([^\\s\"'\\\\]+)");
  private static final byte[] READY =
      Message.ascii("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CARILLON_CALLBACK_ALLOW_PRIVATE", "true",
          "CARILLON_ACCESS_CREATE_PER_SECOND", "1000000",
          "CARILLON_ACCESS_CREATE_BURST", "1000000",
          "CARILLON_ACCESS_QUERY_PER_SECOND", "10000000",
          "CARILLON_ACCESS_QUERY_BURST", "10000000",
          "CARILLON_ENGINE_OPEN_TASKS", "2000000",
          "CARILLON_ACCESS_OPEN_TASKS_PER_APPLICATION", "0",
          "CARILLON_FIRST_CREDIT", "1000000000",
          "CARILLON_LOG_LEVEL", "warn");

  private final Process process;
  private final Path folder;
  private final InetSocketAddress address;
  private final Instant forkedAt;
  private final Duration startUp;

  private Server(
      Process process, Path folder, InetSocketAddress address, Instant forkedAt, Duration startUp) {
    this.process = process;
    this.folder = folder;
    this.address = address;
    this.forkedAt = forkedAt;
    this.startUp = startUp;
  }

  /// Starts on a folder, and waits until it is ready.
  ///
  /// @param folder holds `data` and the server's output; what is in `data` is taken up
  public static Server start(Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    var port = freePort();
    var command = new ArrayList<>(List.of(property("java", "java")));
    command.addAll(
        Pattern.compile(" ")
            .splitAsStream(property("flags", "-XX:+UseSerialGC"))
            .filter(flag -> !flag.isEmpty())
            .toList());
    command.addAll(List.of("-jar", property("jar", "cli/target/carillon.jar"), "serve"));
    command.addAll(
        List.of("--port", String.valueOf(port), "--data", folder.resolve("data").toString()));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "server.log")));
    builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
    builder.environment().putAll(SETTINGS);
    builder.environment().putAll(environment);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var forkedAt = Clock.systemUTC().instant();
    long begin = System.nanoTime();
    var process = builder.start();
    awaitReady(process, address, folder);
    return new Server(
        process, folder, address, forkedAt, Duration.ofNanos(System.nanoTime() - begin));
  }

  private static void awaitReady(Process process, InetSocketAddress address, Path folder)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + READY_WITHIN.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try (var connection = new Connection(address, READY_WITHIN)) {
        if (connection.exchange(READY).status() == 200) {
          return;
        }
      } catch (IOException _) {
        // not listening yet
      }
      LockSupport.parkNanos(1_000_000);
    }
    process.destroyForcibly().waitFor();
    throw new IOException(
        "the server did not get ready; it said:\n"
            + Files.readString(folder.resolve("server.log")));
  }

  private static String property(String name, String otherwise) {
    return System.getProperty("carillon." + name, otherwise);
  }

  /// Below the ports that the system hands out to clients, so that no client can connect to itself.
  private static int freePort() throws IOException {
    for (int candidate = FIRST_PORT; candidate < FIRST_PORT + 1000; candidate++) {
      try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException _) {
        // taken
      }
    }
    throw new IOException("no free port");
  }

  public InetSocketAddress address() {
    return address;
  }

  /// From the fork of the process to the first 200 of `/health/ready`.
  public Duration startUp() {
    return startUp;
  }

  public Instant forkedAt() {
    return forkedAt;
  }

  /// The token that the first start on this folder printed, which may be a moment after it was
  /// ready; empty when none came.
  public Optional<String> token() throws IOException {
    long end = System.nanoTime() + TOKEN_WITHIN.toNanos();
    do {
      var said = TOKEN.matcher(Files.readString(folder.resolve("server.log")));
      if (said.find()) {
        return Optional.of(said.group(1));
      }
      LockSupport.parkNanos(5_000_000);
    } while (System.nanoTime() < end);
    return Optional.empty();
  }

  /// Memory of the process that lies in RAM; 0 where the system does not tell.
  public long megabytes() throws IOException {
    var status = Path.of("/proc", String.valueOf(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    var resident = Pattern.compile("VmRSS:\\s*(\\d+) kB").matcher(Files.readString(status));
    return resident.find() ? Long.parseLong(resident.group(1)) / 1024 : 0;
  }

  /// The same as pulling the plug of the process.
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
