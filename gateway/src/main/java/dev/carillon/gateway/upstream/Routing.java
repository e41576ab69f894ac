package dev.carillon.gateway.upstream;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.domain.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The operator's own routes: by endpoint, the providers that are asked, one priority an entry, an
/// entry naming one or several with weights, such as `kling:3|fal`.
public final class Routing {
  /// No routes but those of the catalog.
  public static final Routing NONE = new Routing(Map.of());

  private final Map<String, List<String>> byEndpoint;

  public Routing(Map<String, List<String>> byEndpoint) {
    this.byEndpoint = Map.copyOf(byEndpoint);
  }

  /// The route of an endpoint, by its key in the catalog.
  Optional<List<String>> of(String endpoint) {
    return Optional.ofNullable(byEndpoint.get(endpoint));
  }

  /// What is wrong with these routes, and with those of the operator's own service files.
  ///
  /// @param providers the names of all providers there are, also those without a key
  public List<String> faults(Catalog catalog, Collection<String> providers) {
    List<String> faults = new ArrayList<>();
    byEndpoint.forEach((endpoint, route) -> {
      if (catalog.byKey(endpoint).isEmpty()) {
        List<String> all = catalog.endpoints().stream().map(Endpoint::key).toList();
        faults.add(
            "provider.routes: there is no endpoint '"
                + endpoint
                + "'"
                + Spelling.didYouMean(endpoint, all));
      }
      faults.addAll(faults("provider.routes: " + endpoint, route, providers));
    });
    catalog
        .own()
        .forEach(endpoint ->
            faults.addAll(faults("the route of " + endpoint.key(), endpoint.route(), providers)));
    return faults;
  }

  /// What is wrong with one route.
  ///
  /// @param place where it stands
  private static List<String> faults(
      String place, List<String> route, Collection<String> providers) {
    List<String> faults = new ArrayList<>();
    for (String entry : route) {
      for (String one : entry.split("\\|", -1)) {
        String[] parts = one.strip().split(":", -1);
        String name = parts[0].strip();
        if (!providers.contains(name) && !name.equals(Router.AUTO)) {
          faults.add(
              place
                  + ": there is no provider '"
                  + name
                  + "'"
                  + Spelling.didYouMean(name, providers));
        } else if (parts.length > 1
            && (parts.length > 2 || !parts[1].strip().matches("[1-9]\\d{0,5}"))) {
          faults.add(place + ": the weight of '" + name + "' must be 1 to 999999");
        }
      }
    }
    return faults;
  }

  /// The names of one entry of a route with their weights.
  static Map<String, Integer> names(String entry) {
    Map<String, Integer> names = new LinkedHashMap<>();
    for (String one : entry.split("\\|", -1)) {
      String[] parts = one.strip().split(":", -1);
      boolean weighed = parts.length == 2 && parts[1].strip().matches("[1-9]\\d{0,5}");
      names.put(parts[0].strip(), weighed ? Integer.parseInt(parts[1].strip()) : 1);
    }
    return names;
  }
}
