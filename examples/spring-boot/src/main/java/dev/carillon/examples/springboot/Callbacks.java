package dev.carillon.examples.springboot;

import dev.carillon.client.webhook.EventHandler;
import dev.carillon.client.webhook.JdbcInbox;
import dev.carillon.client.webhook.Receiver;
import dev.carillon.client.webhook.WebhookVerifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.sqlite.SQLiteDataSource;

/// What receiving needs. A program with a `DataSource` of its own gives that to the inbox.
@Configuration
public class Callbacks {
  /// Spring starts it, and closes it with the program.
  @Bean(initMethod = "start", destroyMethod = "close")
  public Receiver receiver(
      @Value("${carillon.webhook-secret}") String secret,
      @Value("${carillon.inbox:inbox.db}") String inbox,
      EventHandler handler) {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + inbox);
    WebhookVerifier verifier = WebhookVerifier.builder().secret(secret).build();
    return Receiver.builder(verifier, JdbcInbox.open(database), handler).build();
  }
}
