package dev.carillon.gateway.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The user's folder of service files.
final class UserFolder {
  private static final long MAX_BYTES = 1_048_576;
  private static final int MAX_FILES = 500;

  private UserFolder() {}

  /// Reads every `*.yaml` and `*.yml` file, by name.
  ///
  /// @throws CatalogException with the mistakes of all files
  static List<Service> read(Path folder) {
    var services = new ArrayList<Service>();
    var faults = new ArrayList<CatalogFault>();
    Map<String, String> fileOf = new HashMap<>();
    for (Path file : files(folder)) {
      String name = file.getFileName() == null ? "" : file.getFileName().toString();
      try {
        Service service = ServiceReader.read(name, bytes(file, name));
        services.add(service);
        String other = fileOf.put(service.name(), name);
        if (other != null) {
          faults.add(
              new CatalogFault(
                  name,
                  "name",
                  "the service '" + service.name() + "' stands in " + other + ", too"));
        }
      } catch (CatalogException mistakes) {
        faults.addAll(mistakes.faults());
      }
    }
    if (!faults.isEmpty()) {
      throw new CatalogException(faults);
    }
    return services;
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files
              .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
              .limit(MAX_FILES + 1L)
              .sorted()
              .toList();
      if (found.size() > MAX_FILES) {
        throw ServiceReader.unreadable(
            folder.toString(), Optional.of("it holds more than " + MAX_FILES + " files"));
      }
      return found;
    } catch (IOException broken) {
      throw ServiceReader.unreadable(folder.toString(), Optional.ofNullable(broken.getMessage()));
    }
  }

  private static byte[] bytes(Path file, String name) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw ServiceReader.unreadable(name, Optional.of("it is larger than 1 MiB"));
      }
      return Files.readAllBytes(file);
    } catch (IOException broken) {
      throw ServiceReader.unreadable(name, Optional.ofNullable(broken.getMessage()));
    }
  }
}
