package dev.carillon.client.webhook;

/// Passes on to a listener of the application and drops what it throws, so that a fault in
/// somebody's metrics loses no event.
final class SafeListener implements ReceiverListener {
  private final ReceiverListener listener;

  SafeListener(ReceiverListener listener) {
    this.listener = listener;
  }

  @Override
  public void rejected(WebhookVerificationException why) {
    safely(() -> listener.rejected(why));
  }

  @Override
  public void received(InboxEvent event, Inbox.Put put) {
    safely(() -> listener.received(event, put));
  }

  @Override
  public void done(Inbox.Claim claim) {
    safely(() -> listener.done(claim));
  }

  @Override
  public void failed(Inbox.Claim claim, Throwable why) {
    safely(() -> listener.failed(claim, why));
  }

  @Override
  public void givenUp(Inbox.Claim claim, Throwable why) {
    safely(() -> listener.givenUp(claim, why));
  }

  @Override
  public void leaseLost(Inbox.Claim claim) {
    safely(() -> listener.leaseLost(claim));
  }

  @Override
  public void inboxFailed(RuntimeException why) {
    safely(() -> listener.inboxFailed(why));
  }

  private static void safely(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException dropped) {
      // As the listener's contract says.
    }
  }
}
