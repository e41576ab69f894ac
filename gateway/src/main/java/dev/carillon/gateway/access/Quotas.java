package dev.carillon.gateway.access;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.store.TaskStore.Room;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// How fast each application may be and how many tasks it may have open: its own limits first, then
/// the service's, then the gateway's. Safe for many threads.
public final class Quotas {
  private static final String CREATE = "create";
  private static final String QUERY = "query";
  private static final String OPEN = "open";
  private static final String SERVICE = "service";

  private final AccessConfig config;
  private final Usual usual;
  private final Function<ApplicationId, Limits> limits;
  private final Open open;
  private final Limiter<ApplicationId> creations;
  private final Limiter<ApplicationId> queries;
  private final Limiter<OfService> ofServices;

  /// @param limits what an application has of its own, such as
  ///   [dev.carillon.gateway.store.LimitStore#of]; asked for by every call
  /// @param open asked for by every creating call
  public Quotas(
      AccessConfig config,
      Usual usual,
      Function<ApplicationId, Limits> limits,
      Open open,
      InstantSource clock) {
    this.config = config;
    this.usual = usual;
    this.limits = limits;
    this.open = open;
    this.creations = new Limiter<>(CREATE, config.create(), config.buckets(), clock);
    this.queries = new Limiter<>(QUERY, config.query(), config.buckets(), clock);
    this.ofServices = new Limiter<>(CREATE, config.create(), config.buckets(), clock);
  }

  /// Only the rates of the configuration.
  static Quotas ratesOnly(AccessConfig config, InstantSource clock) {
    return new Quotas(config, Usual.NONE, _ -> Limits.USUAL, (_, _) -> 0, clock);
  }

  /// What holds for every application that has no limit of its own.
  ///
  /// @param openTasks over all services
  /// @param services of single services, by name
  public record Usual(int openTasks, Map<String, Ceiling> services) {
    /// None.
    public static final Usual NONE = new Usual(Integer.MAX_VALUE, Map.of());

    public Usual {
      services = Map.copyOf(services);
    }
  }

  /// Counts open tasks.
  @FunctionalInterface
  public interface Open {
    /// How many tasks of an application, or of one of its services, are open.
    int count(ApplicationId application, Optional<String> service);
  }

  private record OfService(ApplicationId application, String service) {}

  /// Counts a call.
  ///
  /// @throws dev.carillon.gateway.http.Problem `too_many_requests`; nothing is counted then
  void count(ApplicationId application, Optional<String> service, Kind kind) {
    Limits own = limits.apply(application);
    if (kind == Kind.QUERY) {
      queries.count(application, query(own), QUERY);
      return;
    }
    Rate whole = create(own);
    Optional<Rate> part = service.flatMap(name -> ceiling(own, name).create());
    if (part.isEmpty()) {
      creations.count(application, whole, CREATE);
      return;
    }
    String name = service.orElseThrow();
    creations.count(application, whole, CREATE);
    boolean counted = false;
    try {
      ofServices.count(new OfService(application, name), part.get(), of(CREATE, name));
      counted = true;
    } finally {
      if (!counted) {
        creations.uncount(application, whole);
      }
    }
  }

  /// Notes from now on what is counted, for other nodes.
  void share() {
    creations.share();
    queries.share();
    ofServices.share();
  }

  /// What was counted since the last call.
  Map<String, Long> counted() {
    var all = new HashMap<String, Long>();
    creations.counted().forEach((id, count) -> all.put(CREATE + " " + id, count));
    queries.counted().forEach((id, count) -> all.put(QUERY + " " + id, count));
    ofServices
        .counted()
        .forEach((of, count) -> all.put(SERVICE + " " + of.application + " " + of.service, count));
    return all;
  }

  /// Other nodes counted this.
  void countedElsewhere(Map<String, Long> counts) {
    counts.forEach((key, count) -> {
      String[] words = key.split(" ", 3);
      var application = new ApplicationId(UUID.fromString(words[1]));
      switch (words[0]) {
        case CREATE -> creations.countedElsewhere(application, count);
        case QUERY -> queries.countedElsewhere(application, count);
        case SERVICE -> ofServices.countedElsewhere(new OfService(application, words[2]), count);
        default -> {} // of a newer version
      }
    });
  }

  /// How many tasks of a service a caller may have open, the next one included.
  Room room(Caller caller, String service) {
    Limits own = limits.apply(caller.application());
    return new Room(open(own), ceiling(own, service).openTasks().orElse(Integer.MAX_VALUE));
  }

  /// How an application stands with all limits that such a call meets.
  Map<String, String> headers(ApplicationId application, Optional<String> service, Kind kind) {
    Limits own = limits.apply(application);
    if (kind == Kind.QUERY) {
      return Standing.headers(List.of(queries.standing(application, query(own), QUERY)));
    }
    var all = new ArrayList<Standing>();
    all.add(creations.standing(application, create(own), CREATE));
    service.ifPresent(name -> addOfService(all, application, name, own));
    return Standing.headers(all);
  }

  private void addOfService(
      List<Standing> all, ApplicationId application, String service, Limits own) {
    Ceiling ceiling = ceiling(own, service);
    ceiling
        .create()
        .ifPresent(rate ->
            all.add(
                ofServices.standing(
                    new OfService(application, service), rate, of(CREATE, service))));
    if (open(own) < Integer.MAX_VALUE) {
      all.add(Standing.open(OPEN, open(own), open.count(application, Optional.empty())));
    }
    ceiling
        .openTasks()
        .ifPresent(most ->
            all.add(
                Standing.open(
                    of(OPEN, service), most, open.count(application, Optional.of(service)))));
  }

  private static String of(String kind, String service) {
    return kind + "-" + service;
  }

  private Rate create(Limits own) {
    return own.whole().create().orElse(config.create());
  }

  private Rate query(Limits own) {
    return own.query().orElse(config.query());
  }

  private int open(Limits own) {
    return own.whole().openTasks().orElse(usual.openTasks());
  }

  private Ceiling ceiling(Limits own, String service) {
    return own.service(service).orElse(usual.services().getOrDefault(service, Ceiling.NONE));
  }
}
