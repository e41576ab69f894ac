package dev.carillon.gateway.upstream.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Inlet;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.Circuit;
import dev.carillon.gateway.upstream.Job;
import dev.carillon.gateway.upstream.Provider;
import dev.carillon.gateway.upstream.Sleeper;
import dev.carillon.gateway.upstream.Turn;
import dev.carillon.gateway.upstream.UpstreamListener;
import dev.carillon.gateway.upstream.http.Definition.Model;
import dev.carillon.gateway.upstream.http.Definition.Serve;
import dev.carillon.gateway.upstream.http.Definition.Step;
import dev.carillon.gateway.upstream.http.spool.Spool;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A provider that a file describes.
final class HttpProvider implements Provider {
  private static final Logger log = LoggerFactory.getLogger(HttpProvider.class);

  private final Definition definition;
  private final KeyPool keys;
  private final Tools tools;
  private final Talk talk;
  private final Circuit circuit = new Circuit();
  private final Submission submission;
  private final Pursuit pursuit;
  private final Map<String, Curve> curves = new ConcurrentHashMap<>();

  HttpProvider(Definition definition, KeyPool keys, Tools tools) {
    this.definition = definition;
    this.keys = keys;
    this.tools = tools;
    this.talk = new Talk(definition, tools);
    this.pursuit = new Pursuit(definition, keys, tools, talk);
    this.submission = new Submission(pursuit, circuit);
  }

  @Override
  public String name() {
    return definition.name();
  }

  Definition definition() {
    return definition;
  }

  @Override
  public boolean serves(String endpointKey) {
    return definition.serves().stream().anyMatch(serve -> serve.isOf(endpointKey));
  }

  @Override
  public boolean isWell() {
    return !circuit.isOpen(tools.sleeper().elapsed());
  }

  @Override
  public boolean owns(String upstreamRef) {
    return ours(upstreamRef).isPresent();
  }

  private Optional<UpstreamRef> ours(String text) {
    return UpstreamRef.parse(text).filter(ref -> ref.provider().equals(name()));
  }

  @Override
  public Optional<Offer> offer(Job job) {
    return serve(job).map(serve -> new Offer(serve.priority(), serve.weight()));
  }

  private Optional<Serve> serve(Job job) {
    return serve(job, request(job));
  }

  private Optional<Serve> serve(Job job, Map<String, Object> input) {
    return definition.serves().stream()
        .filter(serve -> serve.isOf(job.endpoint().key()))
        .filter(serve -> serve.models().isEmpty() || serve.models().containsKey(alias(input)))
        .filter(serve -> serve.when().isEmpty() || fits(serve.when().get(), input))
        .findFirst();
  }

  private static boolean fits(Expression when, Map<String, Object> input) {
    try {
      return when.holds(input);
    } catch (Expression.Failure doesNot) {
      return false;
    }
  }

  private static Map<String, Object> request(Job job) {
    Map<?, ?> fields = Reply.Json.MAPPER.convertValue(job.request(), Map.class);
    // The callers' own address is none of a provider's business: the callback is ours to send.
    fields.remove("callback_url");
    Map<String, Object> input = new HashMap<>();
    input.put("request", fields);
    return input;
  }

  private static String alias(Map<String, Object> input) {
    return input.get("request") instanceof Map<?, ?> fields
        ? String.valueOf(
            fields.containsKey("model") ? fields.get("model") : fields.get("model_name"))
        : "";
  }

  @Override
  public Turn begin(Job job) throws InterruptedException {
    Map<String, Object> input = request(job);
    Optional<Serve> serve = serve(job, input);
    if (serve.isEmpty()) {
      return new Turn.NotTaken(
          new Reason(ErrorCode.BAD_REQUEST, definition.title() + " cannot do this."),
          Optional.empty());
    }
    String alias = alias(input);
    Optional<Model> model = current(serve.get(), alias);
    if (!serve.get().models().isEmpty() && model.isEmpty()) {
      return new Turn.NotTaken(
          new Reason(ErrorCode.BAD_REQUEST, "The model " + alias + " is retired."),
          Optional.empty());
    }
    Work work = work(job, serve.get(), input, model);
    try {
      return submission.begin(work);
    } finally {
      tools.keeping().spool().forget(work.task().toString());
    }
  }

  /// The model that answers to a name today: its successor once it is retired.
  private Optional<Model> current(Serve serve, String alias) {
    Optional<Model> model = Optional.ofNullable(serve.models().get(alias));
    for (int hops = 0; hops <= serve.models().size(); hops++) {
      Instant now = tools.clock().instant();
      if (model.flatMap(Model::retired).filter(day -> !now.isBefore(day)).isEmpty()) {
        return model;
      }
      model = model.flatMap(Model::successor).map(serve.models()::get);
    }
    return Optional.empty();
  }

