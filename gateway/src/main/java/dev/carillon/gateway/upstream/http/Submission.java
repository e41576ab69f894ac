package dev.carillon.gateway.upstream.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.upstream.Circuit;
import dev.carillon.gateway.upstream.Turn;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.gateway.upstream.http.AnswerReader.Meant;
import dev.carillon.gateway.upstream.http.Definition.Absence;
import dev.carillon.gateway.upstream.http.Definition.Find;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins jobs at a provider, and finds out about those of which nobody knows whether they began.
final class Submission {
  private static final Logger log = LoggerFactory.getLogger(Submission.class);
  private static final Duration LONGEST_QUEUE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration KEY_PAUSE = Duration.ofMinutes(1);

  private final Definition definition;
  private final KeyPool keys;
  private final HttpProvider.Tools tools;
  private final Talk talk;
  private final Circuit circuit;
  private final Pursuit pursuit;

  /// @param circuit of the provider, which the router looks at, too
  Submission(Pursuit pursuit, Circuit circuit) {
    this.definition = pursuit.definition();
    this.keys = pursuit.keys();
    this.tools = pursuit.tools();
    this.talk = pursuit.talk();
    this.circuit = circuit;
    this.pursuit = pursuit;
  }

  private Duration now() {
    return tools.sleeper().elapsed();
  }

  /// Submits a job of which nothing was begun.
  Turn begin(Work work) throws InterruptedException {
    if (keys.allBroken(now())) {
      return notTaken("The provider refuses our key.", Optional.empty());
    }
    if (!circuit.permits(now())) {
      return notTaken("The provider is not well.", Optional.of(PAUSE));
    }
    if (hasNoPlace(work)) {
      return busy(PAUSE);
    }
    Optional<ProviderKey> key = keys.enter(work.task(), now());
    if (key.isEmpty()) {
      return busy(PAUSE);
    }
    Duration queue = key.get().pace().queue(now());
    if (queue.compareTo(LONGEST_QUEUE) > 0) {
      keys.leave(work.task());
      return busy(queue);
    }
    pursuit.awaitTurn(key.get());
    long sentAt = tools.clock().millis();
    var ref = new UpstreamRef(definition.name(), key.get().id(), sentAt, Map.of());
    if (!work.job().progress().note(ref.text())) {
      keys.leave(work.task());
      return new Turn.Taken(new Outcome.Unknown("the claim is stale"));
    }
    Turn turn = submit(work, key.get(), ref);
    if (turn instanceof Turn.NotTaken) {
      work.job().progress().note("");
      keys.leave(work.task());
    }
    return turn;
  }

  /// Where the answer is the result its place is taken before anything is paid for; it is given
  /// back with the turn.
  private boolean hasNoPlace(Work work) {
    return work.plan().poll().isEmpty() && !tools.keeping().spool().enter(work.task().toString());
  }

  private Turn submit(Work work, ProviderKey key, UpstreamRef ref) throws InterruptedException {
    Map<String, String> headers =
        definition.idempotency().map(name -> Map.of(name, work.task().toString())).orElse(Map.of());
    Upstream.Progress progress = work.job().progress();
    var said = new Talk.Said("submit", work.plan().submit(), true, headers, progress::isSurelyOurs);
    Reply reply;
    try {
      reply = talk.send(said, key, work.input());
    } catch (Expression.Failure misfit) {
      log.error("upstream.misfit task={} provider={}", work.task(), definition.name(), misfit);
      return notTaken("The provider's definition does not fit this request.", Optional.empty());
    } finally {
      key.sent(work.task(), now());
    }
    return switch (reply) {
      case Reply.NotSent _ when !progress.isSurelyOurs() -> {
        log.warn("upstream.held_back task={} provider={}", work.task(), definition.name());
        yield notTaken("It may have been taken over by another node.", Optional.of(PAUSE));
      }
      case Reply.NotSent(var reason) -> {
        log.warn("upstream.unreachable provider={} reason=\"{}\"", definition.name(), reason);
        circuit.failed(now());
        yield notTaken("The provider could not be reached.", Optional.of(PAUSE));
      }
      case Reply.Lost(var reason) -> {
        circuit.failed(now());
        yield new Turn.Taken(new Outcome.Unknown(reason));
      }
      case Reply.TooLarge(var reason) -> {
        circuit.answered();
        yield new Turn.Taken(pursuit.tooLarge(work, reason));
      }
      case Reply.Answered answered -> answered(work, key, ref, answered);
    };
  }

