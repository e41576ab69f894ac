package dev.carillon.gateway.webhook;

import dev.carillon.gateway.domain.callback.Delivery.Attempt;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.http.strict.Written;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// An attempt as it is shown.
final class AttemptView {
  private AttemptView() {}

  static void write(JsonGenerator json, Attempt attempt) {
    json.writeStartObject();
    json.writeNumberProperty("number", attempt.number());
    answer(json, attempt.receipt());
    Receipt.Next next = attempt.receipt().next();
    json.writeStringProperty("next", word(next));
    Written.time(
        json,
        "next_at",
        next instanceof Receipt.Next.Retry(var at, _)
            ? Optional.of(at)
            : Optional.<Instant>empty());
    json.writeEndObject();
  }

  /// What came back, as fields of an object that is open.
  static void answer(JsonGenerator json, Receipt receipt) {
    Written.time(json, "started_at", receipt.startedAt());
    json.writeNumberProperty("took_ms", receipt.took().toMillis());
    if (receipt.status() == 0) {
      json.writeNullProperty("status");
    } else {
      json.writeNumberProperty("status", receipt.status());
    }
    Written.text(json, "failure", receipt.failure());
    json.writeStringProperty("excerpt", receipt.excerpt());
  }

  private static String word(Receipt.Next next) {
    return switch (next) {
      case Receipt.Next.Delivered _ -> "delivered";
      case Receipt.Next.Retry _ -> "retry";
      case Receipt.Next.Exhausted _ -> "exhausted";
      case Receipt.Next.Blocked _ -> "blocked";
      case Receipt.Next.Gone _ -> "gone";
    };
  }
}
