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
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.ops.Metrics;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Answers every path of the catalog: creating a task, and asking for tasks. This is where intake
/// and feed are joined, as neither knows the other.
final class ServiceDoor implements Handler {
  private static final String TASKS = "/tasks";
  private static final String NO_ROUTE = "none";

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
      return other(call.method(), catalog.methods(call.path()));
    }
    if (Intake.isDryRun(call)) {
      return intake.quote(call, match.get());
    }
    Intake.Taken taken = intake.take(call, match.get());
    if (taken.fresh()) {
      metrics.taskAccepted(taken.task().order().service());
    }
    try {
      return answers.created(
          call,
          match.get().endpoint(),
          taken.task(),
          taken.plan().patience(),
          taken.plan().headers());
    } finally {
      taken.answered().run();
    }
  }

  /// What a call counts as in the metrics: the path of its endpoint in the catalog.
  String route(Call call) {
    return serviceOfTasks(call.path())
        .map(service -> "/" + service.name() + TASKS)
        .or(() -> catalog.find(call.method(), call.path()).map(match -> match.endpoint().path()))
        .orElse(NO_ROUTE);
  }

  private Reply records(Call call, Service service) {
    if (!call.method().equals("POST") && !call.method().equals("GET")) {
      return other(call.method(), Set.of("GET", "POST"));
    }
    return records.query(call, service);
  }

  private Optional<Service> serviceOfTasks(String path) {
    int end = path.length() - TASKS.length();
    return path.endsWith(TASKS) && path.lastIndexOf('/', end - 1) == 0
        ? catalog.service(path.substring(1, end))
        : Optional.empty();
  }

  /// What answers a path the catalog does not know, or not with this method.
  private static Reply other(String method, Set<String> methods) {
    if (methods.isEmpty()) {
      throw Problem.of(ErrorCode.NO_API);
    }
    var allowed = new TreeSet<>(methods);
    allowed.add("OPTIONS");
    return Routes.otherMethod(method, String.join(", ", allowed));
  }
}
