package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.store.postgres.PostgresBench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that start at the same moment on a database that nothing is in.
final class FirstStartTest {
  private static final int NODES = 3;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final List<Door> nodes = new ArrayList<>();
  private String database = "";

  @BeforeEach
  void create() {
    database = PostgresBench.create();
  }

  @AfterEach
  void close() {
    nodes.forEach(Door::close);
    PostgresBench.drop(database);
  }

  @Test
  void one_of_them_makes_the_first_application_and_shows_its_token() throws Exception {
    var settings = Map.of("store", PostgresBench.server().url(database));
    var together = new CyclicBarrier(NODES);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var starting = new ArrayList<Future<Door>>();
      for (int i = 0; i < NODES; i++) {
        Path data = folder.resolve("node-" + i);
        starting.add(
            threads.submit(() -> {
              together.await();
              return new Door(data, settings);
            }));
      }
      for (Future<Door> node : starting) {
        nodes.add(node.get());
      }
    }

    List<String> tokens =
        nodes.stream().map(Door::token).filter(token -> !token.isEmpty()).toList();
    assertThat(tokens).hasSize(1);
    for (Door node : nodes) {
      assertThat(node.sendAs(tokens.getFirst(), "GET", "/v1/tasks", "").status()).isEqualTo(200);
      assertThat(node.admin("GET", "/applications", "").json().path("items")).hasSize(1);
      assertThat(node.admin("GET", "/accounts", "").json().path("items")).hasSize(1);
      assertThat(node.admin("GET", "/credentials", "").json().path("items")).hasSize(1);
    }
  }
}
