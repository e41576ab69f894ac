package dev.carillon.cli.task;

import dev.carillon.cli.place.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One request of a batch file: `{"endpoint": "flux/images", "body": {…}}`, or `{"generate":
/// "image", "prompt": "a fox", "service": …, …}`.
///
/// @param number from 1
/// @param content which of the file's requests it is: a hash of its text, and how many equal ones
///   stand before it. Moving a line does not change it.
record BatchLine(int number, String content, String service, String endpoint, ObjectNode body) {
  private static final int MOST_LINES = 1_000_000;
  private static final int MOST_CHARS = 1 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  /// Reads the whole file.
  ///
  /// @throws CommandFailure that names the first line that cannot be read; nothing was sent then
  static List<BatchLine> read(Path file) {
    List<BatchLine> lines = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        number++;
        if (text.isBlank() || text.startsWith("#")) {
          continue;
        }
        if (text.length() > MOST_CHARS || lines.size() == MOST_LINES) {
          throw wrong(file, number, "the line or the file is too long");
        }
        String hash = hash(text.strip());
        int before = seen.merge(hash, 1, Integer::sum) - 1;
        lines.add(line(file, number, hash + "-" + before, text));
      }
    } catch (NoSuchFileException none) {
      throw new CommandFailure(
          CommandFailure.USAGE, "there is no file " + file + "; write one request a line into it");
    } catch (IOException unreadable) {
      throw new CommandFailure(
          CommandFailure.USAGE, "cannot read " + file + ": " + unreadable.getMessage());
    }
    return lines;
  }

  private static BatchLine line(Path file, int number, String content, String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JacksonException wrong) {
      throw wrong(file, number, "it is no JSON: " + wrong.getOriginalMessage());
    }
    String path = json.path("endpoint").asString("").replaceFirst("^/*(v1/)*", "");
    ObjectNode body = CallerCommand.object();
    if (json.path("body") instanceof ObjectNode given) {
      body.setAll(given);
    }
    Optional<Kind> kind = Kind.of(json.path("generate").asString(""));
    if (kind.isPresent() && path.isEmpty()) {
      String service = json.path("service").asString(kind.get().usualService());
      String endpoint = kind.get().endpoint(service);
      Kind.action(service, endpoint)
          .filter(_ -> !body.has("action"))
          .ifPresent(action -> body.put("action", action));
      String model = json.path("model").asString("");
      if (!model.isEmpty()) {
        body.put(Kind.modelField(service), model);
      }
      body.put(Kind.promptField(service, endpoint), json.path("prompt").asString(""));
      path = service + "/" + endpoint;
    }
    int slash = path.indexOf('/');
    if (slash < 1 || !path.matches("[A-Za-z0-9._/-]+[A-Za-z0-9]")) {
      throw wrong(
          file,
          number,
          "write {\"generate\": \"image\", \"prompt\": \"…\"}"
              + " or {\"endpoint\": \"flux/images\", \"body\": {…}}");
    }
    return new BatchLine(
        number, content, path.substring(0, slash), path.substring(slash + 1), body);
  }

  private static CommandFailure wrong(Path file, int number, String what) {
    return new CommandFailure(
        CommandFailure.USAGE, "%s, line %d: %s. Nothing was sent.".formatted(file, number, what));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
