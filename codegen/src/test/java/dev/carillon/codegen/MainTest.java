package dev.carillon.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
  private static final String SERVICE =
      """
      name: paint-box
      title: Paint box
      endpoints:
        - path: /paint-box/big-pictures
          summary: Paint.
          request:
            required: [action, prompt, new]
            properties:
              action: {type: string, enum: [draw, paint], default: draw, description: What to do.}
              prompt: {type: string, description: 'Say "what".'}
              new: {type: boolean}
              image_urls: {type: array, items: {type: string}}
              from: {type: [string, array]}
          make: {kind: image}
        - path: /paint-box/pictures/{id}
          make: {kind: image}
        - path: /paint-box/list
          method: GET
          make: {kind: image}
      """;

  @TempDir private Path folder;

  @Test
  void a_service_becomes_a_class_with_one_request_for_each_endpoint_that_makes_tasks()
      throws IOException {
    String source = written("paint-box.yaml", SERVICE).resolve("PaintBox.java").toString();

    assertThat(Files.readString(Path.of(source)))
        .contains(
            "public static BigPicturesRequest bigPictures(String prompt, boolean newField)",
            "super(\"paint-box\", \"big-pictures\");\n      set(\"action\", \"draw\");",
            "public BigPicturesRequest imageUrls(java.util.List<String> value)",
            "public BigPicturesRequest from(Object value)",
            "/// What to do. One of `draw`, `paint`. Without it: `draw`.")
        .doesNotContain("{id}", "PicturesIdRequest", "ListRequest");
  }

  @Test
  void a_service_without_tasks_has_no_class() throws IOException {
    Path written = written("talk.yaml", "name: talk\nendpoints: [{path: /talk/list}]\n");

    try (Stream<Path> files = Files.list(written)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactly("package-info.java");
    }
  }

  @Test
  void what_did_not_change_is_not_touched() throws IOException {
    Path source = written("paint-box.yaml", SERVICE).resolve("PaintBox.java");
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(source, old);

    written("paint-box.yaml", SERVICE);

    assertThat(Files.getLastModifiedTime(source)).isEqualTo(old);
  }

  private Path written(String name, String text) throws IOException {
    Path services = Files.createDirectories(folder.resolve("services"));
    Files.writeString(services.resolve(name), text);
    Main.write(services, folder.resolve("sources"));
    return folder.resolve("sources").resolve("dev/carillon/client/service");
  }
}
