package dev.carillon.gateway.store.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A new file that nobody but its owner can read: a copy of a store holds its secrets.
public final class OwnersFile {
  private OwnersFile() {}

  /// Makes an empty one.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException when there is such a file
  public static void create(Path file) throws IOException {
    open(file).close();
  }

  /// Makes one, to be written. Where files have no such permissions it is as the folder says.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException when there is such a file
  public static FileChannel open(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] owners =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owners);
  }
}
