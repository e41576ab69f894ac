package dev.carillon.gateway.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.asset.AssetKey.Folder;
import dev.carillon.gateway.asset.AssetKey.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [AssetStore] keeps.
public abstract class AssetStoreLaws {
  @TempDir protected Path folder;

  /// The store under test; the same at each call.
  protected abstract AssetStore store();

  @Test
  void a_file_is_read_as_it_was_kept() throws IOException {
    AssetKey key = key("u0-a.png");
    put(key, SmallFiles.PNG);

    assertThat(store().length(key)).contains((long) SmallFiles.PNG.length());
    assertThat(read(key, 0, SmallFiles.PNG.length())).isEqualTo(SmallFiles.bytes(SmallFiles.PNG));
  }

  @Test
  void any_part_of_a_file_is_read_alone() throws IOException {
    AssetKey key = key("u0-a.png");
    put(key, SmallFiles.PNG);
    int last = SmallFiles.PNG.length() - 1;

    assertThat(read(key, 3, 5)).isEqualTo(SmallFiles.bytes(SmallFiles.PNG.substring(3, 8)));
    assertThat(read(key, 0, 1)).isEqualTo(SmallFiles.bytes(SmallFiles.PNG.substring(0, 1)));
    assertThat(read(key, last, 1)).isEqualTo(SmallFiles.bytes(SmallFiles.PNG.substring(last)));
  }

  @Test
  void what_is_not_there_is_not_there() throws IOException {
    AssetKey key = key("u0-a.png");

    assertThat(store().length(key)).isEmpty();
    assertThat(store().list(key.folder())).isEmpty();
    assertThatThrownBy(() -> store().open(key, 0, 1).close()).isInstanceOf(IOException.class);
    store().remove(key);
    store().removeAll(key.folder());
  }

  @Test
  void a_file_is_replaced_whole() throws IOException {
    AssetKey key = key("u0-a.png");
    put(key, SmallFiles.PNG);
    put(key, SmallFiles.MP4);

    assertThat(store().length(key)).contains((long) SmallFiles.MP4.length());
    assertThat(read(key, 0, SmallFiles.MP4.length())).isEqualTo(SmallFiles.bytes(SmallFiles.MP4));
  }

  @Test
  void a_folder_lists_its_own_files_by_name() throws IOException {
    AssetKey first = key("u0-a.png");
    put(first.folder().file("u1-b.mp4"), SmallFiles.MP4);
    put(first, SmallFiles.PNG);
    put(key("u0-a.png"), SmallFiles.PNG);

    assertThat(store().list(first.folder()))
        .containsExactly(
            new AssetStore.Entry("u0-a.png", SmallFiles.PNG.length()),
            new AssetStore.Entry("u1-b.mp4", SmallFiles.MP4.length()));
  }

  @Test
  void a_folder_is_deleted_with_all_its_files_and_no_others() throws IOException {
    AssetKey gone = key("u0-a.png");
    AssetKey other = key("u0-a.png");
    put(gone, SmallFiles.PNG);
    put(gone.folder().file("manifest.json"), SmallFiles.PNG);
    put(other, SmallFiles.PNG);

    store().removeAll(gone.folder());

    assertThat(store().list(gone.folder())).isEmpty();
    assertThat(store().length(other)).isPresent();
  }

  @Test
  void one_file_is_deleted_alone() throws IOException {
    AssetKey gone = key("u0-a.png");
    put(gone, SmallFiles.PNG);
    put(gone.folder().file("u1-a.png"), SmallFiles.PNG);

    store().remove(gone);

    assertThat(store().list(gone.folder()))
        .extracting(AssetStore.Entry::name)
        .containsExactly("u1-a.png");
  }

  @Test
  void all_folders_of_a_kind_are_told_once() throws IOException {
    var kept = new TreeSet<String>();
    for (int i = 0; i < 25; i++) {
      AssetKey key = key("u0-a.png");
      put(key, SmallFiles.PNG);
      put(key.folder().file("u1-b.png"), SmallFiles.PNG);
      kept.add(key.folder().owner());
    }
    put(new Folder(Kind.UPLOAD, UUID.randomUUID().toString()).file("x.png"), SmallFiles.PNG);

    var told = new ArrayList<String>();
    store().folders(Kind.TASK, found -> told.add(found.owner()));

    assertThat(told).containsExactlyInAnyOrderElementsOf(kept);
  }

  protected static AssetKey key(String name) {
    return new Folder(Kind.TASK, UUID.randomUUID().toString()).file(name);
  }

  protected void put(AssetKey key, String content) throws IOException {
    var staging = new Staging(folder.resolve(".staging"), Staging.Bounds.NONE);
    var bytes = new ByteArrayInputStream(SmallFiles.bytes(content));
    Staged file = staging.write(bytes, Long.MAX_VALUE);
    store().put(key, file);
    staging.discard(file);
  }

  protected byte[] read(AssetKey key, long from, long length) throws IOException {
    try (InputStream in = store().open(key, from, length)) {
      return in.readAllBytes();
    }
  }
}
