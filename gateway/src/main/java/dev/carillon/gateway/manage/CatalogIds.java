package dev.carillon.gateway.manage;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/// The ids of services and of their APIs, which the managing API wants as UUIDs: made from their
/// names, so they are the same on every gateway and after every restart.
final class CatalogIds {
  private final Catalog catalog;

  CatalogIds(Catalog catalog) {
    this.catalog = catalog;
  }

  static UUID ofService(String name) {
    return of("service:" + name);
  }

  static UUID ofApi(String key) {
    return of("api:" + key);
  }

  static UUID ofDocument(String name) {
    return of("document:" + name);
  }

  private static UUID of(String what) {
    return UUID.nameUUIDFromBytes(("carillon:" + what).getBytes(StandardCharsets.UTF_8));
  }

  /// The name of the service with this id, name or alias.
  Optional<String> service(String idOrName) {
    Optional<String> named = catalog.realName(idOrName);
    return named.isPresent()
        ? named
        : catalog.names().stream()
            .filter(name -> ofService(name).toString().equals(idOrName))
            .findFirst();
  }

  /// The key of the endpoint with this id, key or path.
  Optional<String> api(String idOrPath) {
    String path = idOrPath.startsWith("/v1/") ? idOrPath.substring(3) : idOrPath;
    Optional<String> named = catalog.byKey(path).map(Endpoint::key);
    return named.isPresent()
        ? named
        : catalog.endpoints().stream()
            .map(Endpoint::key)
            .filter(key -> ofApi(key).toString().equals(idOrPath))
            .findFirst();
  }
}
