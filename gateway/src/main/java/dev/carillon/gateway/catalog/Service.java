package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Limits.Ceiling;
import java.util.List;

/// A service of the catalog: one YAML file.
///
/// @param name the first segment of its paths, such as `nano-banana`
/// @param aliases other first segments that mean the same, such as `nanobanana`; may be empty
/// @param title its name for people
/// @param description what it makes, in a sentence or two; may be empty
/// @param tasks the shape of `POST /{name}/tasks`
/// @param mirror what its finished records repeat beyond the general mirror
/// @param ceiling what each application may ask of it at most, where limits of services are on
/// @param endpoints its endpoints in the order of the file; never empty
public record Service(
    String name,
    List<String> aliases,
    String title,
    String description,
    TaskShape tasks,
    Mirror mirror,
    Ceiling ceiling,
    List<Endpoint> endpoints) {
  public Service {
    aliases = List.copyOf(aliases);
    endpoints = List.copyOf(endpoints);
  }
}
