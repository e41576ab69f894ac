package dev.carillon.client;

/// Sends a request and gives the whole answer, whatever its status. They wrap each other:
/// log(retry(send)).
@FunctionalInterface
interface Sender {
  /// Sends, and waits for the answer.
  ///
  /// @throws TransportException when no whole answer came
  Reply send(Call call) throws InterruptedException;
}
