package dev.carillon.gateway;

import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.config.SecretKeys;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

  Path secretsKeyFile() {
    return data.resolve("secrets.key");
  }

  /// The key that secrets are sealed with: of the file, which is made when it is not there.
  ///
  /// @throws StoreUnavailableException as [#knownSecretsKey] does
  String secretsKey(RandomGenerator secrets) {
    return knownSecretsKey().orElseGet(() -> made(secretsKeyFile(), KEY_BYTES, secrets));
  }

  /// The key of the file, if there is one.
  ///
  /// @throws StoreUnavailableException when the file holds anything else than a key: nobody else
  ///   knows the key that secrets are sealed with, so the file is not written anew
  Optional<String> knownSecretsKey() {
    Path file = secretsKeyFile();
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String key = read(file).orElse("");
    if (!key.matches(SecretKeys.FORM)) {
      throw new StoreUnavailableException(
          file
              + " is damaged: it must hold 32 to 256 visible characters without a comma. Put it"
              + " back from a backup; remove it only where no secrets are sealed with it");
    }
    return Optional.of(key);
  }

  /// The file is private from its first moment on. It stands there whole and for good, or not at
  /// all: what depends on it may be written right after.
  private String made(Path file, int length, RandomGenerator secrets) {
    var bytes = new byte[length];
    secrets.nextBytes(bytes);
    String token = HexFormat.of().formatHex(bytes);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(data);
      Files.deleteIfExists(fresh);
      try (var out =
          FileChannel.open(
              fresh,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              ownerOnly())) {
        ByteBuffer text = StandardCharsets.US_ASCII.encode(token + "\n");
        while (text.hasRemaining()) {
          var _ = out.write(text);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      forceFolder();
      return token;
    } catch (FileAlreadyExistsException other) {
      throw new UncheckedIOException("another process writes " + file, other);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot write " + file, failure);
    }
  }

  /// Not every system lets a folder be opened; those that do not need no such step.
  private void forceFolder() {
    try (var folder = FileChannel.open(data, StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException _) {
      // see above
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
