package dev.carillon.gateway.openai.passthrough;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.JsonObject;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.intake.Asked;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.upstream.passthrough.Backend;
import dev.carillon.gateway.upstream.passthrough.Exchange;
import dev.carillon.gateway.upstream.passthrough.LiveCalls;
import dev.carillon.gateway.upstream.passthrough.Modality;
import dev.carillon.gateway.upstream.passthrough.Model;
import dev.carillon.gateway.upstream.passthrough.Switchboard;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Passes calls on to whoever answers their model, and back.
public final class Passthrough {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Parts parts;

  public Passthrough(Parts parts) {
    this.parts = parts;
  }

  /// What it stands on.
  ///
  /// @param ledger told of each call's task
  public record Parts(
      Catalog catalog,
      Access access,
      Store store,
      Switchboard switchboard,
      LiveCalls live,
      HangUps hangUps,
      Ledger ledger,
      Repeats repeats,
      Ids ids,
      InstantSource clock) {}

  /// Hears of calls, for logs and figures.
  public interface Ledger {
    /// A call's highest price is held.
    void accepted(Task task);

    /// A call has ended.
    void settled(Claim claim, Task task);
  }

  /// Answers one call.
  ///
  /// @throws Problem in the contract's order of checks, and when the provider fails
  /// @throws RefusedException for what OpenAI's error object tells better
  public Reply answer(Call call, Modality modality) throws InterruptedException {
    Endpoint endpoint = endpoint(modality);
    Caller caller = admitted(call, endpoint);
    JsonObject request = call.json();
    Asked asked = Asked.of(call, request.node());
    Wish wish = Wish.of(modality, request);
    Switchboard.Line line =
        parts
            .switchboard
            .find(modality, wish.model())
            .orElseThrow(() -> RefusedException.model(wish.model()));
    Model model = line.model();
    Money most = model.tariff().price(wish.most(model));
    checkCost(asked, most);
    Optional<Fingerprint> fingerprint =
        asked.key().map(_ -> Fingerprint.of(endpoint.key(), request.text()));
    byte[] body = wish.sent(model, request.text());
    Order order =
        order(endpoint, caller.owner(), call.traceId(), summary(wish), most)
            .on(new Order.Terms(Optional.empty(), Optional.empty(), asked.key()));
    var sent = new Backend.Sent(model, body, wish.streamed());
    return switch (Hold.take(
        parts, order, fingerprint, parts.access.room(caller, endpoint.service()))) {
      case Hold.Taken.Repeated(var first) -> parts.repeats.answer(first);
      case Hold.Taken.Fresh(var hold) ->
          new Passage(parts, hold, wish, model, opened(line, sent, hold)).reply(call.hangUp());
    };
  }

  private static Exchange opened(Switchboard.Line line, Backend.Sent sent, Hold hold) {
    boolean open = false;
    try {
      Exchange exchange = line.backend().open(sent);
      open = true;
      return exchange;
    } finally {
      if (!open) {
        hold.release(Reason.of(ErrorCode.API_ERROR));
      }
    }
  }

  private Caller admitted(Call call, Endpoint endpoint) {
    Caller caller = parts.access.admit(call, Optional.of(endpoint.service()), Kind.CREATE);
    if (!caller.mayCall(endpoint.key())) {
      throw new Problem(
          ErrorCode.TOKEN_MISMATCHED, "This token may not be used on " + endpoint.path() + ".");
    }
    if (Intake.isDryRun(call)) {
      throw new Problem(
          ErrorCode.BAD_REQUEST, "dry_run is for tasks; what this call costs is known at its end.");
    }
    return caller;
  }

  private Endpoint endpoint(Modality modality) {
    return parts.catalog.byKey(modality.endpoint()).orElseThrow(() -> Problem.of(ErrorCode.NO_API));
  }

  private static void checkCost(Asked asked, Money most) {
    if (asked.maxCost().filter(limit -> most.compareTo(limit) > 0).isPresent()) {
      throw new Problem(
          ErrorCode.MAX_COST_EXCEEDED,
          "This call may cost up to %s credits, above the most it may cost, %s."
              .formatted(most, asked.maxCost().orElseThrow()));
    }
  }

  private Order order(Endpoint endpoint, Owner owner, String traceId, String request, Money most) {
    UUID id = parts.ids.next();
    Instant now = Instant.ofEpochMilli(Ids.millisOf(id));
    return new Order(
        new TaskId(id),
        owner,
        endpoint.service(),
        endpoint.key(),
        endpoint.type(),
        traceId,
        now,
        request,
        Optional.empty(),
        most,
        now.plus(endpoint.deadlines().finishBy()));
  }

  /// What is kept of a request: not what was said.
  private static String summary(Wish wish) {
    ObjectNode kept = JSON.createObjectNode().put("model", wish.model());
    if (wish.streamed()) {
      kept.put("stream", true);
    }
    return JSON.writeValueAsString(kept);
  }
}
