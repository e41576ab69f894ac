package dev.carillon.gateway.upstream;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Finds the providers of a claim's endpoint and lets one of them run it.
///
/// A task goes on with the provider its stored reference names. One of which nothing was begun is
/// offered to the endpoint's providers in the order of [Router]; the next one is asked only when
/// the one before surely took nothing. When none takes it, they are asked again: until its deadline
/// while one of them only has no place, for as long as [#PATIENCE] otherwise, and then it fails.
public final class Providers implements Upstream {
  /// How long a task is offered again to providers that fail or cannot be reached.
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(Providers.class);
  private static final Duration SOONEST = Duration.ofSeconds(1);
  private static final Duration LATEST = Duration.ofSeconds(15);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Catalog catalog;
  private final Router router;
  private final Supplier<String> baseUrl;
  private final InstantSource clock;

  /// @param baseUrl what URLs served by this gateway begin with; asked at each job, as the port may
  ///   be known only after the start
  public Providers(Catalog catalog, Router router, Supplier<String> baseUrl, InstantSource clock) {
    this.catalog = catalog;
    this.router = router;
    this.baseUrl = baseUrl;
    this.clock = clock;
  }

  @Override
  public Outcome run(Claim claim, Progress progress) throws InterruptedException {
    Optional<Endpoint> endpoint = endpoint(claim);
    if (endpoint.isEmpty()) {
      return refused(ErrorCode.API_NOT_IMPLEMENTED, "The catalog has this endpoint no longer.");
    }
    Job job = job(claim, endpoint.get(), progress);
    Optional<String> ref = claim.upstreamRef().filter(text -> !text.isEmpty());
    return priced(job, ref.isEmpty() ? unnoted(job) : goOn(job, ref.get()));
  }

  private Outcome unnoted(Job job) throws InterruptedException {
    Optional<Provider> holder = holder(job.claim());
    return holder.isPresent() ? holder.get().run(job) : begin(job);
  }

  private Optional<Provider> holder(Claim claim) {
    return router.all().stream().filter(one -> one.has(claim.task().id())).findFirst();
  }

  /// Who has a task, or would have it: without a reference it is with a provider that needs none,
  /// or with none.
  private Optional<Provider> owner(Job job) {
    Claim claim = job.claim();
    return claim
        .upstreamRef()
        .map(router::owner)
        .orElseGet(() -> holder(claim).or(() -> router.order(job).stream().findFirst()));
  }

  private Outcome goOn(Job job, String ref) throws InterruptedException {
    Optional<Provider> owner = router.owner(ref);
    return owner.isPresent()
        ? owner.get().run(job)
        : new Outcome.Unknown("the provider it was sent to is set up no longer");
  }

  private static Outcome priced(Job job, Outcome outcome) {
    return outcome instanceof Outcome.Done(var answer)
        ? new Outcome.Done(
            job.endpoint()
                .price()
                .costed(job.request(), job.claim().task().order().price(), answer))
        : outcome;
  }

  private Outcome begin(Job job) throws InterruptedException {
    List<Provider> providers = router.order(job);
    if (job.claim().task().state() instanceof TaskState.Expired) {
      providers = providers.stream().filter(one -> one.resumes(job)).toList(); // none begins anew
    }
    if (providers.isEmpty()) {
      return router.isRouted(job.endpoint())
          ? refused(ErrorCode.BAD_REQUEST, "No provider of this endpoint can do this request.")
          : refused(ErrorCode.API_NOT_IMPLEMENTED, "No provider is set up for this endpoint.");
    }
    List<Turn.NotTaken> refusals = new ArrayList<>();
    for (Provider provider : providers) {
      switch (provider.begin(job)) {
        case Turn.Taken(var outcome) -> {
          return outcome;
        }
        case Turn.NotTaken no -> {
          log.info(
              "upstream.not_taken task={} provider={} reason=\"{}\"",
              job.claim().task().id(),
              provider.name(),
              no.reason().message());
          refusals.add(no);
        }
      }
    }
    return later(job, refusals);
  }

  /// Nobody took it. Where one is only busy, it waits for a place there; else the older the task,
  /// the longer until it is offered again.
  private Outcome later(Job job, List<Turn.NotTaken> refusals) {
    List<Turn.NotTaken> passing = refusals.stream().filter(one -> one.again().isPresent()).toList();
    Optional<Duration> again =
        passing.stream().flatMap(one -> one.again().stream()).min(Comparator.naturalOrder());
    if (passing.stream().anyMatch(one -> one.reason().code() == ErrorCode.BUSY)) {
      return new Outcome.Full(shorter(LATEST, again.orElse(SOONEST)));
    }
    Duration age = Duration.between(job.claim().task().order().createdAt(), clock.instant());
    if (again.isEmpty() || age.compareTo(PATIENCE) > 0) {
      return new Outcome.Refused((passing.isEmpty() ? refusals : passing).getLast().reason());
    }
    Duration pause = shorter(LATEST, longer(SOONEST, age.dividedBy(4)));
    return new Outcome.Wait("", longer(pause, shorter(LATEST, again.get())), 0);
  }

  @Override
  public CancelAnswer cancel(Claim claim) {
    Optional<Endpoint> endpoint = endpoint(claim);
    if (endpoint.isEmpty()) {
      return CancelAnswer.UNSUPPORTED;
    }
    Job job = job(claim, endpoint.get(), _ -> {});
    return owner(job).map(provider -> provider.cancel(job)).orElse(CancelAnswer.UNSUPPORTED);
  }

  @Override
  public Optional<Outcome.Wait> glance(Claim claim) {
    return claim.upstreamRef().isPresent()
        ? Optional.empty()
        : router.all().stream().flatMap(one -> one.glance(claim).stream()).findFirst();
  }

  @Override
  public String line(Claim claim) {
    return endpoint(claim).stream()
        .flatMap(known -> router.order(job(claim, known, _ -> {})).stream())
        .map(Provider::name)
        .sorted()
        .collect(Collectors.joining(" "));
  }

  @Override
  public boolean tellsBeginning() {
    return true;
  }

  @Override
  public boolean resumes(Claim claim) {
    Optional<Endpoint> endpoint = endpoint(claim);
    if (endpoint.isEmpty()) {
      return false;
    }
    Job job = job(claim, endpoint.get(), _ -> {});
    return owner(job).filter(provider -> provider.resumes(job)).isPresent();
  }

  @Override
  public boolean notesFirst(Claim claim) {
    return endpoint(claim)
        .flatMap(known -> owner(job(claim, known, _ -> {})))
        .filter(Provider::notesFirst)
        .isPresent();
  }

  @Override
  public Optional<String> told(Claim claim, Map<String, String> job) {
    return claim
        .upstreamRef()
        .flatMap(ref -> router.owner(ref).flatMap(provider -> provider.told(ref, job)));
  }

  @Override
  public void ended(TaskId task) {
    router.all().forEach(provider -> provider.ended(task));
  }

  private Optional<Endpoint> endpoint(Claim claim) {
    return catalog.byKey(claim.task().order().endpoint());
  }

  private static Outcome refused(ErrorCode code, String message) {
    return new Outcome.Refused(new Reason(code, message));
  }

  private Job job(Claim claim, Endpoint endpoint, Progress progress) {
    ObjectNode body = (ObjectNode) JSON.readTree(claim.task().order().request());
    ObjectNode request = endpoint.request().check(body).cleaned();
    return new Job(claim, endpoint, request, baseUrl.get(), progress);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
