package dev.carillon.examples.jdkserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.client.Carillon;
import dev.carillon.client.FeedReconciler;
import dev.carillon.client.webhook.EventHandler;
import dev.carillon.client.webhook.Inbox;
import dev.carillon.client.webhook.JdbcInbox;
import dev.carillon.client.webhook.Receiver;
import dev.carillon.client.webhook.WebhookVerifier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.sqlite.SQLiteDataSource;

/// Receives callbacks at `/hook`, keeps them in an SQLite file, and runs the application's code for
/// each event once.
public final class CallbackServer implements AutoCloseable {
  private static final int LARGEST_BODY = 16 << 20;
  private static final int THREADS = 16;

  private final Receiver receiver;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  /// Starts one.
  ///
  /// @param port 0 for a free one
  public CallbackServer(int port, String secret, Inbox inbox, EventHandler handler)
      throws IOException {
    WebhookVerifier verifier = WebhookVerifier.builder().secret(secret).build();
    receiver = Receiver.builder(verifier, inbox, handler).mostBodyBytes(LARGEST_BODY).build();
    receiver.start();

    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(threads);
    server.createContext("/hook", this::hook);
    server.start();
  }

  private void hook(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
      int status = receiver.handle(body, exchange.getRequestHeaders());
      exchange.sendResponseHeaders(status, -1);
    }
  }

  /// The port it listens on.
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
    receiver.close();
  }

  /// An inbox in a file.
  static Inbox inbox(String file) {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + file);
    return JdbcInbox.open(database);
  }

  /// Runs until it is stopped. Takes the port and the inbox's file. `CARILLON_WEBHOOK_SECRET` is
  /// the secret; with `CARILLON_URL` and `CARILLON_TOKEN` it also fetches what it missed while it
  /// was down.
  public static void main(String[] arguments) throws IOException {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9000;
    Inbox inbox = inbox(arguments.length > 1 ? arguments[1] : "inbox.db");
    String secret = System.getenv("CARILLON_WEBHOOK_SECRET");
    if (secret == null) {
      System.err.println("set CARILLON_WEBHOOK_SECRET; GET /v1/webhook-secret shows it");
      System.exit(2);
      return;
    }
    EventHandler handler =
        claim ->
            System.out.println(
                "event "
                    + claim.event().id()
                    + " "
                    + new String(claim.event().body(), StandardCharsets.UTF_8));

    var server = new CallbackServer(port, secret, inbox, handler);
    System.out.println("listening on http://127.0.0.1:" + server.port() + "/hook");
    if (System.getenv("CARILLON_URL") != null) {
      FeedReconciler reconciler = Carillon.fromEnv().reconciler("jdk-server", inbox).build();
      reconciler.start();
    }
  }
}
