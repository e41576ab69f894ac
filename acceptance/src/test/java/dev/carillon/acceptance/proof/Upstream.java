package dev.carillon.acceptance.proof;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/// A provider that writes down what it was asked to generate: jobs that take a moment, and end in a
/// file whose address names the job. Safe for many threads.
final class Upstream implements AutoCloseable {
  private static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  private final Receiver receiver;
  private final History history;
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private final Map<String, Job> byReference = new ConcurrentHashMap<>();
  private final AtomicInteger generated = new AtomicInteger();
  private volatile String address;
  private volatile BiConsumer<Step, String> watcher = (_, _) -> {};
  private volatile int longest = 1_500;

  /// Where a task is on its way through the provider.
  enum Step {
    SUBMITTED,
    ANSWERED,
    LOOKED,
    FETCHED
  }

  /// What a provider offers to somebody whose submission was lost.
  enum Way {
    /// Jobs are found by the asker's reference.
    FIND(
        "find: {path: /jobs, query: {reference: \"{task.id}\"}, job: {id: \"answer.jobs[0].id\"},"
            + " absent: \"$count(answer.jobs) = 0\", settled: SETTLED}\n"),
    /// A repeat under the same key is the same job.
    KEY("idempotency: {header: Idempotency-Key}\n"),
    /// Nothing.
    NONE("");

    private final String lines;

    Way(String lines) {
      this.lines = lines;
    }
  }

  private record Job(String id, String reference, long readyAt) {}

  Upstream(History history) {
    this.history = history;
    this.receiver = Receiver.start();
    this.address = "http://127.0.0.1:" + receiver.port();
    receiver.otherwise(this::react);
  }

  int port() {
    return receiver.port();
  }

  /// The address under which nodes reach it, where that is another.
  void reachedAt(String base) {
    address = base;
  }

  String address() {
    return address;
  }

  /// Is told each step with the task's id, on the connection's thread and before the answer, but
  /// for [Step#ANSWERED].
  void watch(BiConsumer<Step, String> listener) {
    watcher = listener;
  }

  /// Jobs begun from now on take at most so many milliseconds.
  void takes(int millis) {
    longest = millis;
  }

  int generated() {
    return generated.get();
  }

  /// Writes the definition into a data folder.
  ///
  /// @param settled how long after submitting a look-up that finds nothing is believed
  void define(Path data, Way way, String settled) {
    String text =
        """
        name: proof
        source: here
        checked: "2026-11-26"
        base-url: $PROOF_URL
        hosts: ["*"]
        keys: {key: PROOF_KEY}
        limits: {requests-per-second: 5000, burst: 10000, open-jobs: 50000}
        time: 1s
        timeout: 10s
        submit:
          path: /jobs
          body: '{"prompt": request.prompt, "reference": task.id}'
          job: {id: answer.id}
        poll: {path: "/jobs/{job.id}"}
        state: answer.status
        words: {running: [working], done: [ready], failed: [broken]}
        works: 'answer.files.{"url": url}'
        failure: {message: answer.error}
        serves: [{endpoint: /flux/images}]
        """
            + way.lines.replace("SETTLED", settled);
    try {
      Files.createDirectories(data.resolve("providers"));
      Files.writeString(data.resolve("providers/proof.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reaction react(Received request) {
    String path = request.path();
    if (request.method().equals("POST") && path.equals("/jobs")) {
      return submitted(request);
    }
    if (path.equals("/jobs")) {
      String reference = request.target().replaceFirst(".*reference=", "");
      Optional<Job> found = Optional.ofNullable(byReference.get(reference));
      history.note("found", "task", reference, "is", found.isPresent());
      return json(
          200, "{\"jobs\":[" + found.map(job -> "{\"id\":\"" + job.id + "\"}").orElse("") + "]}");
    }
    if (path.startsWith("/jobs/")) {
      return looked(path.substring("/jobs/".length()));
    }
    if (path.startsWith("/files/")) {
      String id = path.substring("/files/".length()).replace(".png", "");
      Optional.ofNullable(jobs.get(id))
          .ifPresent(job -> watcher.accept(Step.FETCHED, job.reference));
      return picture();
    }
    return json(404, "{}");
  }

  private Reaction submitted(Received request) {
    JsonNode body = History.read(request.text());
    String reference = body.path("reference").asString();
    String key = request.header("idempotency-key").orElse("");
    Job known = key.isEmpty() ? null : byReference.get(reference);
    Job job = known == null ? begin(reference, body.path("prompt").asString()) : known;
    history.note("submitted", "task", reference, "job", job.id, "repeat", known != null);
    watcher.accept(Step.SUBMITTED, reference);
    Thread.ofVirtual().start(() -> watcher.accept(Step.ANSWERED, reference));
    return json(200, "{\"id\":\"" + job.id + "\"}");
  }

  private Job begin(String reference, String prompt) {
    int number = generated.incrementAndGet();
    int takes = new Random(reference.hashCode()).nextInt(Math.max(1, longest));
    Job job = new Job("job-" + number, reference, history.millis() + takes);
    history.note("generated", "task", reference, "job", job.id, "key", prompt);
    jobs.put(job.id, job);
    byReference.putIfAbsent(reference, job);
    return job;
  }

  private Reaction looked(String id) {
    Job job = jobs.get(id);
    if (job == null) {
      return json(404, "{}");
    }
    watcher.accept(Step.LOOKED, job.reference);
    return history.millis() < job.readyAt
        ? json(200, "{\"status\":\"working\"}")
        : json(
            200,
            "{\"status\":\"ready\",\"files\":[{\"url\":\"%s/files/%s.png\"}]}"
                .formatted(address, job.id));
  }

  private static Reaction picture() {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(PNG.length);
    return new Reaction.Raw(head + new String(PNG, StandardCharsets.ISO_8859_1));
  }

  private static Reaction json(int status, String body) {
    return new Reaction.Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  @Override
  public void close() {
    receiver.close();
  }
}
