package dev.carillon.gateway.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A service with its endpoints indexed by path.
final class ServicePages {
  private final Service service;
  private final Map<String, Endpoint> exact = new HashMap<>();
  private final List<Endpoint> patterns = new ArrayList<>();

  ServicePages(Service service) {
    this.service = service;
    for (Endpoint endpoint : service.endpoints()) {
      if (endpoint.path().contains("{")) {
        patterns.add(endpoint);
      } else {
        exact.put(endpoint.method() + endpoint.path(), endpoint);
      }
    }
  }

  Service service() {
    return service;
  }

  Optional<Catalog.Match> find(String method, String path) {
    Endpoint found = exact.get(method + path);
    if (found != null) {
      return Optional.of(new Catalog.Match(found, Map.of()));
    }
    return patterns.stream()
        .filter(one -> one.method().equals(method))
        .flatMap(one -> values(one.path(), path).map(v -> new Catalog.Match(one, v)).stream())
        .findFirst();
  }

  Set<String> methods(String path) {
    var methods = new LinkedHashSet<String>();
    for (Endpoint one : service.endpoints()) {
      if (values(one.path(), path).isPresent()) {
        methods.add(one.method());
      }
    }
    return methods;
  }

  private static Optional<Map<String, String>> values(String pattern, String path) {
    String[] wanted = pattern.split("/", -1);
    String[] sent = path.split("/", -1);
    if (wanted.length != sent.length) {
      return Optional.empty();
    }
    var values = new HashMap<String, String>();
    for (int i = 0; i < wanted.length; i++) {
      boolean open = wanted[i].startsWith("{") && wanted[i].endsWith("}");
      if (open) {
        values.put(wanted[i].substring(1, wanted[i].length() - 1), sent[i]);
      } else if (!wanted[i].equals(sent[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(Map.copyOf(values));
  }
}
