package dev.carillon.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads a folder of service files and writes one Java file for each service that has tasks.
public final class Main {
  private Main() {}

  /// Writes the sources.
  ///
  /// @param args the folder of service files, and the root of the sources to write
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: <folder of service files> <root of sources>");
    }
    write(Path.of(args[0]), Path.of(args[1]));
  }

  static void write(Path services, Path sources) throws IOException {
    Path folder = sources.resolve(ServiceSource.PACKAGE.replace('.', '/'));
    Files.createDirectories(folder);
    for (Path file : files(services)) {
      JsonNode service = YAMLMapper.builder().build().readTree(Files.readString(file));
      ServiceSource source = ServiceSource.of(service);
      if (!source.isEmpty()) {
        writeIfChanged(folder.resolve(source.name() + ".java"), source.text());
      }
    }
    writeIfChanged(folder.resolve("package-info.java"), ServiceSource.packageInfo());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /// A file that is touched would be compiled again.
  private static void writeIfChanged(Path file, String text) throws IOException {
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }
}
