package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a creating request asks of the gateway itself, beside the work: in headers, in the body's
/// field `max_cost` and in its object `carillon`. A header wins over the body.
///
/// These are ours, and no official client sends them; so they are strict where the rest of the body
/// is lenient: who limits a price and mistypes it does not want the work at any price.
///
/// @param key the caller's name for the request
/// @param maxCost the most it may cost
/// @param startBy how soon work must begin, as written
/// @param finishBy how soon the task must have ended, as written
/// @param keepFor how long the ended task is kept, as written
public record Asked(
    Optional<IdempotencyKey> key,
    Optional<Money> maxCost,
    Optional<Span> startBy,
    Optional<Span> finishBy,
    Optional<Span> keepFor) {
  private static final String OBJECT = "carillon";
  private static final String MAX_COST = "max_cost";
  private static final Set<String> FIELDS = Set.of(MAX_COST, "start_by", "finish_by", "keep_for");

  /// A span as the caller wrote it.
  ///
  /// @param name what it is called there
  public record Span(String name, String text) {}

  /// Reads it from headers and body.
  ///
  /// @throws Problem `bad_request` naming what cannot be read
  public static Asked of(Call call, ObjectNode body) {
    JsonNode ours = body.path(OBJECT);
    check(ours);
    return new Asked(
        key(call),
        maxCost(call, body, ours),
        span(call, HeaderNames.START_BY, ours, "start_by"),
        span(call, HeaderNames.FINISH_BY, ours, "finish_by"),
        span(call, HeaderNames.KEEP_FOR, ours, "keep_for"));
  }

  private static void check(JsonNode ours) {
    if (ours.isMissingNode() || ours.isNull()) {
      return;
    }
    if (!ours.isObject()) {
      throw new Problem(ErrorCode.BAD_REQUEST, "carillon must be an object.");
    }
    for (String field : ours.propertyNames()) {
      if (!FIELDS.contains(field)) {
        throw new Problem(
            ErrorCode.BAD_REQUEST,
            "carillon.%s is not known; known are max_cost, start_by, finish_by, keep_for."
                .formatted(field.length() > 40 ? field.substring(0, 40) + "…" : field));
      }
    }
  }

  private static Optional<IdempotencyKey> key(Call call) {
    List<String> sent = call.headers(HeaderNames.IDEMPOTENCY_KEY);
    if (sent.isEmpty()) {
      return Optional.empty();
    }
    Optional<IdempotencyKey> key =
        sent.size() == 1 ? IdempotencyKey.parse(sent.getFirst()) : Optional.empty();
    if (key.isEmpty()) {
      throw new Problem(
          ErrorCode.BAD_REQUEST,
          "Idempotency-Key must be sent once, with 1 to 255 visible characters.");
    }
    return key;
  }

  private static Optional<Money> maxCost(Call call, ObjectNode body, JsonNode ours) {
    Optional<String> header = call.header(HeaderNames.MAX_COST);
    if (header.isPresent()) {
      return Optional.of(money(HeaderNames.MAX_COST, header.get()));
    }
    return text(MAX_COST, body.path(MAX_COST))
        .map(text -> money(MAX_COST, text))
        .or(() ->
            text("carillon." + MAX_COST, ours.path(MAX_COST))
                .map(text -> money("carillon." + MAX_COST, text)));
  }

  private static Money money(String name, String text) {
    try {
      Money money = Money.ofCredits(text.strip());
      if (!money.isNegative()) {
        return money;
      }
    } catch (NumberFormatException | ArithmeticException wrong) {
      // told below, as for a negative one
    }
    throw new Problem(
        ErrorCode.BAD_REQUEST,
        name + " must be a number of credits from 0 up, with at most six decimals, such as 1.25.");
  }

  private static Optional<Span> span(Call call, String header, JsonNode ours, String field) {
    Optional<String> sent = call.header(header);
    if (sent.isPresent()) {
      return Optional.of(new Span(header, sent.get()));
    }
    String name = OBJECT + "." + field;
    return text(name, ours.path(field)).map(text -> new Span(name, text));
  }

  /// A text or a number as text; `null` counts as absent.
  private static Optional<String> text(String name, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (value.isString()) {
      return Optional.of(value.stringValue());
    }
    if (value.isNumber()) {
      return Optional.of(value.decimalValue().toPlainString());
    }
    throw new Problem(ErrorCode.BAD_REQUEST, name + " must be a text or a number.");
  }
}
