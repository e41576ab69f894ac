package dev.carillon.gateway.domain;

import java.util.Optional;
import java.util.UUID;

/// The id of a task; on the wire a UUID in lower case with dashes (contract section 7.21).
public record TaskId(UUID value) {

  /// Reads an id as clients send it: with or without dashes, in either case. Empty for anything
  /// that is no UUID, which callers treat like an unknown task.
  public static Optional<TaskId> parse(String text) {
    return Uuids.parse(text).map(TaskId::new);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
