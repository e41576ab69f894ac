package dev.carillon.gateway.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The service files within the jar. An index names them with their aliases, because the content of
/// a jar's folder cannot be listed cheaply.
final class Shipped {
  static final String INDEX = "index.txt";
  private static final String FOLDER = "services/";

  private Shipped() {}

  /// Each service's name and aliases.
  static List<Line> index() {
    return new String(bytes(INDEX), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(line -> List.of(line.split("\\s+", -1)))
        .map(words -> new Line(words.getFirst(), words.subList(1, words.size())))
        .toList();
  }

  /// Reads a shipped service.
  ///
  /// @throws CatalogException when its file has mistakes; a test keeps that from being shipped
  static Service service(String name) {
    return ServiceReader.read(name + ".yaml", bytes(name + ".yaml"));
  }

  private static byte[] bytes(String file) {
    return resource(FOLDER + file);
  }

  /// A resource beside this class, or with a leading slash anywhere in the class path.
  static byte[] resource(String file) {
    try (InputStream in = Shipped.class.getResourceAsStream(file)) {
      if (in == null) {
        throw ServiceReader.unreadable(file, Optional.of("it is not in the jar"));
      }
      return in.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// A line of the index.
  record Line(String name, List<String> aliases) {}
}
