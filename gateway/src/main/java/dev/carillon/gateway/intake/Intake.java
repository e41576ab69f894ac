package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Checked;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.catalog.Style;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.JsonObject;
import dev.carillon.gateway.http.Preferences;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Room;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Turns a creating request into an accepted task, or into the one an earlier attempt at the same
/// request became.
public final class Intake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);
  private static final int MOST_RECALLED = 1_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final IntakeConfig config;
  private final Access access;
  private final Store store;
  private final Ids ids;
  private final InstantSource clock;
  private final Repeats repeats;
  private final Traced traced;
  private final OpenEnds openEnds;

  public Intake(IntakeConfig config, Access access, Store store, Making making) {
    this.config = config;
    this.access = access;
    this.store = store;
    this.ids = making.ids();
    this.clock = making.clock();
    this.openEnds = new OpenEnds(store.tasks(), making.left());
    this.repeats = new Repeats(config.repeatWindow(), clock);
    this.traced = new Traced(config.repeatWindow(), clock, store.tasks());
  }

  /// What orders are made with.
  ///
  /// @param left how long an open task probably still takes
  public record Making(Ids ids, InstantSource clock, Function<Task, Duration> left) {}

  /// A task and how its creating request is to be answered.
  ///
  /// @param fresh false when an earlier request created it
  /// @param plan how long to wait, and headers to add
  /// @param answered to be run once the answer is made, or failed
  public record Taken(Task task, boolean fresh, AnswerPlan plan, Runnable answered) {}

  /// Remembers the requests whose answers a crash cut off: those of the newest open tasks that were
  /// waited for. To be called before the first request.
  public void recall(Function<String, Optional<Endpoint>> catalog) {
    if (!repeats.isOn()) {
      return;
    }
    for (Task task : store.tasks().left(MOST_RECALLED)) {
      Order order = task.order();
      Instant waitedUntil = order.createdAt().plus(config.inlineWait());
      Optional<Endpoint> endpoint = catalog.apply(order.endpoint());
      if (order.terms().key().filter(key -> !key.isDerived()).isEmpty()
          && endpoint.isPresent()
          && waitedUntil.plus(config.repeatWindow()).isAfter(clock.instant())
          && wasWaitedFor(order, endpoint.get())) {
        Fingerprint letters = Wanted.letters(order.owner(), order.endpoint(), order.request());
        repeats.lost(repeats.watch(letters, order.id(), () -> true));
      }
    }
  }

  private boolean wasWaitedFor(Order order, Endpoint endpoint) {
    ObjectNode body = (ObjectNode) JSON.readTree(order.request());
    AnswerPlan plan =
        AnswerPlan.of(
            style(endpoint), body, Preferences.NONE, config.inlineWait(), config.longestWait());
    return !plan.patience().isZero();
  }

  /// Whether a creating request only asks for its price.
  ///
  /// @throws Problem `bad_request` when `dry_run` is neither yes nor no
  public static boolean isDryRun(Call call) {
    return call.query("dry_run")
        .map(value ->
            switch (value) {
              case "1", "true" -> true;
              case "0", "false", "" -> false;
              default -> throw new Problem(ErrorCode.BAD_REQUEST, "dry_run must be 1 or 0.");
            })
        .orElse(false);
  }

  /// What a request would cost and whether it would be accepted now. Nothing is written.
  ///
  /// @throws Problem as [#take] does for a request that is not valid
  public Reply quote(Call call, Catalog.Match match) {
    Wanted wanted = wanted(call, match);
    return new Quote(store).of(wanted, room(wanted));
  }

  /// Checks, prices and accepts. Once it returned, the task's promise holds.
  ///
  /// @throws Problem in the contract's order of checks; nothing was accepted then
  public Taken take(Call call, Catalog.Match match) {
    Wanted wanted = wanted(call, match);
    AnswerPlan plan = plan(call, wanted.endpoint(), wanted.body().node());
    return wanted.asked().key().isPresent() ? keyed(wanted, plan) : keyless(wanted, plan);
  }

  private Wanted wanted(Call call, Catalog.Match match) {
    Endpoint endpoint = match.endpoint();
    Caller caller = access.admit(call, Optional.of(endpoint.service()), Kind.CREATE);
    if (!caller.mayCall(endpoint.key())) {
      throw new Problem(
          ErrorCode.TOKEN_MISMATCHED, "This token may not be used on " + endpoint.path() + ".");
    }
    JsonObject body = Incoming.of(call, match);
    Asked asked = Asked.of(call, body.node());
    ObjectNode cleaned = checked(endpoint, body.node());
    Times times = Times.of(endpoint, cleaned, asked, config);
    return new Wanted(call, caller, endpoint, body, cleaned, asked, times);
  }

  private static ObjectNode checked(Endpoint endpoint, ObjectNode body) {
    Checked checked = endpoint.request().check(body);
    if (!checked.isUsable()) {
      throw new Problem(ErrorCode.BAD_REQUEST, checked.message());
    }
    return checked.cleaned();
  }

  /// A repeat gets its task even where prices rose meanwhile: it was accepted at the old one.
  private Taken keyed(Wanted wanted, AnswerPlan plan) {
    Order order = wanted.order(ids.next());
    if (wanted.isTooDear()
        && store.tasks().findByKey(wanted.caller().application(), key(order)).isEmpty()) {
      wanted.checkCost();
    }
    Accepted accepted =
        store.tasks().accept(order, Optional.of(wanted.fingerprint()), room(wanted));
    return taken(order, accepted, plan, Intake::tellNobody);
  }

  private static IdempotencyKey key(Order order) {
    return order.terms().key().orElseThrow();
  }

  private Taken keyless(Wanted wanted, AnswerPlan plan) {
    wanted.checkCost();
    Order order = wanted.order(ids.next(), plan.patience());
    if (!repeats.isOn()) {
      return taken(order, accept(wanted, order), plan, Intake::tellNobody);
    }
    boolean waits = !plan.patience().isZero();
    Optional<Task> before =
        waits || repeats.hasLost()
            ? repeats.takeOver(wanted.letters()).flatMap(this::worthRepeating)
            : Optional.empty();
    if (before.isPresent()) {
      return replayed(before.get(), plan, watched(wanted, before.get().order().id()));
    }
    if (wanted.isTraced()) {
      return traced(wanted, order, plan);
    }
    return waits ? watchedAccept(wanted, order, plan) : quickAccept(wanted, order, plan);
  }

  /// Watched like any other, as its key is known for the window alone and a wait may be longer.
  /// Which task it is, is known only once it is accepted: it may be an earlier request's.
  private Taken traced(Wanted wanted, Order order, AnswerPlan plan) {
    Accepted accepted = acceptTraced(wanted, order);
    TaskId task = accepted instanceof Accepted.Replayed(var earlier) ? earlier.id() : order.id();
    boolean isOpen = accepted instanceof Accepted.Taken || accepted instanceof Accepted.Replayed;
    Runnable answered =
        isOpen && !plan.patience().isZero() ? watched(wanted, task) : Intake::tellNobody;
    return taken(order, accepted, plan, answered);
  }

  private Accepted acceptTraced(Wanted wanted, Order order) {
    try {
      return traced.accept(
          order.owner().application(),
          wanted.letters(),
          room(wanted),
          name -> order.on(order.terms().named(name)));
    } catch (StoreUnavailableException nobodyKnows) {
      lost(wanted, order);
      throw nobodyKnows;
    }
  }

  /// Of a request that gets an id at once it is known that its caller never heard of it where the
  /// store failed, or the connection was gone before the answer. Only then anything is remembered.
  private Taken quickAccept(Wanted wanted, Order order, AnswerPlan plan) {
    Runnable answered =
        () -> {
          if (wanted.call().gone()) {
            lost(wanted, order);
          }
        };
    try {
      return taken(order, accept(wanted, order), plan, answered);
    } catch (StoreUnavailableException nobodyKnows) {
      lost(wanted, order);
      throw nobodyKnows;
    }
  }

  private void lost(Wanted wanted, Order order) {
    repeats.lost(repeats.watch(wanted.letters(), order.id(), () -> true));
  }

  private Accepted accept(Wanted wanted, Order order) {
    return store.tasks().accept(order, Optional.empty(), room(wanted));
  }

  private Room room(Wanted wanted) {
    return access.room(wanted.caller(), wanted.endpoint().service());
  }

  /// An attempt that failed cost nothing, and its repeat wants another one.
  private Optional<Task> worthRepeating(TaskId id) {
    return store.tasks().find(id).filter(Traced::isWorthRepeating);
  }

  /// Watches before it accepts: when the store fails, nobody knows whether the order was stored,
  /// and the client will send it again.
  private Taken watchedAccept(Wanted wanted, Order order, AnswerPlan plan) {
    Repeats.First first = repeats.watch(wanted.letters(), order.id(), wanted.call().hangUp());
    boolean unknown = false;
    boolean accepted = false;
    try {
      Taken taken = taken(order, accept(wanted, order), plan, answered(wanted, first));
      accepted = true;
      return taken;
    } catch (StoreUnavailableException nobodyKnows) {
      unknown = true;
      throw nobodyKnows;
    } finally {
      if (unknown) {
        repeats.lost(first);
      } else if (!accepted) {
        repeats.answered(first);
      }
    }
  }

  private Runnable watched(Wanted wanted, TaskId task) {
    return answered(wanted, repeats.watch(wanted.letters(), task, wanted.call().hangUp()));
  }

  private Runnable answered(Wanted wanted, Repeats.First first) {
    return () -> {
      if (wanted.call().gone()) {
        repeats.lost(first);
      } else {
        repeats.answered(first);
      }
    };
  }

  /// A request that carries a key, or a trace id and does not wait, is not watched.
  private static void tellNobody() {}

  private Taken taken(Order order, Accepted accepted, AnswerPlan plan, Runnable answered) {
    return switch (accepted) {
      case Accepted.Taken(var task) -> {
        logAccepted(order);
        yield new Taken(task, true, plan, answered);
      }
      case Accepted.Replayed(var task) -> replayed(task, plan, answered);
      case Accepted.NoRoom(boolean ofService) -> throw noRoom(order, ofService);
      case Accepted.KeyReused _, Accepted.UsedUp _, Accepted.OverLimit _, Accepted.Full _ ->
          throw Refusal.of(accepted);
    };
  }

  private Problem noRoom(Order order, boolean ofService) {
    Optional<String> service = ofService ? Optional.of(order.service()) : Optional.empty();
    String message =
        ofService
            ? "Too many tasks of this service are open; wait until one has ended."
            : "Too many tasks are open; wait until one has ended.";
    return new Problem(ErrorCode.TOO_MANY_REQUESTS, message)
        .retryAfter(openEnds.next(order.owner().application(), service));
  }

  private static Taken replayed(Task task, AnswerPlan plan, Runnable answered) {
    log.info("task.replayed task={} state={}", task.id(), task.state().word());
    Map<String, String> headers = new TreeMap<>(plan.headers());
    headers.put(HeaderNames.IDEMPOTENCY_REPLAYED, "true");
    return new Taken(task, false, plan.with(headers), answered);
  }

  private AnswerPlan plan(Call call, Endpoint endpoint, ObjectNode body) {
    return AnswerPlan.of(
        style(endpoint), body, Preferences.of(call), config.inlineWait(), config.longestWait());
  }

  private Style style(Endpoint endpoint) {
    return config.inlineServices().contains(endpoint.service()) ? Style.INLINE : endpoint.style();
  }

  private static void logAccepted(Order order) {
    log.info(
        "task.accepted task={} application={} endpoint={} trace={} price={} callback={}",
        order.id(),
        order.owner().application(),
        order.endpoint(),
        order.traceId(),
        order.price(),
        order.callbackUrl().isPresent());
  }
}
