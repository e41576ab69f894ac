package dev.carillon.gateway.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// All services and endpoints: those shipped, and those of the user's folder, which add to them or
/// replace them by name.
///
/// A shipped file is read when its service is first asked for, so a start costs one small index;
/// the user's files are read at once, so a mistake in them stops the start. Safe for many threads.
public final class Catalog {
  private final Map<String, String> names;
  private final List<Endpoint> own;
  private final Map<String, ServicePages> pages = new ConcurrentHashMap<>();

  private Catalog(Map<String, String> names, Collection<Service> own) {
    this.names = Map.copyOf(names);
    this.own = own.stream().flatMap(service -> service.endpoints().stream()).toList();
    own.forEach(service -> pages.put(service.name(), new ServicePages(service)));
  }

  /// Loads the shipped catalog and the `*.yaml` files of the user's folder.
  ///
  /// @param extraFolder the user's folder; one that does not exist counts as empty
  /// @throws CatalogException with every mistake in every file
  public static Catalog load(Optional<Path> extraFolder) {
    List<Service> own = extraFolder.map(UserFolder::read).orElse(List.of());
    var names = new LinkedHashMap<String, String>();
    var replaced = new HashMap<String, Service>();
    own.forEach(service -> replaced.put(service.name(), service));
    for (Shipped.Line line : Shipped.index()) {
      names.put(line.name(), line.name());
      if (!replaced.containsKey(line.name())) {
        line.aliases().forEach(alias -> names.put(alias, line.name()));
      }
    }
    var faults = new ArrayList<CatalogFault>();
    for (Service service : own) {
      names.put(service.name(), service.name());
      for (String alias : service.aliases()) {
        String other = names.put(alias, service.name());
        if (other != null && !other.equals(service.name())) {
          faults.add(
              new CatalogFault(
                  service.name(), "aliases", "'" + alias + "' already means " + other));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new CatalogException(faults);
    }
    return new Catalog(names, own);
  }

  /// A service by its name or an alias.
  public Optional<Service> service(String name) {
    return Optional.ofNullable(names.get(name)).map(real -> pages(real).service());
  }

  /// The real name behind a name or alias, without reading the service.
  public Optional<String> realName(String name) {
    return Optional.ofNullable(names.get(name));
  }

  /// The real names of all services, sorted, without reading any.
  public List<String> names() {
    return Set.copyOf(names.values()).stream().sorted().toList();
  }

  /// All services by name. Reads every file that was not read yet, in parallel.
  public List<Service> services() {
    return Set.copyOf(names.values()).parallelStream()
        .sorted()
        .map(name -> pages(name).service())
        .toList();
  }

  /// All endpoints of all services.
  public List<Endpoint> endpoints() {
    return services().stream().flatMap(service -> service.endpoints().stream()).toList();
  }

  /// The endpoints of the user's own files, which are read already.
  public List<Endpoint> own() {
    return own;
  }

  /// The endpoint for a request.
  ///
  /// @param path normalised: no leading `/v1`, no doubled slashes, no slash at the end
  public Optional<Match> find(String method, String path) {
    return pagesOf(path).flatMap(found -> found.find(method, withRealName(path)));
  }

  /// The endpoint with this [Endpoint#key].
  public Optional<Endpoint> byKey(String key) {
    int space = key.indexOf(' ');
    String method = space < 0 ? "POST" : key.substring(0, space);
    return find(method, key.substring(space + 1)).map(Match::endpoint);
  }

  /// The methods a path may be asked with; empty when no endpoint has this path.
  public Set<String> methods(String path) {
    return pagesOf(path)
        .map(found -> found.methods(withRealName(path)))
        .orElse(new LinkedHashSet<>());
  }

  private Optional<ServicePages> pagesOf(String path) {
    return Optional.ofNullable(names.get(firstSegment(path))).map(this::pages);
  }

  private String withRealName(String path) {
    String first = firstSegment(path);
    String real = names.getOrDefault(first, first);
    return real.equals(first) ? path : "/" + real + path.substring(first.length() + 1);
  }

  private static String firstSegment(String path) {
    int end = path.indexOf('/', 1);
    return end < 0 ? "" : path.substring(1, end);
  }

  private ServicePages pages(String name) {
    return pages.computeIfAbsent(name, one -> new ServicePages(Shipped.service(one)));
  }

  /// An endpoint with the values of its path's `{name}` segments; empty when it has none.
  public record Match(Endpoint endpoint, Map<String, String> parameters) {}
}