  private Turn answered(Work work, ProviderKey key, UpstreamRef ref, Reply.Answered answered)
      throws InterruptedException {
    AnswerReader reader = new AnswerReader(work.plan().reading());
    Map<String, Object> input = AnswerReader.joined(work.input(), answered.input());
    try {
      if (answered.ok()) {
        circuit.answered();
        return taken(work, ref, input);
      }
      if (reader.isModerated(input)) {
        return new Turn.Taken(new Outcome.Refused(reader.refusal(answered.status(), input)));
      }
      if (work.plan().nothingTaken().contains(answered.status())) {
        return nothingTaken(key, answered, reader.refusal(answered.status(), input));
      }
      if (answered.status() >= 500 || answered.status() == 408) {
        circuit.failed(now());
        return new Turn.Taken(new Outcome.Unknown("submitting was answered " + answered.status()));
      }
      circuit.answered();
      return new Turn.Taken(new Outcome.Refused(reader.refusal(answered.status(), input)));
    } catch (Expression.Failure misfit) {
      log.error("upstream.misfit task={} provider={}", work.task(), definition.name(), misfit);
      return new Turn.Taken(
          new Outcome.Unknown("the answer to submitting cannot be read: " + misfit.getMessage()));
    }
  }

  /// The answer says that the job is taken, or what was made.
  private Turn taken(Work work, UpstreamRef ref, Map<String, Object> input)
      throws InterruptedException {
    Map<String, String> job = new HashMap<>();
    for (var one : work.plan().job().entrySet()) {
      one.getValue()
          .text(input)
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> job.put(one.getKey(), text));
    }
    Meant meant = new AnswerReader(work.plan().reading()).read(input);
    switch (meant) {
      case Meant.NothingTaken(var reason) -> {
        return new Turn.NotTaken(reason, Optional.of(PAUSE));
      }
      case Meant.Refused(var reason) -> {
        return new Turn.Taken(new Outcome.Refused(reason));
      }
      default -> {
        // Whatever its state is, the job exists; polling tells the rest.
      }
    }
    if (work.plan().poll().isEmpty()) {
      return new Turn.Taken(pursuit.ended(work, ref, input));
    }
    if (job.size() < work.plan().job().size()) {
      return new Turn.Taken(new Outcome.Unknown("the answer to submitting names no job"));
    }
    UpstreamRef known = ref.with(job);
    if (known.text().length() > UpstreamRef.MOST_CHARS) {
      return new Turn.Taken(new Outcome.Unknown("the answer to submitting names too long a job"));
    }
    work.job().progress().note(known.text());
    return new Turn.Taken(pursuit.later(work, known, 0));
  }

  private Turn nothingTaken(ProviderKey key, Reply.Answered answered, Reason reason) {
    Duration pause = answered.retryAfter().map(Duration::ofSeconds).orElse(PAUSE);
    return switch (answered.status()) {
      case 429 -> {
        key.pace().pause(now().plus(pause));
        yield new Turn.NotTaken(Reason.of(ErrorCode.BUSY), Optional.of(pause));
      }
      case 401, 402, 403 -> refusedKey(key, answered.status(), reason);
      case 404 -> new Turn.NotTaken(reason, Optional.empty());
      default -> {
        circuit.failed(now());
        yield new Turn.NotTaken(Reason.of(ErrorCode.BUSY), Optional.of(pause));
      }
    };
  }

  private Turn refusedKey(ProviderKey key, int status, Reason reason) {
    log.error(
        "upstream.key.refused provider={} key={} status={} reason=\"{}\"",
        definition.name(),
        key.id(),
        status,
        reason.message());
    key.broken(now().plus(KEY_PAUSE));
    return keys.allBroken(now())
        ? notTaken("The provider refuses our key.", Optional.empty())
        : notTaken("The provider refuses a key.", Optional.of(PAUSE));
  }

  private static Turn busy(Duration again) {
    return new Turn.NotTaken(Reason.of(ErrorCode.BUSY), Optional.of(again));
  }

  private static Turn notTaken(String message, Optional<Duration> again) {
    return new Turn.NotTaken(new Reason(ErrorCode.API_ERROR, message), again);
  }

  /// Finds out about a job that was sent and not answered: by the provider's idempotency key, which
  /// makes sending again the same request, or by a look-up. Nothing else is ever sent again.
  Outcome resolve(Work work, UpstreamRef ref) throws InterruptedException {
    Optional<ProviderKey> key = keys.byId(ref.key());
    if (key.isEmpty()) {
      return new Outcome.Unknown("the key it was sent with is set no longer");
    }
    key.get().resume(work.task(), now());
    // What was sent and never arrived would begin now; its caller got the price back.
    boolean expired = work.job().claim().task().state() instanceof TaskState.Expired;
    if (definition.idempotency().isPresent() && !expired) {
      if (hasNoPlace(work)) {
        return new Outcome.Unknown("there is no place for its answer now");
      }
      pursuit.awaitTurn(key.get());
      return switch (submit(work, key.get(), ref)) {
        case Turn.Taken(var outcome) -> outcome;
        case Turn.NotTaken(var reason, _) -> new Outcome.Unknown(reason.message());
      };
    }
    Optional<Find> find = work.plan().find();
    return find.isPresent()
        ? found(work, ref, find.get(), key.get())
        : new Outcome.Unknown("the provider has nothing to look it up with");
  }

  private Outcome found(Work work, UpstreamRef ref, Find find, ProviderKey key)
      throws InterruptedException {
    pursuit.awaitTurn(key);
    Reply reply = talk.send(Talk.Said.again("find", find.step()), key, work.input(ref));
    Optional<Duration> left =
        find.absence()
            .map(absence -> unsettled(absence, key.known(work.task(), now())))
            .filter(Duration::isPositive);
    if (!(reply instanceof Reply.Answered answered)
        || answered.status() >= 500
        || answered.status() == 429) {
      return new Outcome.Unknown("looking it up failed", left);
    }
    Map<String, Object> input = AnswerReader.joined(work.input(), answered.input());
    Map<String, String> job = new HashMap<>();
    if (answered.ok()) {
      find.job().forEach((name, value) -> value.text(input).ifPresent(text -> job.put(name, text)));
    }
    if (!job.isEmpty() && job.size() == find.job().size()) {
      UpstreamRef known = ref.with(job);
      work.job().progress().note(known.text());
      return pursuit.later(work, known, 0);
    }
    if (left.isEmpty() && find.absence().filter(word -> word.said().holds(input)).isPresent()) {
      // The provider says that there is no such job, long after it could have come: it never came.
      work.job().progress().note("");
      keys.leave(work.task());
      return new Outcome.Wait("", Duration.ZERO, 0);
    }
    return new Outcome.Unknown("it is not found yet", left);
  }

  /// How long the provider's word that it has no job is not believed yet; not positive when it is.
  /// Measured from when this process sent it, or first looked for it: by the calendar, which may
  /// have been set meanwhile or be another node's, a job could seem to be missing for long that was
  /// sent a moment ago.
  private static Duration unsettled(Absence absence, Duration known) {
    return absence.settled().minus(known).plusMillis(1);
  }
}
