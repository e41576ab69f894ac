package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectMapper;

/// What is shipped runs on Java 17 and needs nothing but Jackson.
final class PackagingTest {
  private static final int JAVA_17 = 61;
  private static final List<Class<?>> MUTABLE =
      List.of(HashMap.class, ArrayList.class, Queue.class, AtomicLong.class, ThreadLocal.class);

  private static List<Path> classes() throws Exception {
    var shipped =
        Path.of(Carillon.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("dev/carillon/client");
    try (var files = Files.walk(shipped)) {
      List<Path> classes = files.filter(file -> file.toString().endsWith(".class")).toList();
      assertThat(classes).hasSizeGreaterThan(30);
      return classes;
    }
  }

  @Test
  void the_classes_are_those_of_java_17() throws Exception {
    for (Path file : classes()) {
      try (var bytes = Files.newInputStream(file)) {
        assertThat(version(bytes)).as("%s", file).isLessThanOrEqualTo(JAVA_17);
      }
    }
  }

  @Test
  void no_class_has_state_of_its_own() throws Exception {
    for (Path file : classes()) {
      String name = file.toString().replaceFirst(".*dev/carillon/client/", "").replace('/', '.');
      var type =
          Class.forName(
              "dev.carillon.client." + name.replaceFirst("\\.class$", ""),
              false,
              Carillon.class.getClassLoader());
      for (var field : type.getDeclaredFields()) {
        boolean own = Modifier.isStatic(field.getModifiers()) && !field.isSynthetic();
        assertThat(own && !Modifier.isFinal(field.getModifiers())).as("%s", field).isFalse();
        assertThat(own && MUTABLE.stream().anyMatch(kind -> kind.isAssignableFrom(field.getType())))
            .as("%s", field)
            .isFalse();
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
