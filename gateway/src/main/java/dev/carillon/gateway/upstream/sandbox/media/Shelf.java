package dev.carillon.gateway.upstream.sandbox.media;

import dev.carillon.gateway.domain.MediaSource.Media;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Rendered files on disk, up to a size; beyond it the one unused for longest goes. Losing the
/// whole folder loses nothing, since every file can be made again.
///
/// A file's name is `<key>-<etag>.<extension>`, so that the index is read back from the folder.
final class Shelf {
  private static final int ETAG_DIGITS = 24;

  private final Path folder;
  private final long mostBytes;
  // Guarded by this, with the total; the least recently used first.
  private final LinkedHashMap<String, Media.Ready> files = new LinkedHashMap<>(64, 0.75f, true);
  private long total;
  private boolean read;

  /// A shelf in a folder.
  ///
  /// @param mostBytes how much the folder may hold; a larger single file is still kept while it is
  ///   the only one
  Shelf(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /// The name under which a file of a recipe lies here.
  static String key(Recipe recipe, Format format) {
    return digest(recipe.toBytes()).substring(0, 40) + "." + format.extension();
  }

  synchronized Optional<Media.Ready> find(String key) throws IOException {
    readFolder();
    Media.Ready found = files.get(key);
    if (found != null && !Files.exists(found.path())) {
      files.remove(key);
      total -= found.length();
      return Optional.empty();
    }
    return Optional.ofNullable(found);
  }

  Media.Ready put(String key, Format format, byte[] bytes) throws IOException {
    String etag = digest(bytes).substring(0, ETAG_DIGITS);
    int dot = key.lastIndexOf('.');
    Files.createDirectories(folder);
    Path path = folder.resolve(key.substring(0, dot) + "-" + etag + key.substring(dot));
    Path part = Files.createTempFile(folder, "render", ".part");
    Files.write(part, bytes);
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    var file = new Media.Ready(path, bytes.length, format.contentType(), etag);
    synchronized (this) {
      readFolder();
      add(key, file);
      evict();
    }
    return file;
  }

  private void add(String key, Media.Ready file) {
    Media.Ready before = files.put(key, file);
    total += file.length() - (before == null ? 0 : before.length());
  }

  private void evict() throws IOException {
    Iterator<Media.Ready> eldest = files.values().iterator();
    while (total > mostBytes && files.size() > 1) {
      Media.Ready file = eldest.next();
      Files.deleteIfExists(file.path());
      total -= file.length();
      eldest.remove();
    }
  }

  /// Reads the folder once, at first use, so that starting the gateway does not wait for it.
  private void readFolder() throws IOException {
    if (read) {
      return;
    }
    read = true;
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> oldest;
    try (var listed = Files.list(folder)) {
      oldest = listed.sorted(Comparator.comparingLong(Shelf::age)).toList();
    }
    for (Path path : oldest) {
      takeIn(path);
    }
    evict();
  }

  private void takeIn(Path path) throws IOException {
    String name = path.getFileName().toString();
    if (name.endsWith(".part")) {
      Files.deleteIfExists(path);
      return;
    }
    int dash = name.indexOf('-');
    int dot = name.lastIndexOf('.');
    Optional<Format> format = Format.ofExtension(name.substring(dot + 1));
    if (dash > 0 && dot > dash && format.isPresent()) {
      var file =
          new Media.Ready(
              path, Files.size(path), format.get().contentType(), name.substring(dash + 1, dot));
      add(name.substring(0, dash) + name.substring(dot), file);
    }
  }

  private static long age(Path path) {
    try {
      return Files.getLastModifiedTime(path).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(all, 20));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
