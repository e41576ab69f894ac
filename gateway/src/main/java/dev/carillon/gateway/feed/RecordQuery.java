package dev.carillon.gateway.feed;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.http.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a compatible client asks of `POST /{service}/tasks` (contract section 3.1). Empty strings,
/// nulls and neutral values count as absent.
///
/// @param action `retrieve`, `retrieve_batch` or `delete`
/// @param whose filters a batch
/// @param id the task wanted; `id` wins over `task_id`
/// @param ids the tasks wanted, in the order asked
record RecordQuery(
    String action,
    Optional<String> id,
    Optional<String> traceId,
    List<String> ids,
    List<String> traceIds,
    Optional<String> type,
    Whose whose,
    Optional<Instant> createdMin,
    Optional<Instant> createdMax,
    int offset,
    int limit) {
  /// The most ids in one batch; the official clients send up to 50.
  static final int MOST_IDS = 100;

  /// Far after every task; a time in milliseconds by mistake matches what it says: nothing.
  private static final double MOST_SECONDS = 1e11;

  private static final int MOST_OFFSET = 100_000;
  private static final int MOST_LIMIT = 100;
  private static final List<String> ACTIONS = List.of("retrieve", "retrieve_batch", "delete");

  /// Reads a query.
  ///
  /// @param usualLimit the page size when none is asked
  /// @throws Problem `bad_request` naming the field
  static RecordQuery of(ObjectNode body, int usualLimit) {
    List<String> taskIds = texts(body, "task_id");
    List<String> ids = new ArrayList<>(texts(body, "ids"));
    boolean several = body.path("task_id").isArray();
    if (several) {
      ids.addAll(taskIds);
    }
    if (ids.size() > MOST_IDS) {
      throw new Problem(
          ErrorCode.BAD_REQUEST,
          "ids holds %d ids, at most %d are allowed".formatted(ids.size(), MOST_IDS));
    }
    List<String> traceIds = texts(body, "trace_ids");
    if (traceIds.size() > MOST_IDS) {
      throw new Problem(
          ErrorCode.BAD_REQUEST,
          "trace_ids holds %d ids, at most %d are allowed".formatted(traceIds.size(), MOST_IDS));
    }
    return new RecordQuery(
        several ? "retrieve_batch" : action(body),
        text(body, "id").or(() -> several ? Optional.empty() : taskIds.stream().findFirst()),
        text(body, "trace_id"),
        ids,
        traceIds,
        text(body, "type"),
        new Whose(text(body, "application_id"), text(body, "user_id")),
        seconds(body, "created_at_min"),
        seconds(body, "created_at_max"),
        number(body, "offset", 0, MOST_OFFSET),
        Math.max(1, number(body, "limit", usualLimit, MOST_LIMIT)));
  }

  /// Whose tasks are wanted, as a filter of a batch; empty parts match all.
  record Whose(Optional<String> application, Optional<String> user) {}

  /// Whether a caller's tasks match the filter. Those of others look unknown, so nothing else
  /// could.
  boolean isAbout(Owner caller) {
    return whose.application.filter(id -> !id.equals(caller.application().toString())).isEmpty()
        && whose.user.filter(id -> !id.equals(caller.account().toString())).isEmpty();
  }

  private static String action(ObjectNode body) {
    String action = text(body, "action").orElse("retrieve");
    if (!ACTIONS.contains(action)) {
      throw new Problem(
          ErrorCode.BAD_REQUEST,
          "action is invalid. It must be one of " + String.join(", ", ACTIONS));
    }
    return action;
  }

  private static Optional<String> text(ObjectNode body, String field) {
    JsonNode value = body.path(field);
    return value.isString() || value.isNumber()
        ? Optional.of(value.asString()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  private static List<String> texts(ObjectNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isArray()) {
      return value.valueStream().filter(JsonNode::isString).map(JsonNode::asString).toList();
    }
    return text(body, field).stream().toList();
  }

  private static int number(ObjectNode body, String field, int usual, int most) {
    JsonNode value = body.path(field);
    if (value.isNumber() || value.isString()) {
      double number = value.asDouble(usual);
      if (number < 0) {
        throw new Problem(ErrorCode.BAD_REQUEST, field + " must not be negative");
      }
      return (int) Math.min(number, most);
    }
    return usual;
  }

  private static Optional<Instant> seconds(ObjectNode body, String field) {
    JsonNode value = body.path(field);
    double seconds = value.isNumber() || value.isString() ? value.asDouble(0) : 0;
    return seconds > 0
        ? Optional.of(Instant.ofEpochMilli(Math.round(Math.min(seconds, MOST_SECONDS) * 1000)))
        : Optional.empty();
  }
}
