package dev.carillon.acceptance.proof;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// The callers' server: writes down every callback, and now and then is rude to the first attempt.
final class Callbacks implements AutoCloseable {
  private final Receiver receiver;
  private final History history;
  private final long seed;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private volatile String address;
  private volatile Runnable watcher = () -> {};

  Callbacks(History history, long seed) {
    this.history = history;
    this.seed = seed;
    this.receiver = Receiver.start();
    this.address = "http://127.0.0.1:" + receiver.port();
    receiver.otherwise(this::react);
  }

  int port() {
    return receiver.port();
  }

  void reachedAt(String base) {
    address = base;
  }

  String url(String key) {
    return address + "/" + key;
  }

  /// Is told of each callback before it is answered.
  void watch(Runnable listener) {
    watcher = listener;
  }

  /// Whether a callback of this request came.
  boolean has(String key) {
    return seen.contains(key);
  }

  private Reaction react(Received request) {
    JsonNode body = History.read(request.text());
    String key = request.path().substring(1);
    boolean first = seen.add(key);
    Reaction reaction = first ? manners(key) : Reaction.status(200);
    history.note(
        "callback",
        "key",
        key,
        "task",
        body.path("task_id").asString(""),
        "id",
        request.header("webhook-id").orElse(""),
        "bytes",
        History.digest(request.body()),
        "status",
        reaction instanceof Reaction.Answer answer ? answer.status() : 0);
    watcher.run();
    return reaction;
  }

  private Reaction manners(String key) {
    return switch (new Random(seed ^ key.hashCode()).nextInt(40)) {
      case 0 -> new Reaction.Close();
      case 1 -> new Reaction.Reset();
      case 2, 3 -> Reaction.status(500);
      default -> Reaction.status(200);
    };
  }

  @Override
  public void close() {
    receiver.close();
  }
}
