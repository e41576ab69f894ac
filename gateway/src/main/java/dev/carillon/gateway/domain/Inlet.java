package dev.carillon.gateway.domain;

import java.io.IOException;
import java.io.InputStream;

/// Where a provider leaves bytes of a result that have no address of their own, or one that only
/// the provider's key opens.
@FunctionalInterface
public interface Inlet {

  /// Keeps bytes as a file of a task and gives the address it has at this gateway, which a
  /// [Finalizer] leaves as it is. Reads the stream to its end and never holds it in memory.
  ///
  /// While the storage does not take them now it tries again, at most until shortly before the
  /// task's finish-by time.
  ///
  /// @param index tells the files of a task apart, 0 to 999; the same again replaces
  /// @throws IOException when the stream broke off, the storage took nothing in time, or what it
  ///   gave may not be kept: empty, larger than `asset.max-bytes`, or a web page
  /// @throws InterruptedException when the task was cancelled, ran late, or the gateway stops
  String keep(Task task, int index, InputStream bytes) throws IOException, InterruptedException;
}
