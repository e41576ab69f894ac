package dev.carillon.gateway.upstream;

import dev.carillon.gateway.domain.TaskId;
import java.util.Map;

/// A provider told that something happened to a task's job. It is a hint to look, never a result.
///
/// @param job what it told about which job it is; empty where it did not
public record News(TaskId task, Map<String, String> job) {
  public News {
    job = Map.copyOf(job);
  }
}
