package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectMapper;

/// What is shipped runs on Java 17 and needs nothing but Jackson.
final class PackagingTest {
  private static final int JAVA_17 = 61;

  @Test
  void the_classes_are_those_of_java_17() throws Exception {
    var shipped =
        Path.of(Carillon.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("dev/carillon/client");
    List<Path> classes;
    try (var files = Files.walk(shipped)) {
      classes = files.filter(file -> file.toString().endsWith(".class")).toList();
    }

    assertThat(classes).hasSizeGreaterThan(30);
    for (Path file : classes) {
      try (var bytes = Files.newInputStream(file)) {
        assertThat(version(bytes)).as("%s", file).isLessThanOrEqualTo(JAVA_17);
      }
    }
  }

  @Test
  void so_is_jackson() throws Exception {
    for (Class<?> type : List.of(ObjectMapper.class, JsonParser.class)) {
      try (var bytes = type.getResourceAsStream(type.getSimpleName() + ".class")) {
        assertThat(bytes).isNotNull();
        assertThat(version(bytes)).isLessThanOrEqualTo(JAVA_17);
      }
    }
  }

  private static int version(java.io.InputStream bytes) throws IOException {
    var data = new DataInputStream(bytes);
    assertThat(data.readInt()).isEqualTo(0xCAFEBABE);
    data.readUnsignedShort();
    return data.readUnsignedShort();
  }
}
