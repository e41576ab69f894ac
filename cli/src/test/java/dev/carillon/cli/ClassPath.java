package dev.carillon.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.carillon.client.Carillon;
import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// What a caller's command needs when it runs as a process of its own; the gateway is not of it.
final class ClassPath {
  private ClassPath() {}

  static String ofCallers() {
    return Stream.of(
            Main.class,
            Carillon.class,
            CommandLine.class,
            JsonFactory.class,
            JsonMapper.class,
            JsonProperty.class)
        .map(type -> Path.of(uri(type)).toString())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static URI uri(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
