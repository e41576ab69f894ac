package dev.carillon.cli.train;

import dev.carillon.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `carillon train`, run once after a build: serves real requests from a throw-away folder on a
/// free port and ends cleanly, so that the virtual machine can keep what it loaded and linked in a
/// cache (`-XX:AOTCacheOutput`) and later starts are quick. With `--caller` it is the caller's
/// commands that run, and the gateway is in a process of its own.
@Command(name = "train", hidden = true)
public final class TrainCommand implements Callable<Integer> {
  private static final long READY_WITHIN_SECONDS = 30;
  private static final int ROUNDS = 20;
  private static final int FIRST_PORT = 21_000;
  private static final Pattern TOKEN = Pattern.compile("Authorization: Bearer ([^\\s\"']+)");
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
  private static final Pattern TASK = Pattern.compile("\"task_id\"\\s*:\\s*\"([^\"]+)\"");

  @Option(names = "--caller")
  private boolean caller;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private int port;

  /// Made by the command line's reader.
  public TrainCommand() {}

  @Override
  public Integer call() throws Exception {
    var data = Files.createTempDirectory("carillon-train");
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> delete(data)));
    port = freePort();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    if (caller) {
      try (var training = new CallerTraining(data, port)) {
        training.run(() -> printed.toString(StandardCharsets.UTF_8));
      }
      return 0;
    }
    Thread.ofPlatform()
        .daemon()
        .name("train-serve")
        .start(() ->
            Main.commandLine()
                .execute("serve", "--port", Integer.toString(port), "--data", data.toString()));
    awaitReady();
    var token = TOKEN.matcher(printed.toString(StandardCharsets.UTF_8));
    if (token.find()) {
      walk(token.group(1));
    }
    return 0;
  }

  private void walk(String token) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      var created =
          post(
              "/midjourney/imagine",
              token,
              "{\"prompt\":\"a bell tower [[sandbox take=0s]]\",\"async\":true}");
      var task = TASK.matcher(created);
      var id = task.find() ? task.group(1) : "00000000-0000-7000-8000-000000000000";
      post("/midjourney/tasks", token, "{\"id\":\"" + id + "\"}");
      get("/v1/tasks/" + id + "?wait=1s", token);
    }
    post("/suno/audios", token, "{\"prompt\":\"a carillon [[sandbox take=0s]]\",\"async\":true}");
    post(
        "/veo/videos",
        token,
        "{\"prompt\":\"bells [[sandbox take=0s]]\",\"action\":\"text2video\"}");
    post("/midjourney/imagine", "wrong", "{}");
    for (var path : new String[] {"/health/live", "/metrics", "/openapi.json", "/v1/tasks", "/"}) {
      get(path, token);
    }
  }

  private void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_WITHIN_SECONDS);
    while (System.nanoTime() < deadline) {
      try {
        if (get("/health/ready", "").startsWith("HTTP/1.1 200")) {
          return;
        }
      } catch (IOException _) {
        // not listening yet
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException("not ready within " + READY_WITHIN_SECONDS + " s");
  }

  private String get(String path, String token) throws IOException {
    return send("GET " + path, token, "");
  }

  private String post(String path, String token, String body) throws IOException {
    return send("POST " + path, token, body);
  }

  private String send(String methodAndPath, String token, String body) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      var head =
          methodAndPath
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
              + token
              + "\r\nContent-Type: application/json\r\nContent-Length: "
              + body.getBytes(StandardCharsets.UTF_8).length
              + "\r\n\r\n";
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
      return answer(socket.getInputStream());
    }
  }

  /// Reads one answer to the end that its head announces: a server may keep the connection open
  /// even when asked to close it.
  private static String answer(InputStream in) throws IOException {
    var read = new StringBuilder();
    var buffer = new byte[8192];
    int count = in.read(buffer);
    while (count > 0) {
      read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      if (isWhole(read)) {
        break;
      }
      count = in.read(buffer);
    }
    return read.toString();
  }

  private static boolean isWhole(StringBuilder read) {
    int body = read.indexOf("\r\n\r\n") + 4;
    if (body < 4) {
      return false;
    }
    var length = LENGTH.matcher(read);
    return length.find()
        ? read.length() - body >= Integer.parseInt(length.group(1))
        : read.toString().endsWith("0\r\n\r\n");
  }

  /// A free port below the range that systems hand out to clients: connecting to a port of that
  /// range before the server listens may connect a socket to itself.
  private static int freePort() {
    for (int candidate = FIRST_PORT; candidate < FIRST_PORT + 1000; candidate++) {
      try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException _) {
        // taken
      }
    }
    throw new IllegalStateException("no free port from " + FIRST_PORT + " on");
  }

  private static void delete(Path folder) {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException _) {
      // A folder left in the system's temporary files hurts nobody.
    }
  }
}
