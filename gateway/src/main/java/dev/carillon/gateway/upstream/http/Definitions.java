package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.upstream.DefinitionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds definition files: those within the jar and those of the operator's folder, which replace
/// the former by name.
final class Definitions {
  private static final String SHIPPED = "/providers/";
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_FILES = 500;

  private Definitions() {}

  /// The names of the shipped definitions.
  static List<String> names() {
    return index().stream().map(line -> line.split("\\s+", -1)[0]).toList();
  }

  private static List<String> index() {
    return resource("index.txt")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  static Definition shipped(String name) {
    return DefinitionReader.read(name + ".yaml", resource(name + ".yaml"));
  }

  /// All definitions by name. The operator's are all compiled, so a mistake in them stops the
  /// start; those of the jar only where an environment has what they need.
  ///
  /// @throws DefinitionException with every mistake in every file of the folder
  static Map<String, Definition> all(Optional<Path> folder, Map<String, String> environment) {
    Map<String, Definition> all = new LinkedHashMap<>();
    for (String line : index()) {
      String[] words = line.split("\\s+", -1);
      boolean useful =
          Stream.of(words).skip(1).allMatch(variable -> environment.containsKey(variable));
      if (useful) {
        all.put(words[0], shipped(words[0]));
      }
    }
    folder.ifPresent(own -> read(own).forEach(one -> all.put(one.name(), one)));
    return all;
  }

  private static List<Definition> read(Path folder) {
    List<Definition> read = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    Map<String, String> fileOf = new LinkedHashMap<>();
    for (Path file : files(folder)) {
      String name = String.valueOf(file.getFileName());
      try {
        Definition definition = DefinitionReader.read(name, content(file));
        read.add(definition);
        String other = fileOf.put(definition.name(), name);
        if (other != null) {
          faults.add(
              name + ":1: the provider " + definition.name() + " stands in " + other + ", too");
        }
      } catch (DefinitionException wrong) {
        faults.addAll(wrong.faults());
      } catch (IOException unreadable) {
        faults.add(name + ":1: cannot be read: " + unreadable.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      throw new DefinitionException(faults);
    }
    return read;
  }

  /// Reads one file.
  static String content(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("it is larger than 1 MiB");
    }
    return Files.readString(file);
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
          .sorted()
          .limit(MOST_FILES)
          .toList();
    } catch (IOException broken) {
      throw new DefinitionException(List.of(folder + ":1: cannot be read: " + broken.getMessage()));
    }
  }

  private static String resource(String file) {
    try (InputStream in = Definitions.class.getResourceAsStream(SHIPPED + file)) {
      if (in == null) {
        throw new DefinitionException(List.of(file + ":1: it is not in the jar"));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
