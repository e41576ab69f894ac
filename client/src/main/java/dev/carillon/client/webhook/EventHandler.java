package dev.carillon.client.webhook;

/// The application's code for events. A [Receiver] calls it on its own threads, several events at
/// once, each event until one call returns.
@FunctionalInterface
public interface EventHandler {
  /// Deals with an event. Returning means done; throwing means try again later.
  ///
  /// A thread that is interrupted should stop: the receiver is closing, the run takes too long, or
  /// somebody else has the event by now.
  ///
  /// @param claim the event, and the right to mark it done in a transaction of one's own, see
  ///   [JdbcInbox#done(java.sql.Connection, Inbox.Claim, java.time.Instant)]
  void handle(Inbox.Claim claim) throws Exception;
}
