package dev.carillon.cli.train;

import dev.carillon.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs the commands of a caller in this process against a gateway in one of its own, so that what
/// this virtual machine keeps for later starts is what callers need and no more: a cache that also
/// held the gateway would take longer to map than the commands take to run.
final class CallerTraining implements AutoCloseable {
  private static final Pattern TOKEN = Pattern.compile("Authorization: Bearer ([^\\s\"']+)");
  private static final Pattern TASK = Pattern.compile("\"task_id\"\\s*:\\s*\"([^\"]+)\"");
  private static final int LOOKS = 3_000;
  private static final long BETWEEN_LOOKS_MILLIS = 20;

  private final Path folder;
  private final int port;
  private final Path log;
  private final Process gateway;

  /// Starts a gateway.
  ///
  /// @param folder an empty one
  CallerTraining(Path folder, int port) throws IOException {
    this.folder = folder;
    this.port = port;
    this.log = folder.resolve("serve.log");
    String java = ProcessHandle.current().info().command().orElse("java");
    var command =
        List.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            ownJar(),
            Main.class.getName(),
            "serve",
            "--port",
            "" + port,
            "--data",
            folder.resolve("data").toString());
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    // It must not see a database, a configuration or a provider's key of whoever builds.
    builder.environment().clear();
    gateway = builder.redirectOutput(log.toFile()).start();
  }

  private static String ownJar() {
    try {
      return Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs each command at least once; `printed` is where their output goes.
  void run(Supplier<String> printed) throws IOException, InterruptedException {
    String token = token();
    Path picture = folder.resolve("picture.png");
    Path jobs =
        Files.writeString(
            folder.resolve("jobs.jsonl"),
            "{\"generate\":\"image\",\"prompt\":\"a bell [[sandbox take=0s]]\"}\n");
    call(token, "generate", "image", "a bell [[sandbox take=0s]]", "--json");
    call(token, "generate", "image", "a bell [[sandbox take=1s]]", "-o", picture.toString());
    call(token, "batch", jobs.toString());
    Matcher task = TASK.matcher(printed.get());
    String id = task.find() ? task.group(1) : "00000000-0000-7000-8000-000000000000";
    call(token, "task", "get", id);
    call(token, "task", "get", id, "--json");
    call(token, "task", "get", "00000000-0000-7000-8000-000000000000");
    call(token, "task", "wait", id);
    call(token, "task", "follow", id);
    call(token, "task", "list");
    call(token, "task", "cancel", id);
    call(token, "callback", "list", "--json");
    call(token, "events");
    callAt("https://127.0.0.1:" + port, token, "task", "get", id);
    for (String bare : new String[] {"--version", "--help", "unknown"}) {
      Main.commandLine(bare).execute(bare);
    }
    Main.commandLine("task", "--help").execute("task", "--help");
    Main.commandLine("completion", "bash").execute("completion", "bash");
  }

  private void call(String token, String... words) {
    callAt("http://127.0.0.1:" + port, token, words);
  }

  private void callAt(String url, String token, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--url", url, "--token", token));
    String[] arguments = all.toArray(String[]::new);
    Main.commandLine(arguments).execute(arguments);
  }

  /// The token that a first start prints when it is ready.
  private String token() throws InterruptedException {
    for (int look = 0; look < LOOKS && gateway.isAlive(); look++) {
      Matcher token = TOKEN.matcher(log());
      if (token.find()) {
        return token.group(1);
      }
      Thread.sleep(BETWEEN_LOOKS_MILLIS);
    }
    throw new IllegalStateException("no gateway to train with: " + log());
  }

  private String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    gateway.destroy();
    try {
      if (!gateway.waitFor(10, TimeUnit.SECONDS)) {
        gateway.destroyForcibly();
      }
    } catch (InterruptedException e) {
      gateway.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
