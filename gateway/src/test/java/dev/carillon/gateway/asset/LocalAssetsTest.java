package dev.carillon.gateway.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LocalAssetsTest extends AssetStoreLaws {
  @Override
  protected AssetStore store() {
    return new LocalAssets(folder);
  }

  @Test
  void half_a_file_never_stands_at_its_place() throws IOException {
    AssetKey key = key("u0-a.png");
    InputStream broken = SmallFiles.breakingOffAfter(5000);

    assertThatThrownBy(() ->
            new Staging(folder.resolve(".staging"), Staging.Bounds.NONE).write(broken, 1 << 20))
        .hasMessage("gone");

    assertThat(store().length(key)).isEmpty();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void files_of_others_in_the_folder_are_left_alone() throws IOException {
    Path foreign = folder.resolve("tasks/readme.txt");
    Files.createDirectories(folder.resolve("tasks/ab/not-an-id"));
    Files.writeString(foreign, "mine");

    store()
        .folders(
            AssetKey.Kind.TASK,
            found -> {
              throw new AssertionError(found);
            });

    assertThat(foreign).exists();
  }

  @Test
  void a_file_that_was_cut_is_told_as_broken_and_not_as_its_end() throws IOException {
    AssetKey key = key("u0-a.png");
    put(key, SmallFiles.PNG);
    Files.writeString(folder.resolve(key.path()), "short");

    assertThatThrownBy(() -> read(key, 0, SmallFiles.PNG.length())).isInstanceOf(IOException.class);
  }
}
