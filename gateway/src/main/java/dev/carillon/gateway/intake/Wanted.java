package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.JsonObject;
import dev.carillon.gateway.http.Ndjson;
import dev.carillon.gateway.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A creating request that was checked and priced.
///
/// @param body as it was sent
/// @param cleaned as the endpoint understands it
record Wanted(
    Call call,
    Caller caller,
    Endpoint endpoint,
    JsonObject body,
    ObjectNode cleaned,
    Asked asked,
    Times times) {
  private static final int LONGEST_TRACE_ID = 128;
  private static final int LONGEST_CALLBACK_URL = 8_192;

  /// Writes equal objects alike, whatever the order of their fields.
  private static final JsonMapper CANONICAL =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  Money price() {
    return endpoint.price(cleaned);
  }

  /// @throws Problem `max_cost_exceeded`
  void checkCost() {
    if (isTooDear()) {
      throw new Problem(
          ErrorCode.MAX_COST_EXCEEDED,
          "The price is %s credits, above the most this request may cost, %s."
              .formatted(price(), asked.maxCost().orElseThrow()));
    }
  }

  boolean isTooDear() {
    return asked.maxCost().filter(most -> price().compareTo(most) > 0).isPresent();
  }

  /// The order to accept.
  ///
  /// @param id of the task it becomes
  Order order(UUID id) {
    Instant now = Instant.ofEpochMilli(Ids.millisOf(id));
    return new Order(
        new TaskId(id),
        caller.owner(),
        endpoint.service(),
        endpoint.key(),
        endpoint.type(),
        traceId(),
        now,
        body.text(),
        callbackUrl(),
        price(),
        now.plus(times.finishBy()),
        new Order.Terms(
            times.startBy().map(now::plus), times.keepFor(), asked.key(), tellsProgress(), false));
  }

  /// The order of a caller who waits, without a key. Where it waits longer than the task may take,
  /// it is told of an expiry, and official clients then send the same again.
  Order order(UUID id, Duration patience) {
    Order order = order(id);
    return times.finishBy().compareTo(patience) <= 0 ? order.on(order.terms().repeatable()) : order;
  }

  /// Who asks for a stream and gives a callback URL gets the stream's lines there, a POST each
  /// (contract section 2.1).
  private boolean tellsProgress() {
    return endpoint.streams()
        && AnswerPlan.hasCallback(body.node())
        && call.header("Accept").filter(accept -> accept.contains(Ndjson.CONTENT_TYPE)).isPresent();
  }

  /// What tells requests with the same idempotency key apart: the endpoint and the body's meaning.
  /// Headers do not count, as clients and proxies add some anew to each attempt.
  Fingerprint fingerprint() {
    return Fingerprint.of(endpoint.key(), CANONICAL.writeValueAsString(body.node()));
  }

  /// Whether its caller gave it a trace id.
  boolean isTraced() {
    return isPlainWord(chosenTrace());
  }

  /// What tells requests without a key apart: token, endpoint and the body to the letter, its trace
  /// id with it.
  Fingerprint letters() {
    return letters(caller.owner(), endpoint.key(), body.text());
  }

  static Fingerprint letters(Owner owner, String endpoint, String body) {
    return Fingerprint.of(owner.credential().toString(), endpoint, body);
  }

  /// A caller may choose the trace id (contract section 2.1) where it is a plain word.
  private String traceId() {
    String chosen = chosenTrace();
    return isPlainWord(chosen) ? chosen : call.traceId();
  }

  private String chosenTrace() {
    return body.node().path("trace_id").asString("");
  }

  private static boolean isPlainWord(String chosen) {
    return !chosen.isEmpty()
        && chosen.length() <= LONGEST_TRACE_ID
        && chosen.chars().allMatch(Wanted::isPlain);
  }

  private static boolean isPlain(int c) {
    return (c < 128 && Character.isLetterOrDigit(c)) || "-_.:".indexOf(c) >= 0;
  }

  private Optional<CallbackUrl> callbackUrl() {
    if (!AnswerPlan.hasCallback(body.node())) {
      return Optional.empty();
    }
    String url = body.node().path("callback_url").stringValue();
    return Optional.of(
        new CallbackUrl(url.substring(0, Math.min(url.length(), LONGEST_CALLBACK_URL))));
  }
}
