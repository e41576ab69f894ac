package dev.carillon.gateway;

import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a gateway leaves in its data folder: for the command line of the same user the admin token,
/// which only that user can read, and where the running process listens; for itself the key that
/// secrets are sealed with.
record AdminFiles(Path data) {
  private static final Logger log = LoggerFactory.getLogger(AdminFiles.class);
  private static final int TOKEN_BYTES = 24;
  private static final int KEY_BYTES = 32;

  private Path tokenFile() {
    return data.resolve("admin.token");
  }

  private Path urlFile() {
    return data.resolve("admin.url");
  }

  /// The configured admin token, else the one of the file, which is made when it is not there.
  String token(Settings settings, RandomGenerator secrets) {
    return knownToken(settings).orElseGet(() -> made(tokenFile(), TOKEN_BYTES, secrets));
  }

  /// The configured admin token, else the one of the file.
  Optional<String> knownToken(Settings settings) {
    String configured = settings.get(Keys.ADMIN_TOKEN);
    return configured.isEmpty() ? read(tokenFile()) : Optional.of(configured);
  }

  /// Where the process that holds the folder listens; empty when it does not say.
  Optional<String> url() {
    return read(urlFile());
  }

  void writeUrl(String url) {
    try {
      Files.writeString(urlFile(), url + "\n");
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot write " + urlFile(), failure);
    }
  }

  /// What cannot be removed misleads nobody: the lock of the database tells whether a process runs.
  void removeUrl() {
    try {
      Files.deleteIfExists(urlFile());
    } catch (IOException stays) {
      log.warn("admin.url stays reason=\"{}\"", String.valueOf(stays.getMessage()));
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
          : Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read " + file, failure);
    }
  }

  /// The key that secrets are sealed with: of the file, which is made when it is not there.
  String secretsKey(RandomGenerator secrets) {
    Path file = data.resolve("secrets.key");
    return read(file).orElseGet(() -> made(file, KEY_BYTES, secrets));
  }

  /// The file is private from its first moment on.
  private String made(Path file, int length, RandomGenerator secrets) {
    var bytes = new byte[length];
    secrets.nextBytes(bytes);
    String token = HexFormat.of().formatHex(bytes);
    try {
      Files.createDirectories(data);
      Files.deleteIfExists(file);
      try (var out =
          Files.newByteChannel(
              file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
        out.write(StandardCharsets.US_ASCII.encode(token + "\n"));
      }
      return token;
    } catch (FileAlreadyExistsException other) {
      throw new UncheckedIOException("another process writes " + file, other);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot write " + file, failure);
    }
  }

  /// Where files have no such permissions, the folder's own must do.
  private FileAttribute<?>[] ownerOnly() {
    boolean posix = data.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
