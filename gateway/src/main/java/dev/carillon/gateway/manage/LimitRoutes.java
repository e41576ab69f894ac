package dev.carillon.gateway.manage;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.store.LimitStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The limits that an application has of its own: what is `null` is as the gateway is set.
final class LimitRoutes {
  private static final String CREATE = "create";
  private static final String QUERY = "query";
  private static final String OPEN = "open_tasks";
  private static final String RUNNING = "running_tasks";
  private static final String WEIGHT = "weight";
  private static final String SERVICES = "services";
  private static final int MOST = 10_000_000;

  private final Directory directory;
  private final CatalogIds ids;
  private final LimitStore store;

  LimitRoutes(Directory directory, CatalogIds ids) {
    this.directory = directory;
    this.ids = ids;
    this.store = directory.store().limits();
  }

  Reply get(Call call) {
    Application application = inPath(call);
    return shown(application, store.of(application.id()));
  }

  /// A field that is not there stays; `null` takes a limit away. Of `services`, too, only those
  /// that are named change.
  Reply change(Call call) {
    Application application = inPath(call);
    Body body =
        Body.of(call)
            .only(
                CREATE + "_per_second",
                CREATE + "_burst",
                QUERY + "_per_second",
                QUERY + "_burst",
                OPEN,
                RUNNING,
                WEIGHT,
                SERVICES);
    Limits before = store.of(application.id());
    var after =
        new Limits(
            ceiling(body, before.whole(), "", Optional.empty()),
            rate(body, QUERY, before.query(), ""),
            whole(body, RUNNING, before.runningTasks(), MOST),
            whole(body, WEIGHT, before.weight(), Limits.MOST_WEIGHT),
            services(body, before.services()));
    store.set(application.id(), after);
    return shown(application, store.of(application.id()));
  }

  private Application inPath(Call call) {
    return ApplicationId.parse(call.pathParameter("id").orElse(""))
        .map(directory::application)
        .orElseThrow(() -> Directory.unknown("application"));
  }

  private Map<String, Ceiling> services(Body body, Map<String, Ceiling> before) {
    if (!body.has(SERVICES)) {
      return before;
    }
    JsonNode given = body.fields().get(SERVICES);
    if (given.isNull()) {
      return Map.of();
    }
    if (!given.isObject()) {
      throw Body.fault(SERVICES + " must be an object with a field for each service");
    }
    var after = new HashMap<>(before);
    for (Map.Entry<String, JsonNode> one : given.properties()) {
      String name =
          ids.service(one.getKey())
              .orElseThrow(
                  () -> Body.fault(SERVICES + ": there is no service '" + one.getKey() + "'"));
      after.put(name, service(name, one.getValue(), before.getOrDefault(name, Ceiling.NONE)));
    }
    after.values().removeIf(Ceiling.NONE::equals);
    return after;
  }

  private static Ceiling service(String name, JsonNode given, Ceiling before) {
    if (given.isNull()) {
      return Ceiling.NONE;
    }
    if (!(given instanceof ObjectNode fields)) {
      throw Body.fault(SERVICES + ": " + name + " must be an object, or null");
    }
    Body body = new Body(fields).only(CREATE + "_per_second", CREATE + "_burst", OPEN, RUNNING);
    return ceiling(body, before, name + ": ", whole(body, RUNNING, before.runningTasks(), MOST));
  }

  private static Ceiling ceiling(
      Body body, Ceiling before, String where, Optional<Integer> running) {
    return new Ceiling(
        rate(body, CREATE, before.create(), where),
        whole(body, OPEN, before.openTasks(), MOST),
        running);
  }

  /// A new pace without a burst bursts by a second of it.
  private static Optional<Rate> rate(Body body, String kind, Optional<Rate> before, String where) {
    String pace = kind + "_per_second";
    String burst = kind + "_burst";
    if (body.has(pace) && body.decimal(pace).isEmpty()) {
      return Optional.empty();
    }
    Optional<Integer> most = body.whole(burst, MOST);
    try {
      return body.decimal(pace)
          .map(perSecond ->
              Rate.perSecond(
                  perSecond,
                  most.or(() -> before.map(Rate::burst))
                      .orElseGet(() -> Math.clamp(perSecond.longValue(), 1, MOST))))
          .or(() ->
              before.map(rate -> new Rate(rate.perThousandSeconds(), most.orElse(rate.burst()))))
          .or(() -> {
            if (most.isPresent()) {
              throw Body.fault(where + burst + " needs " + pace + " beside it");
            }
            return Optional.empty();
          });
    } catch (ArithmeticException | IllegalArgumentException wrong) {
      throw Body.fault(where + pace + " must be more than 0, with at most three decimals");
    }
  }

  private static Optional<Integer> whole(
      Body body, String name, Optional<Integer> before, int most) {
    return body.has(name) ? body.whole(name, most) : before;
  }

  private static Reply shown(Application application, Limits limits) {
    ObjectNode node = Shown.object().put("application_id", application.id().toString());
    put(node, limits.whole());
    rate(node, QUERY, limits.query());
    number(node, RUNNING, limits.runningTasks());
    number(node, WEIGHT, limits.weight());
    ObjectNode services = node.putObject(SERVICES);
    new TreeMap<>(limits.services())
        .forEach((name, ceiling) -> {
          ObjectNode service = services.putObject(name);
          put(service, ceiling);
          number(service, RUNNING, ceiling.runningTasks());
        });
    return Shown.ok(node);
  }

  private static void put(ObjectNode node, Ceiling ceiling) {
    rate(node, CREATE, ceiling.create());
    number(node, OPEN, ceiling.openTasks());
  }

  private static void rate(ObjectNode node, String kind, Optional<Rate> rate) {
    node.put(kind + "_per_second", rate.map(Rate::perSecond).orElse(null));
    node.put(kind + "_burst", rate.map(Rate::burst).orElse(null));
  }

  private static void number(ObjectNode node, String name, Optional<Integer> number) {
    node.put(name, number.orElse(null));
  }
}
