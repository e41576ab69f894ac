package dev.carillon.gateway.upstream;

import dev.carillon.gateway.catalog.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Knows which providers an endpoint has, and in which order they are asked: by priority, within
/// one by chance according to weight, and those that are not well after all others.
///
/// An endpoint whose file says nothing has all providers that serve it, and the sandbox when there
/// is none. A route in its file lists them in its own order, one priority an entry; an entry names
/// one or several, such as `kling:3|fal`, with weights after the colon.
public final class Router {
  /// What the catalog says of an endpoint whose file has no route.
  public static final String AUTO = "auto";

  private final Map<String, Provider> byName = new LinkedHashMap<>();
  private final Provider fallback;
  private final Routing routes;
  private final RandomGenerator chance;

  /// A router of the catalog's routes alone.
  public Router(Provider fallback, List<? extends Provider> providers, RandomGenerator chance) {
    this(fallback, providers, Routing.NONE, chance);
  }

  /// @param fallback serves what no other provider serves
  /// @param routes go before those of the catalog
  public Router(
      Provider fallback,
      List<? extends Provider> providers,
      Routing routes,
      RandomGenerator chance) {
    this.fallback = fallback;
    this.routes = routes;
    this.chance = chance;
    byName.put(fallback.name(), fallback);
    providers.forEach(provider -> byName.put(provider.name(), provider));
  }

  Collection<Provider> all() {
    return byName.values();
  }

  Optional<Provider> owner(String upstreamRef) {
    return all().stream().filter(provider -> provider.owns(upstreamRef)).findFirst();
  }

  /// The provider of this name.
  public Optional<Provider> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// Whether an endpoint's tasks are real work of a provider and not of the one that stands in.
  public boolean isRouted(Endpoint endpoint) {
    return isAuto(endpoint)
        ? all().stream().anyMatch(provider -> provider.serves(endpoint.key()))
        : route(endpoint).stream()
            .flatMap(entry -> Routing.names(entry).keySet().stream())
            .anyMatch(name -> byName.containsKey(name) && !name.equals(fallback.name()));
  }

  private List<String> route(Endpoint endpoint) {
    return routes.of(endpoint.key()).orElse(endpoint.route());
  }

  private boolean isAuto(Endpoint endpoint) {
    return route(endpoint).equals(List.of(AUTO));
  }

  /// Who is asked for a job, in order; empty when nobody can do it.
  List<Provider> order(Job job) {
    Endpoint endpoint = job.endpoint();
    if (isAuto(endpoint) && !isRouted(endpoint)) {
      return List.of(fallback);
    }
    Map<Integer, Map<Provider, Integer>> ranks = new TreeMap<>();
    if (isAuto(endpoint)) {
      all().stream()
          .filter(provider -> provider.serves(endpoint.key()))
          .forEach(provider ->
              provider
                  .offer(job)
                  .ifPresent(offer ->
                      ranks
                          .computeIfAbsent(offer.priority(), _ -> new LinkedHashMap<>())
                          .put(provider, offer.weight())));
    } else {
      List<String> route = route(endpoint);
      for (int rank = 0; rank < route.size(); rank++) {
        Map<Provider, Integer> equals = new LinkedHashMap<>();
        Routing.names(route.get(rank))
            .forEach((name, weight) ->
                named(name)
                    .filter(provider -> provider.offer(job).isPresent())
                    .ifPresent(provider -> equals.put(provider, weight)));
        ranks.put(rank, equals);
      }
    }
    List<Provider> order = new ArrayList<>();
    ranks.values().forEach(equals -> order.addAll(shuffled(equals)));
    List<Provider> well = order.stream().filter(Provider::isWell).toList();
    List<Provider> all = new ArrayList<>(well);
    order.stream().filter(provider -> !well.contains(provider)).forEach(all::add);
    return List.copyOf(all);
  }

  private List<Provider> shuffled(Map<Provider, Integer> weights) {
    Map<Provider, Integer> left = new LinkedHashMap<>(weights);
    List<Provider> order = new ArrayList<>();
    while (!left.isEmpty()) {
      int drawn = chance.nextInt(left.values().stream().mapToInt(Integer::intValue).sum());
      for (Map.Entry<Provider, Integer> one : left.entrySet()) {
        drawn -= one.getValue();
        if (drawn < 0) {
          order.add(one.getKey());
          break;
        }
      }
      left.remove(order.getLast());
    }
    return order;
  }
}
