package dev.carillon.gateway.domain.account;

import java.util.Set;

/// What a token may do within its application.
///
/// @param services the only services it may be used on; empty for all of its application
/// @param apis the only endpoints it may create tasks on, by their keys in the catalog, such as
///   `/suno/audios`; empty for all
/// @param readOnly whether it may only read
public record Grants(Set<String> services, Set<String> apis, boolean readOnly) {

  /// Everything its application may.
  public static final Grants ALL = new Grants(Set.of(), Set.of(), false);

  public Grants {
    services = Set.copyOf(services);
    apis = Set.copyOf(apis);
  }

  /// Whether the token may be used on this service.
  public boolean mayUse(String service) {
    return services.isEmpty() || services.contains(service);
  }

  /// Whether the token may create tasks on this endpoint.
  public boolean mayCall(String api) {
    return apis.isEmpty() || apis.contains(api);
  }
}
