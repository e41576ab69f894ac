package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.gateway.store.check.Report;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.store.transfer.StorePlace;
import dev.carillon.gateway.store.transfer.Transfer;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A gateway's store moves to PostgreSQL and back, with tasks in every state, and whoever waited
/// for something gets it there.
final class MoveTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PATH = "/midjourney/imagine";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "callback.allow-http", "true",
          "callback.allow-private", "true",
          "engine.running-tasks", "3");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final Receiver receiver = Receiver.start();
  private final Transfer transfer = new Transfer(UUID.randomUUID(), _ -> {});
  private final Map<String, String> ids = new HashMap<>();
  private String database = "";

  @BeforeEach
  void create() {
    database = PostgresBench.create();
    receiver.statuses("/down", 503);
  }

  @AfterEach
  void drop() {
    receiver.close();
    PostgresBench.drop(database);
  }

  private StorePlace file(String name) {
    return StorePlace.of(folder.resolve(name).toString(), Optional.empty());
  }

  private StorePlace postgres() {
    return StorePlace.of(PostgresBench.server().url(database), Optional.empty());
  }

  /// The key of signing secrets is in the old folder, and moves on its own.
  private String secretsKey() throws IOException {
    return Files.readString(folder.resolve("data").resolve("secrets.key")).strip();
  }

  private Door onPostgres(String token) throws IOException {
    var settings = new HashMap<>(SETTINGS);
    settings.put("secrets.key", secretsKey());
    settings.put("store", PostgresBench.server().url(database));
    return new Door(folder.resolve("node"), settings, token);
  }

  private Map<String, String> keyless() {
    var settings = new HashMap<>(SETTINGS);
    settings.put("store", PostgresBench.server().url(database));
    return settings;
  }

  private void submit(Door door, String name, String words, String more, String... headers) {
    String body = "{\"prompt\":\"[[sandbox %s]] a cat\",\"async\":true%s}".formatted(words, more);
    Answer answer = door.post(PATH, body, headers);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    ids.put(name, answer.text("/task_id"));
  }

  private String callback(String path) {
    return ",\"callback_url\":\"" + receiver.url(path) + "\"";
  }

  private String id(String name) {
    return Optional.ofNullable(ids.get(name)).orElseThrow();
  }

  private static String state(Door door, String id) {
    return door.get("/v1/tasks/" + id).text("/state");
  }

  private void awaitState(Door door, String name, String state) {
    Await.until(name + " is " + state, SOON, () -> state(door, id(name)).equals(state));
  }

  /// Tasks in every state a sandbox brings about, deliveries that wait and that came, a key, an
  /// endpoint, two applications, money.
  private String fill(Door door) {
    submit(door, "done", "take=0", callback("/up"), "Idempotency-Key", "k1");
    submit(door, "unheard", "take=0", callback("/down"));
    submit(door, "failed", "fail=forbidden", "");
    submit(door, "expired", "hang", "", "Carillon-Finish-By", "1s");
    submit(door, "cancelled", "hang", "");
    for (String ended : List.of("done", "unheard", "failed", "expired")) {
      door.ended(id(ended));
    }
    door.post("/v1/tasks/" + id("cancelled") + "/cancel", "{}");
    awaitState(door, "cancelled", "cancelled");
    submit(door, "unknown", "lost", "");
    awaitState(door, "unknown", "indeterminate");
    submit(door, "running", "take=4s", callback("/up"));
    submit(door, "hanging", "hang", "");
    submit(door, "also", "take=4s", "");
    submit(door, "queued", "take=0", callback("/up"));
    awaitState(door, "running", "running");
    door.post("/v1/endpoints", "{\"url\":\"" + receiver.url("/endpoint") + "\"}");
    var _ = awaitDown(1);
    String place = door.get("/v1/events?limit=7").text("/next");
    assertThat(door.put("/v1/consumers/reader", "{\"cursor\":\"" + place + "\"}").status())
        .isEqualTo(200);
    return secondToken(door);
  }

  /// The token of a second application, which has an ended task too.
  private String secondToken(Door door) {
    String application =
        door.admin(
                "POST",
                "/applications",
                "{\"name\":\"second\",\"service\":\"midjourney\",\"credit\":\"5\"}")
            .text("/id");
    String token =
        door.admin("POST", "/credentials", "{\"application_id\":\"" + application + "\"}")
            .text("/token");
    String body = "{\"prompt\":\"[[sandbox take=0]] a dog\"}";
    assertThat(door.sendAs(token, "POST", PATH, body).status()).isEqualTo(200);
    return token;
  }

  private List<Received> awaitDown(int count) {
    try {
      return receiver.await("/down", count, SOON);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  /// Each table's rows, each row's values by the names of its columns.
  private Map<String, Set<String>> content(StorePlace place) {
    var bytes = new ByteArrayOutputStream();
    transfer.export(place, bytes);
    var rows = new TreeMap<String, Set<String>>();
    var columns = new HashMap<String, List<String>>();
    String table = "";
    for (String line : bytes.toString(StandardCharsets.UTF_8).lines().toList()) {
      JsonNode json = JsonMapper.shared().readTree(line);
      if (json.has("tables")) {
        json.path("tables")
            .forEach(one ->
                columns.put(
                    one.path("name").asString(),
                    new ArrayList<>(one.path("columns").propertyNames())));
      } else if (json.has("table")) {
        table = json.path("table").asString();
      } else if (json.isArray()) {
        var row = new TreeMap<String, String>();
        List<String> names = Optional.ofNullable(columns.get(table)).orElseThrow();
        for (int i = 0; i < names.size(); i++) {
          row.put(names.get(i), json.get(i).toString());
        }
        rows.computeIfAbsent(table, _ -> new TreeSet<>()).add(row.toString());
      }
    }
    return rows;
  }

  private static void assertSound(StorePlace place) {
    Report report = Upkeep.check(place);
    assertThat(report.laws()).hasSizeGreaterThan(20).allMatch(law -> law.broken() == 0);
    assertThat(report.isSound()).isTrue();
  }

  private static String balances(Door door) {
    return door.admin("GET", "/balances", "").json().toString();
  }

  private static String[] last(List<String> texts) {
    assertThat(texts).isNotEmpty();
    return texts.toArray(String[]::new);
  }

  private static List<String> feed(Door door, String after) {
    var seen = new ArrayList<String>();
    door.get("/v1/events?limit=1000&" + after)
        .json()
        .path("items")
        .forEach(item -> seen.add(item.at("/event/id").asString() + item.at("/event/type")));
    return seen;
  }

  @Test
  void a_store_moves_to_postgres_and_back_and_everything_goes_on() throws Exception {
    String token;
    String second;
    List<String> told;
    try (var door = new Door(folder.resolve("data"), SETTINGS)) {
      token = door.token();
      second = fill(door);
      told = feed(door, "after=0");
      assertThat(told).hasSizeGreaterThan(5);
    }
    String callback = awaitDown(1).getFirst().header("webhook-id").orElseThrow();
    assertSound(file("data"));
    Map<String, Set<String>> before = content(file("data"));

    transfer.copy(file("data"), postgres());

    assertSound(postgres());
    assertThat(content(postgres())).isEqualTo(before);
    assertThatThrownBy(() -> new Door(folder.resolve("data"), SETTINGS))
        .hasMessageContaining("this store was moved to " + postgres());
    assertThatThrownBy(() -> content(file("data"))).hasMessageContaining("was moved");
    assertThatThrownBy(() -> new Door(folder.resolve("keyless"), keyless(), token))
        .hasMessageContaining("secrets");
    receiver.statuses("/down", 200);
    try (var door = onPostgres(token)) {
      assertThat(feed(door, "after=0").subList(0, told.size())).isEqualTo(told);
      assertThat(feed(door, "consumer=reader")).doesNotContain(told.getFirst());
      submit(door, "first there", "take=0", "");
      goOn(door);
      assertThat(awaitDown(2).getLast().header("webhook-id")).contains(callback);
      assertThat(door.sendAs(second, "GET", "/v1/tasks", "").json().path("items")).hasSize(1);
      assertThat(
              door.sendAs(second, "POST", PATH, "{\"prompt\":\"[[sandbox take=0]] a bird\"}")
                  .status())
          .isEqualTo(200);
    }
    assertSound(postgres());
    backAgain(token, second);
  }

  private void goOn(Door door) throws InterruptedException {
    for (String open : List.of("running", "also", "queued")) {
      assertThat(door.ended(id(open)).path("state").asString()).isEqualTo("succeeded");
    }
    for (String stuck : List.of("hanging", "unknown")) {
      door.post("/v1/tasks/" + id(stuck) + "/cancel", "{}");
    }
    awaitState(door, "hanging", "cancelled");
    assertThat(receiver.await("/up", 3, SOON)).hasSize(3);
    submit(door, "again", "take=0", callback("/up"), "Idempotency-Key", "k1");
    assertThat(id("again")).isEqualTo(id("done"));
    Await.until(
        "all is sent",
        SOON,
        () -> door.get("/metrics").response().body().contains("carillon_deliveries_pending 0"));
  }

  /// Both applications have feeds that give the same places by now.
  private void backAgain(String token, String second) throws IOException {
    StorePlace back = file("back");
    Map<String, Set<String>> there = content(postgres());

    transfer.copy(postgres(), back);

    assertThat(Transfer.reopen(postgres())).contains(back.toString());
    assertSound(back);
    Map<String, Set<String>> here = content(back);
    assertThat(here.keySet()).isEqualTo(there.keySet());
    there.forEach((table, rows) -> assertThat(here.get(table)).as(table).hasSameSizeAs(rows));
    Files.copy(folder.resolve("data/secrets.key"), folder.resolve("back/secrets.key"));
    try (var node = onPostgres(token);
        var door = new Door(folder.resolve("back"), SETTINGS, token)) {
      String secret = door.get("/v1/webhook-secret").text("/secret");
      assertThat(secret).startsWith("whsec_");
      assertThat(node.get("/v1/webhook-secret").text("/secret")).isEqualTo(secret);
      assertThat(balances(door)).isEqualTo(balances(node));
      assertThat(feed(door, "after=0")).isEqualTo(feed(node, "after=0"));
      assertThat(feed(door, "consumer=reader")).isEqualTo(feed(node, "consumer=reader"));
      String held = node.get("/v1/events?limit=9").text("/next");
      assertThat(feed(door, "after=" + held)).endsWith(last(feed(node, "after=" + held)));
      assertThat(door.sendAs(second, "GET", "/v1/tasks", "").json().path("items")).hasSize(2);
      submit(door, "new", "take=0", "");
      assertThat(door.ended(id("new")).path("state").asString()).isEqualTo("succeeded");
    }
    assertSound(back);
  }
}
