package dev.carillon.gateway.upstream.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.catalog.Shape;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.upstream.http.AnswerReader.Meant;
import dev.carillon.gateway.upstream.http.Definition.Batch;
import dev.carillon.gateway.upstream.http.Definition.Plan;
import dev.carillon.gateway.upstream.http.Definition.Step;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows jobs a provider has, until they end. One look at a time; between two looks nothing here
/// holds a thread.
final class Pursuit {
  private static final Logger log = LoggerFactory.getLogger(Pursuit.class);
  private static final Duration TROUBLE = Duration.ofSeconds(5);

  /// Where news come by themselves, looking is only the proof.
  private static final int RARER_WITH_NEWS = 8;

  /// Share of the rate that polls may take; the rest is for submitting.
  private static final double SHARE = 0.8;

  private static final int MOST_WORDS = 200;

  private final Definition definition;
  private final KeyPool keys;
  private final HttpProvider.Tools tools;
  private final Talk talk;
  private final Batches batches;
  private final Set<String> unknownWords = ConcurrentHashMap.newKeySet();

  Pursuit(Definition definition, KeyPool keys, HttpProvider.Tools tools, Talk talk) {
    this.definition = definition;
    this.keys = keys;
    this.tools = tools;
    this.talk = talk;
    this.batches = new Batches(talk, this::awaitTurn);
  }

  Definition definition() {
    return definition;
  }

  KeyPool keys() {
    return keys;
  }

  HttpProvider.Tools tools() {
    return tools;
  }

  Talk talk() {
    return talk;
  }

  private Instant today() {
    return tools.clock().instant();
  }

  private Duration now() {
    return tools.sleeper().elapsed();
  }

  /// Waits until a key may be used for one more request.
  void awaitTurn(ProviderKey key) throws InterruptedException {
    Duration now = now();
    Duration turn = key.pace().reserve(now);
    if (turn.compareTo(now) > 0) {
      tools.sleeper().sleep(turn.minus(now));
    }
  }

  /// The key a job was submitted with; any other where that is set no longer.
  ProviderKey key(UpstreamRef ref) {
    return keys.byId(ref.key()).orElseGet(() -> keys.keys().getFirst());
  }

  /// One look at a job.
  Outcome poll(Work work, UpstreamRef ref) throws InterruptedException {
    ProviderKey key = key(ref);
    key.resume(work.task(), now());
    Map<String, Object> input = work.input(ref);
    Plan plan = work.plan();
    Reply reply;
    if (plan.batch().isPresent() && ref.job().containsKey("id")) {
      reply = batches.ask(plan.batch().get(), key, ref.job().getOrDefault("id", ""));
    } else {
      awaitTurn(key);
      reply = talk.send(Talk.Said.again("poll", plan.poll().orElseThrow()), key, input);
    }
    if (reply instanceof Reply.TooLarge(var reason)) {
      return tooLarge(work, reason);
    }
    if (!(reply instanceof Reply.Answered answered)) {
      return trouble(ref, Optional.empty());
    }
    if (plan.gone().contains(answered.status())) {
      if (plan.cancel().isPresent()) {
        return new Outcome.Refused(Reason.of(ErrorCode.CANCELLED)); // where somebody wished that
      }
      return new Outcome.Refused(new Reason(ErrorCode.API_ERROR, "The provider has lost the job."));
    }
    if (!answered.ok()) {
      if (answered.status() == 429) {
        Duration pause = answered.retryAfter().map(Duration::ofSeconds).orElse(TROUBLE);
        key.pace().pause(now().plus(pause));
      }
      return trouble(ref, answered.retryAfter());
    }
    return ended(work, ref, AnswerReader.joined(input, answered.input()));
  }

  /// Whether a job may have come to its end by now: whoever can look and sees it run knows better.
  boolean mayBeMade(Work work, UpstreamRef ref) throws InterruptedException {
    Optional<Step> poll = work.plan().poll();
    if (poll.isEmpty()) {
      return true;
    }
    ProviderKey key = key(ref);
    awaitTurn(key);
    Map<String, Object> input = work.input(ref);
    Reply reply = talk.send(Talk.Said.again("cancel-look", poll.get()), key, input);
    return !(reply instanceof Reply.Answered answered)
        || !answered.ok()
        || !(new AnswerReader(work.plan().reading())
                .read(AnswerReader.joined(input, answered.input()))
            instanceof Meant.Running);
  }

  /// What an answer in the 2xx means for the job, its end included.
  Outcome ended(Work work, UpstreamRef ref, Map<String, Object> input) throws InterruptedException {
    return switch (new AnswerReader(work.plan().reading()).read(input)) {
      case Meant.Running(int progress, var unknown) -> {
        unknown.ifPresent(this::tell);
        key(ref).seenRunning(work.task(), age(ref));
        yield later(work, ref, progress);
      }
      case Meant.Done() -> made(work, ref, input);
      case Meant.Refused(var reason) -> new Outcome.Refused(reason);
      case Meant.NothingTaken(var reason) -> new Outcome.Refused(reason);
      case Meant.Cancelled() -> new Outcome.Refused(Reason.of(ErrorCode.CANCELLED));
    };
  }

