package dev.carillon.gateway;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.feed.Answers;
import dev.carillon.gateway.feed.RecordRoutes;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Handler;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.ops.Metrics;
import java.util.Optional;
import java.util.Set;

/// Answers every path of the catalog: creating a task, and asking for tasks. This is where intake
/// and feed are joined, as neither knows the other.
final class ServiceDoor implements Handler {
  private static final String TASKS = "/tasks";

  private final Catalog catalog;
  private final Intake intake;
  private final Metrics metrics;
  private final Answers answers;
  private final RecordRoutes records;

  ServiceDoor(
      Catalog catalog, Intake intake, Metrics metrics, Answers answers, RecordRoutes records) {
    this.catalog = catalog;
    this.intake = intake;
    this.metrics = metrics;
    this.answers = answers;
    this.records = records;
  }

  @Override
  public Reply handle(Call call) throws InterruptedException {
    Optional<Service> asked = serviceOfTasks(call.path());
    if (asked.isPresent()) {
      return records(call, asked.get());
    }
    Optional<Catalog.Match> match = catalog.find(call.method(), call.path());
    if (match.isEmpty()) {
      throw unknown(catalog.methods(call.path()));
    }
    Intake.Taken taken = intake.take(call, match.get());
    metrics.taskAccepted(taken.task().order().service());
    return answers.created(
        call,
        match.get().endpoint(),
        taken.task(),
        taken.plan().patience(),
        taken.plan().headers());
  }

  private Reply records(Call call, Service service) {
    if (!call.method().equals("POST") && !call.method().equals("GET")) {
      throw unknown(Set.of("GET", "POST"));
    }
    return records.query(call, service);
  }

  private Optional<Service> serviceOfTasks(String path) {
    int end = path.length() - TASKS.length();
    return path.endsWith(TASKS) && path.lastIndexOf('/', end - 1) == 0
        ? catalog.service(path.substring(1, end))
        : Optional.empty();
  }

  private static Problem unknown(Set<String> methods) {
    return methods.isEmpty()
        ? Problem.of(ErrorCode.NO_API)
        : Problem.of(ErrorCode.METHOD_NOT_ALLOWED)
            .header("Allow", String.join(", ", methods.stream().sorted().toList()));
  }
}
