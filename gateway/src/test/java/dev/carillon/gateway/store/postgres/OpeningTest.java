package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.sql.PostgresUrl;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What opening a database does: making it, meeting other nodes, and saying what is wrong.
final class OpeningTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private final Ids ids = new Ids(CLOCK, new Random(1));
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void many_nodes_may_start_at_once_on_an_empty_database() throws Exception {
    List<Callable<PostgresStore>> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starts.add(() -> PostgresStore.open(PostgresBench.config(database), CLOCK, ids));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<PostgresStore> started : threads.invokeAll(starts)) {
        try (PostgresStore node = started.get()) {
          assertThat(node.ready()).isTrue();
        }
      }
    }
  }

  @Test
  void a_database_of_a_newer_gateway_is_refused() {
    PostgresStore.open(PostgresBench.config(database), CLOCK, ids).close();
    PostgresBench.execute(database, "INSERT INTO carillon_schema (version) VALUES (999)");

    assertThatThrownBy(() -> PostgresStore.open(PostgresBench.config(database), CLOCK, ids))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("made by a newer Carillon");
  }

  @Test
  void a_database_that_is_not_there_is_named_without_its_password() {
    var url = PostgresUrl.parse("postgresql://me:s3cret@127.0.0.1:1/nowhere");

    assertThatThrownBy(() -> PostgresStore.open(PostgresConfig.of(url), CLOCK, ids))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("postgresql://me@127.0.0.1:1/nowhere")
        .hasMessageNotContaining("s3cret");
  }
}
