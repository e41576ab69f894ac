package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.upstream.DefinitionException;
import dev.carillon.gateway.upstream.Job;
import dev.carillon.gateway.upstream.Sleeper;
import dev.carillon.gateway.upstream.Turn;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.gateway.upstream.UpstreamListener;
import dev.carillon.gateway.upstream.http.spool.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import okhttp3.OkHttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tries a definition file out: compiles it, tells what it serves and what it needs, and runs one
/// request against the real provider or against recorded answers, telling each step.
public final class DefinitionCheck {
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final InstantSource time;
  private final Consumer<String> out;
  private final Definition definition;
  private final Path folder;

  /// Reads a file.
  ///
  /// @param out hears lines
  /// @throws DefinitionException with every mistake in the file
  public DefinitionCheck(Path file, InstantSource time, Consumer<String> out) throws IOException {
    this.time = time;
    this.out = out;
    this.definition =
        DefinitionReader.read(String.valueOf(file.getFileName()), Definitions.content(file));
    this.folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
  }

  /// Tells what the file says.
  public void summary(Map<String, String> environment) {
    out.accept(definition.name() + ": " + definition.title() + ", " + definition.source());
    out.accept("  compared with its source on " + definition.checked());
    definition
        .serves()
        .forEach(serve ->
            out.accept(
                "  serves "
                    + serve.endpoint()
                    + serve.when().map(when -> " when " + when).orElse("")
                    + (serve.models().isEmpty() ? "" : " with " + serve.models().keySet())));
    definition
        .keys()
        .values()
        .forEach(variable ->
            out.accept(
                "  needs " + variable + (environment.containsKey(variable) ? " (set)" : "")));
  }

  /// One try.
  ///
  /// @param endpoint as the catalog has it; empty for the first the file serves
  /// @param request the body, one JSON object
  /// @param environment where the keys are
  /// @param base another address
  /// @param recorded answers to play instead of asking anybody
  public record Trial(
      Optional<String> endpoint,
      String request,
      Map<String, String> environment,
      Optional<URI> base,
      Optional<String> recorded) {}

  /// What came of a trial.
  ///
  /// @param succeeded whether it ended with a result
  /// @param recording the answers that came, as [Trial#recorded] takes them
  public record Result(boolean succeeded, String recording) {}

  /// Runs one request to its end.
  public Result run(Trial trial) throws InterruptedException {
    Clock clock = new Clock(time, trial.recorded().isPresent());
    ArrayNode recording = Reply.Json.MAPPER.createArrayNode();
    try (var spool = new Spool(folder.resolve("results"), Spool.Limits.DEFAULTS);
        Wire live = new Wire(spool, OkHttpClient::new)) {
      Reply.Sender sender =
          trial.recorded().map(Recording::replay).orElse(Recording.record(live, recording));
      HttpProvider.Tools tools =
          new HttpProvider.Tools(
              sender,
              clock,
              clock,
              listener(),
              new NewsSeal(new byte[32]),
              Optional.empty(),
              new HttpProvider.Keeping(spool, this::keep, _ -> false));
      Definition there = trial.base().map(definition::at).orElse(definition);
      var environment = new HashMap<>(trial.environment());
      if (trial.recorded().isPresent()) {
        definition.keys().values().forEach(name -> environment.putIfAbsent(name, "none"));
      }
      KeyPool keys = KeyPool.of(there, environment);
      if (keys.keys().isEmpty()) {
        out.accept("a key is missing: set " + Set.copyOf(definition.keys().values()));
        return new Result(false, "[]");
      }
      boolean done = follow(new HttpProvider(there, keys, tools), trial, clock);
      return new Result(done, recording.toPrettyString());
    }
  }

  /// Puts bytes beside the definition, where the operator looks at them.
  private String keep(Task task, int index, InputStream bytes) throws IOException {
    Path file = Files.createDirectories(folder.resolve("results")).resolve("result-" + index);
    Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
    return file.toUri().toString();
  }

