package dev.carillon.acceptance.proof;

import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Some nodes on one store, with a provider and a receiver of callbacks beside them.
final class House implements AutoCloseable {
  static final String CREDIT = "1000000";

  private static final Pattern TOKEN =
      Pattern.compile("Authorization: Bearer ([A-Za-z0-9._~+/=-]+)");
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Run run;
  private final Upstream upstream;
  private final Callbacks callbacks;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, String> settings = new HashMap<>();
  private final Map<String, String> wishes = new HashMap<>();
  private Upstream.Way way = Upstream.Way.FIND;
  private String settled = "5s";
  private Optional<Caller> caller = Optional.empty();

  House(Run run) {
    this.run = run;
    this.upstream = new Upstream(run.history());
    this.callbacks = new Callbacks(run.history(), run.options().seed());
    settings.put("CARILLON_SANDBOX_SPEED", "1000");
    settings.put("CARILLON_LOG_LEVEL", "info");
    settings.put("CARILLON_FIRST_CREDIT", CREDIT);
    settings.put("CARILLON_ADMIN_TOKEN", "the-operator-of-the-proof");
    settings.put("CARILLON_CALLBACK_ALLOW_PRIVATE", "true");
    settings.put("CARILLON_CALLBACK_CIRCUIT_PAUSE", "300ms");
    settings.put("CARILLON_CALLBACK_RETRIES", "1s,".repeat(20) + "1s");
    settings.put("CARILLON_CALLBACK_PER_ORIGIN", "200");
    settings.put("CARILLON_CALLBACK_PER_DESTINATION", "200");
    settings.put("CARILLON_ACCESS_CREATE_PER_SECOND", "100000");
    settings.put("CARILLON_ACCESS_CREATE_BURST", "100000");
    settings.put("CARILLON_ACCESS_QUERY_PER_SECOND", "100000");
    settings.put("CARILLON_ACCESS_QUERY_BURST", "100000");
    settings.put("CARILLON_ASSET_ALLOW_PRIVATE", "true");
    settings.put("CARILLON_ASSET_FOLDER", run.folder().resolve("assets").toString());
    settings.put("PROOF_KEY", "a-key");
  }

  /// Another setting of the nodes to come.
  House with(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /// What every request that creates a task asks for in a header.
  House asking(String header, String value) {
    wishes.put(header, value);
    return this;
  }

  /// What the provider of the nodes to come offers.
  House offering(Upstream.Way offer, String settledAfter) {
    way = offer;
    settled = settledAfter;
    return this;
  }

  /// Adds nodes that are alike, and starts them.
  ///
  /// @param store empty for SQLite
  House nodes(int count, String store) {
    for (int i = 0; i < count; i++) {
      start(node(store, "127.0.0.1", List.of(), Map.of()));
    }
    return this;
  }

  /// Adds a node, which is not started yet.
  ///
  /// @param more settings of this one alone
  Node node(String store, String host, List<String> prefix, Map<String, String> more) {
    var environment = new HashMap<>(settings);
    environment.putIfAbsent("PROOF_URL", upstream.address());
    if (!store.isEmpty()) {
      environment.put("CARILLON_STORE", store);
    }
    environment.putAll(more);
    Path folder = run.folder().resolve("node-" + nodes.size());
    var setting = new Node.Setting(host, prefix, environment);
    Node node = new Node(nodes.size(), folder, setting, run.history());
    upstream.define(node.data(), way, settled);
    nodes.add(node);
    return node;
  }

  /// Starts a node; the first one tells the token.
  void start(Node node) {
    node.begin();
    if (caller.isEmpty()) {
      caller = Optional.of(new Caller(Await.value("a token", SOON, () -> token(node)), wishes));
    }
  }

  private static Optional<String> token(Node node) {
    Matcher matcher = TOKEN.matcher(node.logText());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  List<Node> nodes() {
    return nodes;
  }

  Node node(int number) {
    return nodes.get(number);
  }

  Node any(Random random) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  Caller caller() {
    return caller.orElseThrow();
  }

  Upstream upstream() {
    return upstream;
  }

  Callbacks callbacks() {
    return callbacks;
  }

  Run run() {
    return run;
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    upstream.close();
    callbacks.close();
  }
}
