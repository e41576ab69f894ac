package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Checked;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.catalog.Style;
import dev.carillon.gateway.domain.CallbackUrl;
import dev.carillon.gateway.domain.Caller;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.JsonObject;
import dev.carillon.gateway.http.Preferences;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns a creating request into an accepted task.
public final class Intake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);
  private static final int LONGEST_TRACE_ID = 128;
  private static final int LONGEST_CALLBACK_URL = 8_192;
  private static final Duration FULL_PAUSE = Duration.ofSeconds(2);

  private final IntakeConfig config;
  private final Access access;
  private final TaskStore store;
  private final Ids ids;

  public Intake(IntakeConfig config, Access access, TaskStore store, Ids ids) {
    this.config = config;
    this.access = access;
    this.store = store;
    this.ids = ids;
  }

  /// An accepted task and how its creating request is to be answered.
  public record Taken(Task task, AnswerPlan plan) {}

  /// Checks, prices and accepts. Once it returned, the task's promise holds.
  ///
  /// @throws Problem in the contract's order of checks; nothing was accepted then
  public Taken take(Call call, Catalog.Match match) {
    Endpoint endpoint = match.endpoint();
    Caller caller = access.admit(call, Optional.of(endpoint.service()), Kind.CREATE);
    JsonObject body = Incoming.of(call, match);
    ObjectNode cleaned = checked(endpoint, body.node());
    Order order = order(call, caller, endpoint, body, cleaned);
    return switch (store.accept(order)) {
      case Accepted.Taken(var task) -> {
        logAccepted(order);
        yield new Taken(task, plan(call, endpoint, body.node()));
      }
      case Accepted.UsedUp _ -> throw Problem.of(ErrorCode.USED_UP);
      case Accepted.Full _ ->
          throw new Problem(
                  ErrorCode.UNAVAILABLE, "Too many tasks are open, please try again later.")
              .retryAfter(FULL_PAUSE);
    };
  }

  private static ObjectNode checked(Endpoint endpoint, ObjectNode body) {
    Checked checked = endpoint.request().check(body);
    if (!checked.isUsable()) {
      throw new Problem(ErrorCode.BAD_REQUEST, checked.message());
    }
    return checked.cleaned();
  }

  private Order order(
      Call call, Caller caller, Endpoint endpoint, JsonObject body, ObjectNode cleaned) {
    TaskId id = new TaskId(ids.next());
    Instant now = Instant.ofEpochMilli(Ids.millisOf(id.value()));
    return new Order(
        id,
        caller.owner(),
        endpoint.service(),
        endpoint.key(),
        endpoint.type(),
        traceId(call, body.node()),
        now,
        body.text(),
        callbackUrl(body.node()),
        endpoint.price(cleaned),
        now.plus(patience(endpoint, cleaned)));
  }

  /// A caller may choose the trace id (contract section 2.1) where it is a plain word.
  private static String traceId(Call call, ObjectNode body) {
    String chosen = body.path("trace_id").asString("");
    boolean plain =
        !chosen.isEmpty()
            && chosen.length() <= LONGEST_TRACE_ID
            && chosen.chars().allMatch(Intake::isPlain);
    return plain ? chosen : call.traceId();
  }

  private static boolean isPlain(int c) {
    return (c < 128 && Character.isLetterOrDigit(c)) || "-_.:".indexOf(c) >= 0;
  }

  private static Optional<CallbackUrl> callbackUrl(ObjectNode body) {
    if (!AnswerPlan.hasCallback(body)) {
      return Optional.empty();
    }
    String url = body.path("callback_url").stringValue();
    return Optional.of(
        new CallbackUrl(url.substring(0, Math.min(url.length(), LONGEST_CALLBACK_URL))));
  }

  /// The field `timeout`, in seconds, may only shorten the deadline.
  private Duration patience(Endpoint endpoint, ObjectNode body) {
    JsonNode timeout = body.path("timeout");
    double seconds = timeout.isNumber() ? timeout.doubleValue() : 0;
    Duration longest = shorter(endpoint.limit(), config.finishBy());
    return seconds >= 1 && seconds < longest.toSeconds()
        ? Duration.ofMillis(Math.round(seconds * 1000))
        : longest;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private AnswerPlan plan(Call call, Endpoint endpoint, ObjectNode body) {
    Style style =
        config.inlineServices().contains(endpoint.service()) ? Style.INLINE : endpoint.style();
    return AnswerPlan.of(
        style, body, Preferences.of(call), config.inlineWait(), config.longestWait());
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
