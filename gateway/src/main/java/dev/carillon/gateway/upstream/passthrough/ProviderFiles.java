package dev.carillon.gateway.upstream.passthrough;

import dev.carillon.gateway.catalog.CatalogException;
import dev.carillon.gateway.catalog.CatalogFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Reads the files of providers: those shipped, and those of the user's folder.
final class ProviderFiles {
  private static final List<String> SHIPPED = List.of("openai.yaml");
  private static final int MOST_FILES = 200;
  private static final long MOST_BYTES = 1 << 20;

  private ProviderFiles() {}

  /// Whether a folder holds any: then they are to be read at once, so that a mistake stops the
  /// start.
  static boolean areIn(Path folder) {
    return !files(folder, new ArrayList<>()).isEmpty();
  }

  /// @param folder one that does not exist counts as empty
  /// @throws CatalogException with every mistake in every file
  static List<ProviderFile> read(Path folder) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    SHIPPED.forEach(name -> contents.put(name, shipped(name)));
    var faults = new ArrayList<CatalogFault>();
    for (Path file : files(folder, faults)) {
      String name = String.valueOf(file.getFileName());
      try {
        if (Files.size(file) > MOST_BYTES) {
          faults.add(new CatalogFault(name, "", "is larger than 1 MiB"));
        } else {
          contents.put(name, Files.readAllBytes(file));
        }
      } catch (IOException broken) {
        faults.add(new CatalogFault(name, "", "cannot be read: " + broken.getMessage()));
      }
    }
    var read = new ArrayList<ProviderFile>();
    contents.forEach(
        (name, content) -> new ProviderReader(name, faults).read(content).ifPresent(read::add));
    if (!faults.isEmpty()) {
      throw new CatalogException("passthrough", faults);
    }
    return read;
  }

  private static List<Path> files(Path folder, List<CatalogFault> faults) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> found =
          all.filter(file -> file.toString().endsWith(".yaml"))
              .sorted()
              .limit(MOST_FILES + 1L)
              .toList();
      if (found.size() > MOST_FILES) {
        faults.add(
            new CatalogFault(folder.toString(), "", "holds more than " + MOST_FILES + " files"));
      }
      return found;
    } catch (IOException broken) {
      faults.add(new CatalogFault(folder.toString(), "", "cannot be read: " + broken.getMessage()));
      return List.of();
    }
  }

  private static byte[] shipped(String name) {
    try (InputStream in = ProviderFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the distribution lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
