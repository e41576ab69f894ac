package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.AssetKey.Folder;
import dev.carillon.gateway.asset.AssetKey.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Keeps files. A file is there whole or not at all, whenever the process dies. Safe for many
/// threads; several processes may share one.
public interface AssetStore extends AutoCloseable {
  /// How many files of a folder are listed at most.
  int MOST_LISTED = 1_000;

  /// Keeps a file, in place of one with the same key. The staged file is used up or left to be
  /// deleted.
  void put(AssetKey key, Staged file) throws IOException;

  /// How long a file is, in bytes; empty when there is none.
  Optional<Long> length(AssetKey key) throws IOException;

  /// A part of a file that is there. A stream that ends early throws rather than tell its end.
  ///
  /// @param from the first byte, from 0
  /// @param length how many bytes; at least 1, and not beyond the end
  InputStream open(AssetKey key, long from, long length) throws IOException;

  /// The files of a folder in the order of their names, at most [#MOST_LISTED].
  List<Entry> list(Folder folder) throws IOException;

  /// Deletes a file; one that is not there is no fault.
  void remove(AssetKey key) throws IOException;

  /// Deletes all files of a folder.
  void removeAll(Folder folder) throws IOException;

  /// Tells all folders of a kind, one by one.
  void folders(Kind kind, Consumer<Folder> visitor) throws IOException;

  @Override
  void close();

  /// A file of a folder.
  record Entry(String name, long bytes) {}
}
