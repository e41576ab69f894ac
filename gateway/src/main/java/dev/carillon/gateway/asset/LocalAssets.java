package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.AssetKey.Folder;
import dev.carillon.gateway.asset.AssetKey.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Files in a folder. A staged file, which is on the disk already, is moved to its place in one
/// step, and the folder that names it is brought to the disk after that.
public final class LocalAssets implements AssetStore {
  private final Path root;

  public LocalAssets(Path root) {
    this.root = root;
  }

  @Override
  public void put(AssetKey key, Staged file) throws IOException {
    Path place = root.resolve(key.path());
    Path folder = folderOf(place);
    Files.createDirectories(folder);
    Files.move(
        file.path(), place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    for (Path each = folder; each.startsWith(root); each = folderOf(each)) {
      force(each);
    }
  }

  private static Path folderOf(Path path) {
    Path folder = path.getParent();
    if (folder == null) {
      throw new IllegalStateException("the root of a disk has no folder");
    }
    return folder;
  }

  /// Not every system lets a folder be opened; those that do not need no such step.
  private static void force(Path folder) {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      // see above
    }
  }

  @Override
  public Optional<Long> length(AssetKey key) throws IOException {
    try {
      return Optional.of(Files.size(root.resolve(key.path())));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream open(AssetKey key, long from, long length) throws IOException {
    FileChannel file = FileChannel.open(root.resolve(key.path()), StandardOpenOption.READ);
    try {
      if (file.size() < from + length) {
        throw new EOFException("the file is shorter than was told");
      }
      file.position(from);
    } catch (IOException failed) {
      file.close();
      throw failed;
    }
    return new Part(Channels.newInputStream(file), length);
  }

  @Override
  public List<Entry> list(Folder folder) throws IOException {
    var found = new ArrayList<Entry>();
    try (var files = Files.newDirectoryStream(root.resolve(folder.path()))) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (AssetKey.isName(name) && found.size() < MOST_LISTED) {
          found.add(new Entry(name, Files.size(file)));
        }
      }
    } catch (NoSuchFileException none) {
      return List.copyOf(found);
    }
    found.sort(Comparator.comparing(Entry::name));
    return List.copyOf(found);
  }

  @Override
  public void remove(AssetKey key) throws IOException {
    Files.deleteIfExists(root.resolve(key.path()));
  }

  @Override
  public void removeAll(Folder folder) throws IOException {
    Path place = root.resolve(folder.path());
    try (var files = Files.newDirectoryStream(place)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException none) {
      return;
    }
    Files.deleteIfExists(place);
  }

  @Override
  public void folders(Kind kind, Consumer<Folder> visitor) throws IOException {
    try (var shards = Files.newDirectoryStream(root.resolve(kind.word()))) {
      for (Path shard : shards) {
        visit(shard, kind, visitor);
      }
    } catch (NoSuchFileException none) {
      // nothing was ever kept
    }
  }

  private static void visit(Path shard, Kind kind, Consumer<Folder> visitor) throws IOException {
    try (var owners = Files.newDirectoryStream(shard)) {
      for (Path owner : owners) {
        String name = String.valueOf(owner.getFileName());
        if (Folder.isOwner(name)) {
          visitor.accept(new Folder(kind, name));
        }
      }
    } catch (NotDirectoryException foreign) {
      // not ours
    }
  }

  @Override
  public void close() {
    // holds nothing open
  }
}
