package dev.carillon.client.foresight;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a record of the compatible API tells about time, by the server's clock alone.
public final class Ages {
  /// `Date` counts in whole seconds.
  public static final Duration UNSURE = Duration.ofMillis(1_500);

  private Ages() {}

  /// What tells tasks apart that take long from those that do not.
  public static String kind(String service, JsonNode record) {
    return service + "/" + record.path("type").asString("");
  }

  /// A task has ended: remembers how long it took.
  public static void learn(Foresight foresight, String service, JsonNode record) {
    double began = record.path("created_at").doubleValue(0);
    double ended = record.path("finished_at").doubleValue(0);
    if (began > 0 && ended > began) {
      foresight.ended(kind(service, record), ended - began);
    }
  }

  /// How old the task of an answer is; empty when the server does not tell.
  ///
  /// @param date the answer's `Date`
  public static Optional<Duration> of(JsonNode record, Optional<String> date) {
    double began = record.path("created_at").doubleValue(0);
    if (began <= 0) {
      return Optional.empty();
    }
    return date.flatMap(Ages::seconds)
        .map(now -> Duration.ofMillis(Math.round((now - began) * 1000)));
  }

  private static Optional<Double> seconds(String date) {
    try {
      var time = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Optional.of((double) time.toEpochSecond());
    } catch (DateTimeException other) {
      return Optional.empty();
    }
  }
}
