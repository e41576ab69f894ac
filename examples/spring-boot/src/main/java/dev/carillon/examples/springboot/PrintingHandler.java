package dev.carillon.examples.springboot;

import dev.carillon.client.webhook.EventHandler;
import dev.carillon.client.webhook.Inbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Stands where the application's own code goes.
@Component
public class PrintingHandler implements EventHandler {
  private final Logger log = LoggerFactory.getLogger(PrintingHandler.class);

  @Override
  public void handle(Inbox.Claim claim) {
    log.info("event {} {}", claim.event().id(), claim.event().type().orElse("of a callback_url"));
  }
}
