package dev.carillon.gateway.catalog;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// A template's context with the work that is current in a repetition.
record Scope(Shape.Context context, Object work) {
  private static final DateTimeFormatter PLAIN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  static Scope of(Shape.Context context) {
    return new Scope(context, context.works().isEmpty() ? Gap.MISSING : context.works().getFirst());
  }

  Scope with(Map<String, ?> current) {
    return new Scope(context, current);
  }

  Object root(String name) {
    return switch (name) {
      case "request" -> context.request();
      case "works" -> context.works();
      case "work" -> work;
      case "now" -> seconds(context.now());
      case "now_iso" -> context.now().truncatedTo(ChronoUnit.MILLIS).toString();
      case "now_text" -> PLAIN.format(context.now());
      case "now_seconds" -> context.now().getEpochSecond();
      default -> Gap.MISSING;
    };
  }

  Object task(String name) {
    return switch (name) {
      case "id" -> context.taskId();
      case "trace_id" -> context.traceId();
      case "created_at" -> seconds(context.createdAt());
      case "elapsed" ->
          millis(Math.max(0, Duration.between(context.createdAt(), context.now()).toMillis()));
      default -> Gap.MISSING;
    };
  }

  private static BigDecimal seconds(Instant instant) {
    return millis(instant.toEpochMilli());
  }

  private static BigDecimal millis(long millis) {
    return BigDecimal.valueOf(millis, 3);
  }
}
