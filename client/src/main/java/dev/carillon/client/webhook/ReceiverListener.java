package dev.carillon.client.webhook;

/// Hears what a [Receiver] does, for logs and metrics. Calls come on the receiver's threads and
/// should return soon; what they throw is dropped.
public interface ReceiverListener {
  /// A request was not believed.
  default void rejected(WebhookVerificationException why) {}

  /// An event is in the inbox, or was there before.
  default void received(InboxEvent event, Inbox.Put put) {}

  /// The application's code dealt with an event.
  default void done(Inbox.Claim claim) {}

  /// A run failed and there will be another.
  default void failed(Inbox.Claim claim, Throwable why) {}

  /// The last run failed; the event stays in the inbox as `FAILED`, and somebody should look.
  default void givenUp(Inbox.Claim claim, Throwable why) {}

  /// A run's lease went to somebody else before it ended, so the event may have been run twice.
  default void leaseLost(Inbox.Claim claim) {}

  /// The inbox does not work just now.
  default void inboxFailed(RuntimeException why) {}

  /// Writes what needs attention to the log called `dev.carillon.client.webhook`.
  static ReceiverListener logging() {
    return new LoggingListener(System.getLogger("dev.carillon.client.webhook"));
  }
}
