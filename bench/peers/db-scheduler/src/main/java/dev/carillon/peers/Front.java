package dev.carillon.peers;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/// Takes orders by HTTP, as little as a service can do that others call: it knows the token by its
/// hash, reads the request, keeps the order and answers with its id. The server and the reader of
/// JSON are those that our gateway uses.
final class Front {
  private static final String TOKEN = "peer";

  /// As many as there are, so that hardly ever two orders under way are paid from the same.
  private static final int ACCOUNTS = 1_000;
  private static final String BEARER = "Bearer ";

  private final Set<String> tokens = Set.of(hash(TOKEN));
  private final JsonMapper json = JsonMapper.shared();
  private final AtomicInteger next = new AtomicInteger();
  private final Taking taking;

  private Front(Taking taking) {
    this.taking = taking;
  }

  /// Takes an order.
  @FunctionalInterface
  interface Taking {
    /// @param now whether it is due at once, rather than in hours
    void take(UUID id, boolean now, int account, String request);
  }

  /// Listens.
  ///
  /// @return running; its port is a free one
  static WebServer open(Taking taking) {
    Handler handler = new Front(taking)::answer;
    return WebServer.builder()
        .host("127.0.0.1")
        .port(0)
        .useNio(false)
        .shutdownHook(false)
        .connectionOptions(options -> options.tcpNoDelay(true))
        .routing(routing -> routing.post("/*", handler))
        .build()
        .start();
  }

  private void answer(ServerRequest request, ServerResponse response) {
    var bearer = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
    if (!bearer.startsWith(BEARER) || !tokens.contains(hash(bearer.substring(BEARER.length())))) {
      response.status(Status.UNAUTHORIZED_401).send();
      return;
    }
    var body = request.content().as(byte[].class);
    var order = json.readTree(body);
    if (!order.path("prompt").isString()) {
      response.status(Status.BAD_REQUEST_400).send();
      return;
    }
    var id = UUID.randomUUID();
    int account = Math.floorMod(next.getAndIncrement(), ACCOUNTS);
    taking.take(
        id, order.has("callback_url"), account, new String(body, StandardCharsets.UTF_8));
    var answer = json.createObjectNode().put("success", true).put("task_id", id.toString());
    answer.put("trace_id", UUID.randomUUID().toString());
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(json.writeValueAsBytes(answer));
  }

  private static String hash(String token) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
