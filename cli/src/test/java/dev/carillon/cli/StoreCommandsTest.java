package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Gateway;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `carillon store …` on the file of a gateway that runs in this process, and of one that stopped.
final class StoreCommandsTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private record Ended(int code, String out, String err) {
    JsonNode json() {
      assertThat(code).as(err).isZero();
      return JsonMapper.shared().readTree(out);
    }
  }

  private static Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Ended store(String... arguments) {
    var all = new ArrayList<>(List.of("store"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", path("data")));
    return run(all.toArray(String[]::new));
  }

  private Gateway gateway() {
    return Wiring.start(
        Optional.empty(), Map.of("data", path("data"), "port", "0", "log-level", "error"));
  }

  @BeforeEach
  void live() {
    gateway().close();
  }

  private void execute(String statement) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + path("data/carillon.db"));
        var run = connection.createStatement()) {
      run.executeUpdate(statement);
    }
  }

  @Test
  void check_looks_at_the_file_of_a_running_gateway_too() {
    assertThat(store("check").out()).contains("applications: 1", "laws: ");
    try (var _ = gateway()) {
      JsonNode json = store("check", "--json").json();
      assertThat(json.path("sound").asBoolean()).isTrue();
      assertThat(json.at("/counts/credentials").asInt()).isEqualTo(1);
    }
  }

  @Test
  void a_broken_law_is_named_with_its_ids_and_ends_with_1() throws SQLException {
    execute("UPDATE account SET general_balance = general_balance + 1");

    Ended ended = store("check");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).containsPattern("broken: general-balance, 1 times.*\\R  [0-9a-f-]{36}");
    assertThat(store("check", "--json").out()).contains("\"sound\":false");
  }

  @Test
  void where_there_is_no_store_it_ends_with_4() {
    Ended ended = run("store", "check", "--data", path("nowhere"));

    assertThat(ended.code()).isEqualTo(4);
    assertThat(ended.err()).startsWith("carillon: there is no store in").hasLineCount(1);
    assertThat(Files.exists(folder.resolve("nowhere"))).isFalse();
  }

  @Test
  void migrate_tells_what_it_would_do_and_does_it() throws SQLException {
    assertThat(store("migrate", "--dry-run").out()).contains("is of the newest version");
    Ended would = run("store", "migrate", "--dry-run", "--data", path("new"));
    assertThat(would.out()).contains("would become");
    assertThat(Files.exists(folder.resolve("new"))).isFalse();

    Ended did = run("store", "migrate", "--data", path("new"));

    assertThat(did.out()).contains("became");
    assertThat(run("store", "check", "--data", path("new")).code()).isZero();
    execute("PRAGMA user_version = 999");
    assertThat(store("migrate").code()).isEqualTo(4);
    assertThat(store("check").code()).isEqualTo(3);
  }

  @Test
  void a_running_gateways_store_is_backed_up_and_not_moved() {
    try (var _ = gateway()) {
      assertThat(store("backup", path("copy.db")).code()).isZero();
      Ended moving = store("export", path("store.ndjson"));
      assertThat(moving.code()).isEqualTo(3);
      assertThat(moving.err()).contains("stop it first").hasLineCount(1);
      assertThat(Files.exists(folder.resolve("store.ndjson"))).isFalse();
      assertThat(store("migrate").code()).isEqualTo(3);
    }
    assertThat(store("check", path("copy.db"), "--json").json().path("sound").asBoolean()).isTrue();
  }

  @Test
  void a_file_carries_a_store_into_a_new_folder() throws IOException {
    assertThat(store("export", path("store.ndjson")).code()).isZero();
    assertThat(Files.readString(folder.resolve("store.ndjson")))
        .startsWith("{\"carillon_store\":1");
    assertThat(store("export", path("store.ndjson")).code()).isEqualTo(3);

    Ended imported =
        run("store", "import", path("store.ndjson"), "--data", path("other"), "--json");

    assertThat(imported.json().at("/tables/application").asInt()).isEqualTo(1);
    assertThat(run("store", "check", "--data", path("other")).code()).isZero();
    assertThat(run("store", "import", path("store.ndjson"), "--data", path("other")).err())
        .contains("not empty");
  }

  @Test
  void a_store_that_was_copied_starts_nowhere_else_until_it_is_opened_again() {
    assertThat(store("copy", "--to", path("other")).code()).isZero();

    Ended again = store("copy", "--to", path("third"));
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.err()).contains("this store was moved to").hasLineCount(1);
    Ended started = run("app", "list", "--data", path("data"));
    assertThat(started.code()).isNotZero();
    assertThat(started.err()).contains("this store was moved to").hasLineCount(1);
    assertThat(store("reopen").out()).contains("is open again");
    gateway().close();
  }
}
