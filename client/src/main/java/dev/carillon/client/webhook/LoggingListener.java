package dev.carillon.client.webhook;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Writes to a log what needs attention. Bodies and headers are not written.
final class LoggingListener implements ReceiverListener {
  private final Logger log;

  LoggingListener(Logger log) {
    this.log = log;
  }

  @Override
  public void rejected(WebhookVerificationException why) {
    log.log(Level.WARNING, "callback.rejected reason={0}: {1}", why.reason(), why.getMessage());
  }

  @Override
  public void received(InboxEvent event, Inbox.Put put) {
    Level level = put == Inbox.Put.FULL ? Level.ERROR : Level.DEBUG;
    log.log(level, "callback.received id={0} inbox={1}", event.id(), put);
  }

  @Override
  public void done(Inbox.Claim claim) {
    log.log(Level.DEBUG, "callback.done id={0} run={1}", claim.event().id(), claim.attempt());
  }

  @Override
  public void failed(Inbox.Claim claim, Throwable why) {
    log.log(Level.WARNING, text("failed", claim), why);
  }

  @Override
  public void givenUp(Inbox.Claim claim, Throwable why) {
    log.log(Level.ERROR, text("given_up", claim), why);
  }

  @Override
  public void leaseLost(Inbox.Claim claim) {
    log.log(Level.WARNING, text("lease_lost", claim));
  }

  @Override
  public void inboxFailed(RuntimeException why) {
    log.log(Level.ERROR, "callback.inbox_failed", why);
  }

  private static String text(String what, Inbox.Claim claim) {
    return "callback." + what + " id=" + claim.event().id() + " run=" + claim.attempt();
  }
}
