package dev.carillon.bench;

/// What the connections of a [Loop] say and hear. All methods run on the loop's one thread.
interface Dialogue {
  /// Says nothing for now; the connection is asked again soon.
  byte[] NOTHING = {};

  /// The next request of a connection.
  ///
  /// @return the bytes to send, or [#NOTHING]
  byte[] ask(int connection);

  /// Hears a whole answer.
  ///
  /// @param answer valid until this returns
  /// @param tookNanos from sending the request to the last byte of the answer
  void hear(int connection, Message answer, long tookNanos);
}
