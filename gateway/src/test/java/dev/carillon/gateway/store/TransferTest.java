package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.store.check.Checkup;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.store.postgres.PostgresStore;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.gateway.store.transfer.Backup;
import dev.carillon.gateway.store.transfer.LeapForward;
import dev.carillon.gateway.store.transfer.Schema;
import dev.carillon.gateway.store.transfer.StorePlace;
import dev.carillon.gateway.store.transfer.StorePlace.InFile;
import dev.carillon.gateway.store.transfer.Transfer;
import dev.carillon.gateway.store.transfer.TransferException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is refused when a store is moved, and that nothing is changed then.
final class TransferTest extends StoreLaws {
  private final Transfer transfer = new Transfer(UUID.randomUUID(), _ -> {});

  @Override
  Store open(Path folder, InstantSource clock, Ids ids) {
    return SqliteStore.open(folder.resolve("carillon.db"), SqliteConfig.defaults(), clock, ids);
  }

  @BeforeEach
  void make_a_token() {
    store
        .access()
        .createCredential(
            new Credential(credential, app, "n", "h4sh", "abc", Optional.empty(), false, START));
  }

  private StorePlace here() {
    return new InFile(place().resolve("carillon.db"));
  }

  private InFile there() {
    return new InFile(folder.resolve("there/carillon.db"));
  }

  private byte[] exported(StorePlace from) {
    var bytes = new ByteArrayOutputStream();
    transfer.export(from, bytes);
    return bytes.toByteArray();
  }

  private byte[] exportedAfterALife() {
    accept(order("2"));
    end();
    store.access().saveNotes(Map.of("n", new byte[] {0, 9, 10, 13, 92, -1}));
    store.access().createApplication(application(new ApplicationId(ids.next()), "1", true));
    store.close();
    return exported(here());
  }

  private void load(byte[] bytes) {
    transfer.load(new ByteArrayInputStream(bytes), there());
  }

  private void assertStillEmpty() {
    Schema.migrate(there());
    assertThat(Checkup.of(there().file()).counts().values()).allMatch(count -> count == 0);
  }

  @Test
  void a_file_brings_everything_into_a_new_store() {
    byte[] bytes = exportedAfterALife();

    load(bytes);

    assertThat(exported(there())).isEqualTo(bytes);
    assertThat(Checkup.of(there().file()).isSound()).isTrue();
  }

  @Test
  void a_file_that_ends_anywhere_else_than_at_its_end_changes_nothing() {
    byte[] bytes = exportedAfterALife();
    var random = new Random(7);

    for (int turn = 0; turn < 30; turn++) {
      byte[] torn = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      assertThatThrownBy(() -> load(torn)).isInstanceOf(TransferException.class);
    }

    assertStillEmpty();
  }

  @Test
  void a_file_with_one_changed_byte_changes_nothing() {
    byte[] bytes = exportedAfterALife();
    var random = new Random(7);

    for (int turn = 0; turn < 30; turn++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= 1;
      assertThatThrownBy(() -> load(damaged))
          .isInstanceOfAny(TransferException.class, StoreUnavailableException.class);
    }

    assertStillEmpty();
  }

  @Test
  void what_is_no_such_file_is_told_so() {
    assertThatThrownBy(() -> load("{}\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("no file of 'carillon store export'");
  }

  @Test
  void a_column_that_nobody_here_knows_is_not_dropped_silently() {
    String text = new String(exportedAfterALife(), StandardCharsets.UTF_8);
    String newer = text.replaceFirst("\"trace_id\"", "\"trace_colour\"");

    assertThatThrownBy(() -> load(newer.getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("does not know all");
    assertStillEmpty();
  }

  @Test
  void a_destination_with_anything_in_it_is_refused() {
    byte[] bytes = exportedAfterALife();
    load(bytes);

    assertThatThrownBy(() -> load(bytes))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("not empty")
        .hasMessageContaining("application has 2");
    assertThat(exported(there())).isEqualTo(bytes);
  }

  @Test
  void a_store_that_a_gateway_runs_on_is_neither_read_nor_written() {
    assertThatThrownBy(() -> exported(here())).hasMessageContaining("a gateway runs on");
    assertThatThrownBy(() -> transfer.copy(there(), here())).isInstanceOf(TransferException.class);
  }

  @Test
  void a_database_that_nodes_live_on_is_neither_read_nor_written() {
    store.close();
    String database = PostgresBench.create();
    StorePlace place = StorePlace.of(PostgresBench.server().url(database), Optional.empty());
    try (var node = PostgresStore.open(PostgresBench.config(database), clock, ids)) {
      assertThat(node.ready()).isTrue();
      assertThatThrownBy(() -> exported(place))
          .hasMessageContaining("gateways run on this database");
      assertThatThrownBy(() -> transfer.copy(here(), place))
          .hasMessageContaining("gateways run on this database");
    }
    assertThat(transfer.copy(here(), place).total()).isPositive();
    PostgresBench.drop(database);
  }

  @Test
  void a_backup_is_made_while_the_gateway_runs_and_holds_what_was_answered() throws Exception {
    accept(order("2"));
    Path copy = folder.resolve("copy.db");

    long bytes = Backup.write(here(), copy);

    assertThat(Files.size(copy)).isEqualTo(bytes).isPositive();
    assertThat(Checkup.of(copy).isSound()).isTrue();
    assertThat(Checkup.of(copy).counts()).containsEntry("open_tasks", 1L);
    assertThatThrownBy(() -> Backup.write(here(), copy)).hasMessageContaining("there already");
    assertThat(balance()).isEqualTo(Money.ofCredits("8"));
  }

  /// A reader holds a place that the store it came from had given, and the restored one had not
  /// yet.
  @Test
  void after_a_restore_no_reader_passes_over_anything() throws Exception {
    accept(order("1"));
    Path backup = folder.resolve("copy.db");
    Backup.write(here(), backup);
    accept(order("1"));
    accept(order("1"));
    long held = store.feed().feedEnd(app);
    store.close();
    for (String file : new String[] {"carillon.db-wal", "carillon.db-shm", "carillon.db"}) {
      Files.deleteIfExists(place().resolve(file));
    }
    Files.copy(backup, place().resolve("carillon.db"));

    LeapForward.run(here());

    reopen();
    Task next = accept(order("1"));
    assertThat(store.feed().feedEnd(app)).isGreaterThan(held);
    assertThat(store.tasks().events(next.id(), 0, 10).getFirst().position())
        .isGreaterThan(1_000_000_000L);
  }

  @Test
  void the_feeds_of_a_restored_database_go_on_further_ahead() {
    String database = PostgresBench.create();
    StorePlace place = StorePlace.of(PostgresBench.server().url(database), Optional.empty());
    store.close();
    transfer.copy(here(), place);
    LeapForward.run(place);

    try (var node = PostgresStore.open(PostgresBench.config(database), clock, ids)) {
      assertThat(node.tasks().accept(order("1"))).isNotNull();
      assertThat(node.feed().feedEnd(app)).isGreaterThan(1_000_000_000L);
      assertThatThrownBy(() -> LeapForward.run(place)).hasMessageContaining("gateways run");
    }
    PostgresBench.drop(database);
  }
}
