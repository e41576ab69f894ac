package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteDataSource;

@Timeout(60)
final class TaskJournalTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  static Path folder;

  private final Receiver server = Receiver.start();
  private final Carillon carillon = Carillon.at(server.url(""), "token");

  @AfterEach
  void close() {
    server.close();
  }

  private static Reaction json(int status, String body) {
    return new Reaction.Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  private static TaskJournal.Entry entry(String key) {
    return new TaskJournal.Entry(key, "suno", "audios", "{\"prompt\":\"ü\"}", "");
  }

  static Stream<TaskJournal> journals() {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve(UUID.randomUUID() + ".db"));
    return Stream.of(
        new MemoryTaskJournal(),
        new FileTaskJournal(folder.resolve(UUID.randomUUID() + ".jsonl")),
        new JdbcTaskJournal(database));
  }

  @ParameterizedTest
  @MethodSource("journals")
  void what_is_begun_is_open_until_it_is_done(TaskJournal journal) {
    journal.begin(entry("b"));
    journal.begin(entry("a"));
    journal.submitted("b", "t1");

    assertThat(journal.open()).containsExactly(entry("b").withTask("t1"), entry("a"));
    journal.done("b");
    journal.done("unknown");
    assertThat(journal.open()).containsExactly(entry("a"));
    journal.done("a");
    assertThat(journal.open()).isEmpty();
  }

  @Test
  void a_file_lasts_over_a_program_that_died_within_a_line() throws IOException {
    Path file = folder.resolve("died.jsonl");
    try (var journal = new FileTaskJournal(file)) {
      journal.begin(entry("a"));
      journal.submitted("a", "t1");
      journal.begin(entry("b"));
      assertThatThrownBy(() -> new FileTaskJournal(file))
          .isInstanceOf(TaskJournalException.class)
          .hasMessageContaining("another program");
    }
    Files.writeString(file, "{\"key\":\"b\",\"ta", StandardOpenOption.APPEND);

    try (var journal = new FileTaskJournal(file)) {
      assertThat(journal.open()).containsExactly(entry("a").withTask("t1"), entry("b"));
      journal.done("a");
      journal.done("b");
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void after_a_crash_known_tasks_are_taken_up_and_unknown_ones_looked_for_by_their_key()
      throws Exception {
    server.on("/suno/tasks", json(200, "{\"id\":\"t2\",\"response\":{}}"), json(200, "{}"));
    server.on("/suno/audios", json(200, "{\"success\":true,\"task_id\":\"t3\"}"));
    var journal = new MemoryTaskJournal();
    List.of("one", "two", "three").forEach(key -> journal.begin(entry(key)));
    journal.submitted("one", "t1");

    List<TaskHandle> handles = carillon.withJournal(journal).resumeAll();

    assertThat(handles.stream().map(TaskHandle::id)).containsExactly("t1", "t2", "t3");
    assertThat(server.received("/suno/audios")).hasSize(1);
    var sent = server.received("/suno/audios").getFirst();
    assertThat(sent.header("idempotency-key")).contains("three");
    assertThat(sent.text()).contains("ü");
    handles.forEach(TaskHandle::done);
    assertThat(journal.open()).isEmpty();
  }

  @Test
  void a_task_stands_in_the_journal_before_it_is_sent_and_not_after_it_was_refused()
      throws Exception {
    var journal = new MemoryTaskJournal();
    server.on("/suno/audios", new Reaction.Reset());
    server.on("/suno/tasks", json(500, "{}"));
    Carillon keeping = carillon.withJournal(journal);

    assertThatThrownBy(() -> keeping.submit("suno", "audios", Map.of("prompt", "x")))
        .isInstanceOf(CarillonException.class);
    assertThat(journal.open()).hasSize(1);

    server.on("/suno/lyrics", json(400, "{\"error\":{\"code\":\"bad_request\"}}"));
    assertThatThrownBy(() -> keeping.submit("suno", "lyrics", Map.of("prompt", "x")))
        .isInstanceOf(ServiceException.BadRequest.class);
    assertThat(journal.open()).hasSize(1);
  }
}
