package dev.carillon.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// An official library of Standard Webhooks in another language: a child process that takes a line
/// of JSON and gives one back. The programs stand in `acceptance/verifiers`.
final class Verifier implements AutoCloseable {
  private static final Path PROGRAMS =
      Path.of(System.getProperty("carillon.verifiers", "verifiers")).toAbsolutePath().normalize();
  private static final Path HOME = PROGRAMS.resolveSibling(".verifiers");
  private static final int PREPARING_SECONDS = 480;

  private final String language;
  private final Process process;
  private final BufferedReader answers;

  private Verifier(String language, List<String> command) throws IOException {
    this.language = language;
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /// Installs them once; does nothing when they are there in the wanted versions.
  static void prepare() throws IOException, InterruptedException {
    Program.run(
        new ProcessBuilder(PROGRAMS.resolve("prepare").toString()),
        "the verifiers could not be installed",
        PREPARING_SECONDS);
  }

  /// The Python with the libraries of the Flask example.
  static Path python() {
    return HOME.resolve("python/bin/python");
  }

  /// Starts all that are installed: Python and JavaScript, and Go where there is a compiler.
  static List<Verifier> startAll() throws IOException {
    var all = new ArrayList<Verifier>();
    all.add(
        new Verifier(
            "Python",
            List.of(python().toString(), PROGRAMS.resolve("python/verify.py").toString())));
    all.add(
        new Verifier(
            "JavaScript", List.of("node", HOME.resolve("javascript/verify.js").toString())));
    Path go = HOME.resolve("verifier-go");
    if (Files.isExecutable(go)) {
      all.add(new Verifier("Go", List.of(go.toString())));
    }
    return all;
  }

  String language() {
    return language;
  }

  /// Whether the library believes this request.
  boolean believes(String secret, Map<String, String> headers, String body) {
    return ask(Map.of(
            "do",
            "verify",
            "secret",
            secret,
            "id",
            headers.get("webhook-id"),
            "timestamp",
            headers.get("webhook-timestamp"),
            "signature",
            headers.get("webhook-signature"),
            "body",
            body))
        .path("ok")
        .booleanValue();
  }

  /// The signature the library makes.
  String sign(String secret, String id, long timestamp, String body) {
    return ask(Map.of(
            "do", "sign",
            "secret", secret,
            "id", id,
            "timestamp", "" + timestamp,
            "body", body))
        .path("signature")
        .asString();
  }

  private JsonNode ask(Map<String, String> wish) {
    try {
      var out = process.outputWriter(StandardCharsets.UTF_8);
      out.write(Json.of(wish));
      out.newLine();
      out.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new AssertionError("the verifier in " + language + " ended");
      }
      return Json.read(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