  private Work work(Job job, Serve serve, Map<String, Object> input, Optional<Model> model) {
    Order order = job.claim().task().order();
    String alias = alias(input);
    input.put("model", Map.of("alias", alias, "name", model.map(Model::name).orElse(alias)));
    Map<String, Object> task = new HashMap<>();
    task.put("id", order.id().toString());
    task.put("trace_id", order.traceId());
    task.put("created_at", order.createdAt().toString());
    input.put("task", task);
    input.put("base_url", job.baseUrl());
    input.put(
        "endpoint",
        Map.of(
            "path", job.endpoint().path(),
            "service", job.endpoint().service(),
            "type", job.endpoint().type()));
    if (definition.webhook().used() && tools.newsUrl().isPresent()) {
      input.put(
          "webhook_url",
          tools.newsUrl().get()
              + "/upstream/"
              + name()
              + "/"
              + tools.seal().token(name(), order.id()));
    }
    Curve curve = curves.computeIfAbsent(serve.endpoint(), _ -> new Curve(definition.typical()));
    return new Work(job, serve.plan(), curve, input);
  }

  @Override
  public boolean notesFirst() {
    return true;
  }

  @Override
  public Outcome run(Job job) throws InterruptedException {
    Optional<UpstreamRef> ref = job.claim().upstreamRef().flatMap(this::ours);
    if (ref.isEmpty()) {
      return begin(job) instanceof Turn.Taken(var outcome)
          ? outcome
          : new Outcome.Refused(Reason.of(ErrorCode.API_ERROR));
    }
    Map<String, Object> input = request(job);
    Optional<Serve> serve = serve(job, input);
    if (serve.isEmpty()) {
      return new Outcome.Unknown("the definition serves this endpoint no longer");
    }
    Work work = work(job, serve.get(), input, current(serve.get(), alias(input)));
    try {
      return ref.get().isKnown()
          ? pursuit.poll(work, ref.get())
          : submission.resolve(work, ref.get());
    } catch (Expression.Failure misfit) {
      log.error("upstream.misfit task={} provider={}", work.task(), name(), misfit);
      return new Outcome.Unknown("the definition does not fit: " + misfit.getMessage());
    } finally {
      tools.keeping().spool().forget(work.task().toString());
    }
  }

  @Override
  public CancelAnswer cancel(Job job) {
    Optional<UpstreamRef> ref = job.claim().upstreamRef().flatMap(this::ours);
    Optional<Serve> serve = serve(job);
    if (ref.isEmpty()) {
      // Nothing was sent for it, and nothing will be: the note before sending fails once it ended.
      return CancelAnswer.CONFIRMED;
    }
    if (serve.isEmpty() || serve.get().plan().cancel().isEmpty()) {
      return CancelAnswer.UNSUPPORTED;
    }
    if (!ref.get().isKnown()) {
      return CancelAnswer.PENDING;
    }
    Work work = work(job, serve.get(), request(job), Optional.empty());
    try {
      return cancel(work, serve.get().plan().cancel().get(), ref.get());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return CancelAnswer.REFUSED;
    } catch (Expression.Failure misfit) {
      log.error("upstream.misfit task={} provider={}", work.task(), name(), misfit);
      return CancelAnswer.REFUSED;
    }
  }

  private CancelAnswer cancel(Work work, Step step, UpstreamRef ref) throws InterruptedException {
    Map<String, Object> input = work.input(ref);
    if (step.method().equals("DELETE") && pursuit.mayBeMade(work, ref)) {
      return CancelAnswer.REFUSED; // deleting what is made would only lose it
    }
    Reply reply = talk.send(Talk.Said.again("cancel", step), pursuit.key(ref), input);
    if (!(reply instanceof Reply.Answered answered) || !answered.ok()) {
      return CancelAnswer.REFUSED;
    }
    Map<String, Object> all = AnswerReader.joined(input, answered.input());
    return work.plan().confirmed().map(rule -> rule.holds(all)).orElse(true)
        ? CancelAnswer.CONFIRMED
        : CancelAnswer.PENDING;
  }

  @Override
  public Optional<String> told(String upstreamRef, Map<String, String> job) {
    return ours(upstreamRef)
        .filter(ref -> !ref.isKnown() && !job.isEmpty())
        .map(ref -> ref.with(job).text());
  }

  @Override
  public void ended(TaskId task) {
    keys.leave(task);
  }

  /// What all providers share.
  ///
  /// @param clock what is stored, signed and shown goes by
  /// @param sleeper what pauses and paces go by
  /// @param newsUrl what addresses for news begin with; empty where providers cannot reach this
  ///   gateway
  /// @param keeping where results go
  record Tools(
      Reply.Sender wire,
      InstantSource clock,
      Sleeper sleeper,
      UpstreamListener listener,
      NewsSeal seal,
      Optional<String> newsUrl,
      Keeping keeping) {}

  /// Where results go.
  ///
  /// @param inlet keeps bytes as files of ours
  /// @param named whether an address is on the server of any provider
  record Keeping(Spool spool, Inlet inlet, Predicate<URI> named) {}
}
