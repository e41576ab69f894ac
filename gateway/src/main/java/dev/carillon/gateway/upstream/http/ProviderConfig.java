package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.upstream.http.spool.Spool;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which providers there are, and how to reach them.
///
/// @param folder the operator's definition files
/// @param environment the variables that hold keys
/// @param baseUrls other addresses of providers, by name
/// @param off names of providers that are not used though their keys are there
/// @param newsUrl how providers reach this gateway, without a slash at the end; empty where they
///   cannot
/// @param spool where large answers lie while they are read
/// @param answers how much of them
public record ProviderConfig(
    Optional<Path> folder,
    Map<String, String> environment,
    Map<String, URI> baseUrls,
    Set<String> off,
    Optional<String> newsUrl,
    Path spool,
    Spool.Limits answers) {
  public ProviderConfig {
    environment = Map.copyOf(environment);
    baseUrls = Map.copyOf(baseUrls);
    off = Set.copyOf(off);
  }

  /// An address to put paths to.
  ///
  /// @throws IllegalArgumentException when it is none
  public static URI address(String text) {
    return DefinitionReader.address(text);
  }
}
