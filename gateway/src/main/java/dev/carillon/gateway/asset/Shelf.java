package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.AssetFault.Word;
import dev.carillon.gateway.asset.AssetKey.Folder;
import dev.carillon.gateway.asset.AssetKey.Kind;
import dev.carillon.gateway.domain.TaskId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files of tasks: staging and store together, in the order that leaves no half file.
final class Shelf {
  /// A manifest has a few hundred bytes a file.
  private static final long MANIFEST_BYTES = 4L * 1024 * 1024;

  private final AssetStore store;
  private final Staging staging;

  Shelf(AssetStore store, Staging staging) {
    this.store = store;
    this.staging = staging;
  }

  AssetStore store() {
    return store;
  }

  Staging staging() {
    return staging;
  }

  static Folder of(TaskId task) {
    return new Folder(Kind.TASK, task.toString());
  }

  /// Keeps a staged file.
  ///
  /// @throws AssetFault when the storage does not take it now; it stays staged
  void keep(AssetKey key, Staged file) throws AssetFault {
    try {
      store.put(key, file);
    } catch (IOException failure) {
      throw new AssetFault(Word.STORAGE, String.valueOf(failure.getMessage()));
    }
    staging.discard(file);
  }

  /// Files of a task that were copied before the process died, by their index.
  Map<Integer, Name> copied(TaskId task) throws IOException {
    var found = new LinkedHashMap<Integer, Name>();
    for (AssetStore.Entry entry : store.list(of(task))) {
      Name.parse(entry.name())
          .filter(name -> name.origin() == Name.COPIED)
          .ifPresent(name -> found.put(name.index(), name));
    }
    return found;
  }

  /// Deletes files of a task that this one, of the same origin and index, stands in for.
  void removeOthers(TaskId task, Name kept) throws IOException {
    for (AssetStore.Entry entry : store.list(of(task))) {
      Optional<Name> name = Name.parse(entry.name());
      boolean earlier =
          name.filter(n -> n.origin() == kept.origin() && n.index() == kept.index()).isPresent();
      if (earlier && !entry.name().equals(kept.toString())) {
        store.remove(of(task).file(entry.name()));
      }
    }
  }

  void keepManifest(TaskId task, Manifest manifest) throws IOException {
    Staged file = staging.write(new ByteArrayInputStream(manifest.json()), MANIFEST_BYTES);
    try {
      keep(of(task).file(Manifest.NAME), file);
    } finally {
      staging.discard(file);
    }
  }

  /// What was noted about a task's files; nothing where none was copied.
  Manifest manifest(TaskId task) throws IOException {
    AssetKey key = of(task).file(Manifest.NAME);
    Optional<Long> length = store.length(key);
    if (length.isEmpty()) {
      return new Manifest(List.of());
    }
    long bytes = Math.min(length.get(), MANIFEST_BYTES);
    try (InputStream in = store.open(key, 0, bytes)) {
      return Manifest.of(in.readAllBytes());
    }
  }
}
