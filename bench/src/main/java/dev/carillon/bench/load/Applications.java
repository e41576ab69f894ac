package dev.carillon.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes applications, each with a token, by the admin API of a server under measure.
public final class Applications {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int CLIENTS = 16;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Server server;
  private final Requests admin;

  /// @param data the server's data folder, where its admin token lies
  public Applications(Server server, Path data) throws IOException {
    this.server = server;
    this.admin = new Requests(Files.readString(data.resolve("admin.token")).strip());
  }

  /// Makes some that are paid from the account's general balance.
  public List<Requests> make(String name, int count) throws IOException {
    return make(name, count, "");
  }

  /// Makes some of one service that are paid from a balance of their own, which no measure uses up.
  public List<Requests> makePaid(String name, String service, int count) throws IOException {
    return make(name, count, ",\"service\":\"" + service + "\",\"credit\":1000000");
  }

  private List<Requests> make(String name, int count, String more) throws IOException {
    var made = new ConcurrentLinkedQueue<Requests>();
    var next = new AtomicInteger();
    var failed = new ConcurrentLinkedQueue<IOException>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < Math.min(CLIENTS, count); client++) {
        threads.execute(() -> {
          try (var connection = new Connection(server.address(), TIMEOUT)) {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
              String id = application(connection, name + "-" + i, more);
              made.add(token(connection, id, "").requests());
            }
          } catch (IOException failure) {
            failed.add(failure);
          }
        });
      }
    }
    if (made.size() < count) {
      throw new IOException(
          "only %d of %d applications were made".formatted(made.size(), count), failed.peek());
    }
    return List.copyOf(made);
  }

  /// A token and the id it is known by.
  public record Token(String id, Requests requests) {}

  /// Makes one with a token.
  public Token one(String name) throws IOException {
    try (var connection = new Connection(server.address(), TIMEOUT)) {
      return token(connection, application(connection, name, ""), "");
    }
  }

  /// Makes one with every limit that can be set, none of which is reached.
  public Requests limited(String name, String service) throws IOException {
    try (var connection = new Connection(server.address(), TIMEOUT)) {
      String id = application(connection, name, "");
      String limits =
          "\"create_per_second\":1000000,\"create_burst\":1000000,\"open_tasks\":1000000,"
              + "\"running_tasks\":1000000";
      ask(
          connection,
          "PATCH /admin/v1/applications/" + id + "/limits",
          "{" + limits + ",\"services\":{\"" + service + "\":{" + limits + "}}}");
      return token(connection, id, ",\"limited_amount\":100000000").requests();
    }
  }

  /// Takes a token back.
  public void revoke(Token token) throws IOException {
    try (var connection = new Connection(server.address(), TIMEOUT)) {
      ask(connection, "DELETE /admin/v1/credentials/" + token.id(), "");
    }
  }

  private String application(Connection connection, String name, String more) throws IOException {
    return ask(connection, "POST /admin/v1/applications", "{\"name\":\"" + name + "\"" + more + "}")
        .path("id")
        .asString();
  }

  private Token token(Connection connection, String application, String more) throws IOException {
    var made =
        ask(
            connection,
            "POST /admin/v1/credentials",
            "{\"application_id\":\"" + application + "\"" + more + "}");
    return new Token(made.path("id").asString(), new Requests(made.path("token").asString()));
  }

  private JsonNode ask(Connection connection, String target, String body) throws IOException {
    return JSON.readTree(connection.ask(admin.send(target, "", body)));
  }
}