  private void tell(String word) {
    tools.listener().unknownWord(definition.name(), word);
    if (unknownWords.size() < MOST_WORDS && unknownWords.add(word)) {
      log.warn("upstream.word.unknown provider={} word=\"{}\"", definition.name(), word);
    }
  }

  private Outcome made(Work work, UpstreamRef ref, Map<String, Object> state)
      throws InterruptedException {
    Map<String, Object> input = state;
    Optional<Step> result = work.plan().result();
    if (result.isPresent()) {
      if (!tools.keeping().spool().enter(work.task().toString())) {
        return trouble(ref, Optional.empty()); // it stays there until others are kept
      }
      ProviderKey key = key(ref);
      awaitTurn(key);
      Reply reply = talk.send(Talk.Said.again("result", result.get()), key, state);
      if (reply instanceof Reply.Answered moved && moved.headers().containsKey("location")) {
        reply = talk.fetch(moved.headers().getOrDefault("location", ""), state);
      }
      if (reply instanceof Reply.TooLarge(var reason)) {
        return tooLarge(work, reason);
      }
      if (!(reply instanceof Reply.Answered answered)) {
        return trouble(ref, Optional.empty());
      }
      input = AnswerReader.joined(state, answered.input());
      if (!answered.ok()) {
        return answered.status() == 429 || answered.status() >= 500
            ? trouble(ref, answered.retryAfter())
            : new Outcome.Refused(new AnswerReader(work.plan().reading()).refusal(502, input));
      }
    }
    Duration running = key(ref).lastSeenRunning(work.task()).orElse(Duration.ZERO);
    work.curve().learn(running, age(ref));
    return done(work, input);
  }

  /// Asking again would bring the same.
  Outcome tooLarge(Work work, String reason) {
    log.error(
        "upstream.result.too_large task={} provider={} reason=\"{}\"",
        work.task(),
        definition.name(),
        reason);
    return new Outcome.Refused(
        new Reason(ErrorCode.API_ERROR, "The provider's result is larger than can be taken."));
  }

  private Outcome done(Work work, Map<String, Object> input) throws InterruptedException {
    Task task = work.job().claim().task();
    var made = new Made(definition.hosts(), tools.keeping(), task);
    try {
      Optional<Expression> whole = work.plan().reading().answer();
      if (whole.isPresent()) {
        return new Outcome.Done(made.answer(whole.get(), input));
      }
      return new Outcome.Done(
          rendered(work, made.works(work.plan().reading().works().orElseThrow(), input)));
    } catch (Expression.Failure misfit) {
      log.error("upstream.misfit task={} provider={}", task.id(), definition.name(), misfit);
      return new Outcome.Refused(
          new Reason(ErrorCode.API_ERROR, "The provider's result cannot be read."));
    } catch (IOException unkept) {
      log.error("upstream.result.unkept task={} provider={}", task.id(), definition.name(), unkept);
      return new Outcome.Refused(
          new Reason(ErrorCode.API_ERROR, "The provider's result could not be kept."));
    }
  }

  private Answer rendered(Work work, List<Map<String, Object>> works) {
    Order order = work.job().claim().task().order();
    return work.job()
        .endpoint()
        .response()
        .render(
            new Shape.Context(
                work.job().request(),
                works,
                order.id().toString(),
                order.traceId(),
                order.createdAt(),
                today()));
  }

  /// A look that told nothing costs nothing: the job goes on, and is looked at again.
  private Outcome trouble(UpstreamRef ref, Optional<Long> retryAfter) {
    Duration pause = retryAfter.map(Duration::ofSeconds).orElse(TROUBLE);
    Duration longest = Curve.MOST;
    return new Outcome.Wait(ref.text(), pause.compareTo(longest) > 0 ? longest : pause, 0);
  }

  /// The job runs; when to look again.
  Outcome later(Work work, UpstreamRef ref, int progress) {
    ProviderKey key = key(ref);
    int together = work.plan().batch().map(Batch::most).orElse(1);
    double seconds = key.openJobs() / (key.perSecond() * SHARE * together);
    boolean news = work.input().containsKey("webhook_url");
    Duration least = Duration.ofMillis((long) (seconds * 1_000));
    Duration wait = work.curve().wait(age(ref), news ? longer(least, RARER_WITH_NEWS) : least);
    return new Outcome.Wait(ref.text(), wait, progress);
  }

  /// By the calendar, as another process may have sent it; all that goes by it is bounded.
  private Duration age(UpstreamRef ref) {
    return Duration.between(Instant.ofEpochMilli(ref.sentAt()), today());
  }

  private static Duration longer(Duration least, int times) {
    Duration usual = Curve.LEAST.multipliedBy(times);
    return least.compareTo(usual) > 0 ? least : usual;
  }
}