  private boolean follow(HttpProvider provider, Trial trial, Clock clock)
      throws InterruptedException {
    String key = trial.endpoint().orElse(definition.serves().getFirst().endpoint());
    var endpoint = Catalog.load(Optional.empty()).byKey(key);
    if (endpoint.isEmpty()) {
      out.accept("the catalog has no endpoint " + key);
      return false;
    }
    JsonNode body = Reply.Json.MAPPER.readTree(trial.request());
    ObjectNode request =
        endpoint
            .get()
            .request()
            .check(
                body instanceof ObjectNode fields ? fields : Reply.Json.MAPPER.createObjectNode())
            .cleaned();
    Noted noted = new Noted(claim(key, trial.request(), clock));
    Instant latest = clock.instant().plus(LONGEST);
    Outcome outcome =
        turn(provider, new Job(noted.claim, endpoint.get(), request, "http://localhost", noted));
    while (outcome instanceof Outcome.Wait(_, var pause, int progress)
        && clock.instant().isBefore(latest)) {
      out.accept("  running, " + progress + " %; looking again in " + pause.toSeconds() + " s");
      clock.sleep(pause);
      outcome =
          turn(provider, new Job(noted.claim, endpoint.get(), request, "http://localhost", noted));
    }
    return told(outcome);
  }

  private Outcome turn(HttpProvider provider, Job job) throws InterruptedException {
    if (job.claim().upstreamRef().isPresent()) {
      return provider.run(job);
    }
    return switch (provider.begin(job)) {
      case Turn.Taken(var outcome) -> outcome;
      case Turn.NotTaken(var reason, _) -> new Outcome.Refused(reason);
    };
  }

  private boolean told(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done(var answer) -> out.accept("succeeded: " + answer.json());
      case Outcome.Refused(var reason) ->
          out.accept("failed: " + reason.code().wire() + ": " + reason.message());
      case Outcome.Unknown(var detail, _) -> out.accept("unknown: " + detail);
      case Outcome.Late _, Outcome.Wait _, Outcome.Full _ -> out.accept("not ended in time");
    }
    return outcome instanceof Outcome.Done;
  }

  private UpstreamListener listener() {
    return new UpstreamListener() {
      @Override
      public void asked(String provider, Call call) {
        out.accept(call.step() + ": " + call.line() + " -> " + call.result());
        if (!call.sent().isEmpty()) {
          out.accept("  > " + call.sent());
        }
        out.accept("  < " + call.answer());
      }

      @Override
      public void unknownWord(String provider, String word) {
        out.accept("  the word '" + word + "' stands in no table; it counts as running");
      }
    };
  }

  private static Claim claim(String endpoint, String request, InstantSource clock) {
    Ids ids = new Ids(clock, RandomGenerator.getDefault());
    Owner nobody =
        new Owner(
            new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
    Order order =
        new Order(
            new TaskId(ids.next()),
            nobody,
            endpoint.split("/", -1)[1],
            endpoint,
            "check",
            "check",
            clock.instant(),
            request,
            Optional.empty(),
            Money.ZERO,
            clock.instant().plus(LONGEST));
    return new Claim(
        new Task(order, new TaskState.Queued(), Task.Settlement.HELD), 1, 1, Optional.empty());
  }

  /// Keeps what a ledger would keep.
  private static final class Noted implements Upstream.Progress {
    private Claim claim;

    Noted(Claim claim) {
      this.claim = claim;
    }

    @Override
    public void at(int percent) {
      // The waits tell how far it is.
    }

    @Override
    public boolean note(String ref) {
      claim = claim.at(ref);
      return true;
    }
  }

  /// Real time; with recorded answers, time that jumps.
  private static final class Clock implements InstantSource, Sleeper {
    private final InstantSource real;
    private final boolean jumps;
    private Duration jumped = Duration.ZERO;

    Clock(InstantSource real, boolean jumps) {
      this.real = real;
      this.jumps = jumps;
    }

    @Override
    public Instant instant() {
      return real.instant().plus(jumped);
    }

    @Override
    public Duration elapsed() {
      return SYSTEM.elapsed().plus(jumped);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      if (jumps) {
        jumped = jumped.plus(duration);
      } else {
        Thread.sleep(duration);
      }
    }
  }
}
