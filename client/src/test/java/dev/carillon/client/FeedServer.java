package dev.carillon.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// A feed of events over HTTP as the gateway serves it, three items a page.
final class FeedServer implements AutoCloseable {
  private static final int PAGE = 3;

  final List<String> events = new CopyOnWriteArrayList<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final Map<String, Integer> consumers = new ConcurrentHashMap<>();

  /// Statuses that the next requests are answered with instead.
  final Queue<Integer> faults = new ConcurrentLinkedQueue<>();

  private final HttpServer server;

  FeedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/", this::serve);
    server.createContext("/suno/", FeedServer::open);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void add(String id) {
    events.add(
        "{ \"id\": \"" + id + "\",  \"type\":\"task.succeeded\", \"data\":{\"ü\":[1, {}]} }");
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      Integer fault = faults.poll();
      if (fault != null) {
        answer(exchange, fault, "{\"error\":{\"code\":\"unavailable\",\"message\":\"no\"}}");
      } else if (exchange.getRequestMethod().equals("PUT")) {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        consumers.put(
            path.substring(path.lastIndexOf('/') + 1),
            Integer.parseInt(body.replaceAll("[^0-9]", "")));
        answer(exchange, 200, body);
      } else {
        answer(exchange, 200, page(query(exchange.getRequestURI())));
      }
    }
  }

  private String page(Map<String, String> query) {
    int after =
        Optional.ofNullable(query.get("after"))
            .map(Integer::valueOf)
            .orElseGet(() -> consumers.getOrDefault(query.getOrDefault("consumer", ""), 0));
    var items = new StringBuilder();
    int to = Math.min(events.size(), after + PAGE);
    for (int i = after; i < to; i++) {
      items.append(i == after ? "" : ",");
      items.append("{\"cursor\":\"" + (i + 1) + "\",\"event\":" + events.get(i) + "}");
    }
    return "{\"items\":["
        + items
        + "],\"new\":{\"x\":[]},\"next\":\""
        + to
        + "\",\"more\":"
        + (to < events.size())
        + "}";
  }

  /// A task that never ends by itself.
  private static void open(HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(exchange, 200, "{\"items\":[{\"id\":\"t1\",\"response\":{}}]}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> query(URI uri) {
    var query = new HashMap<String, String>();
    for (String pair : uri.getRawQuery().split("&", -1)) {
      int equals = pair.indexOf('=');
      query.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
