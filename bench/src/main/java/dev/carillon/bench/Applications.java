package dev.carillon.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes applications, each with a token, by the admin API of a server under measure.
final class Applications {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Server server;
  private final Requests admin;

  /// @param data the server's data folder, where its admin token lies
  Applications(Server server, Path data) throws IOException {
    this.server = server;
    this.admin = new Requests(Files.readString(data.resolve("admin.token")).strip());
  }

  /// Makes some that are paid from the account's general balance.
  List<Requests> make(String name, int count) throws IOException {
    var made = new ArrayList<Requests>(count);
    try (var connection = new Connection(server.address(), TIMEOUT)) {
      for (int i = 0; i < count; i++) {
        var application =
            ask(connection, "/admin/v1/applications", "{\"name\":\"" + name + "-" + i + "\"}");
        var credential =
            ask(
                connection,
                "/admin/v1/credentials",
                "{\"application_id\":\"" + application.path("id").asString() + "\"}");
        made.add(new Requests(credential.path("token").asString()));
      }
    }
    return made;
  }

  private JsonNode ask(Connection connection, String path, String body) throws IOException {
    var answer = connection.exchange(admin.post(path, body));
    if (answer.status() != 201) {
      throw new IOException("the admin API said " + answer.text());
    }
    String text = answer.text();
    return JSON.readTree(
        text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.UTF_8));
  }
}
