package dev.carillon.gateway.upstream;

import dev.carillon.gateway.domain.MediaSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Results that a provider gives as bytes in its answer, kept as files under the digest of their
/// content. The same bytes are one file, so keeping twice is harmless; nobody can guess a name.
public final class ResultFolder implements MediaSource {
  /// Where the gateway serves them.
  public static final String PATH = "/media/";

  private static final Map<String, String> ENDINGS = new LinkedHashMap<>();

  static {
    ENDINGS.put("image/png", "png");
    ENDINGS.put("image/jpeg", "jpg");
    ENDINGS.put("image/webp", "webp");
    ENDINGS.put("image/gif", "gif");
    ENDINGS.put("video/mp4", "mp4");
    ENDINGS.put("video/webm", "webm");
    ENDINGS.put("audio/mpeg", "mp3");
    ENDINGS.put("audio/wav", "wav");
    ENDINGS.put("audio/ogg", "ogg");
    ENDINGS.put("audio/flac", "flac");
    ENDINGS.put("application/octet-stream", "bin");
  }

  private final Path folder;

  public ResultFolder(Path folder) {
    this.folder = folder;
  }

  /// Keeps a file; when this returns it is whole on disk.
  ///
  /// @return its name, such as `0a1b….png`
  public String keep(String type, byte[] bytes) {
    String digest = digest(bytes);
    String name = digest + "." + ENDINGS.getOrDefault(type, "bin");
    Path path = folder.resolve(name);
    if (Files.exists(path)) {
      return name;
    }
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, "result", ".part");
      Files.write(part, bytes);
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return name;
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  @Override
  public Media open(String token, String extension) {
    if (!token.matches("[0-9a-f]{64}") || !ENDINGS.containsValue(extension)) {
      return new Media.Missing();
    }
    Path path = folder.resolve(token + "." + extension);
    try {
      return Files.exists(path)
          ? new Media.Ready(path, Files.size(path), type(extension), token.substring(0, 24))
          : new Media.Missing();
    } catch (IOException gone) {
      return new Media.Missing();
    }
  }

  private static String type(String extension) {
    return ENDINGS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(extension))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("application/octet-stream");
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
