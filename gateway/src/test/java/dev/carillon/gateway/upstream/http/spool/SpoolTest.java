package dev.carillon.gateway.upstream.http.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What large answers cost in memory.
class SpoolTest {
  private static final int LARGE = 48 << 20;

  /// A few buffers and the JSON around the text; a copy of the text alone would be 48 MiB.
  private static final long MOST_ALLOCATED = 4 << 20;

  @TempDir Path folder;

  /// So many times the letter A.
  private static InputStream letters(int count) {
    return new InputStream() {
      private int left = count;

      @Override
      public int read() {
        return left-- > 0 ? 'A' : -1;
      }

      @Override
      public int read(byte[] into, int from, int length) {
        int read = Math.min(length, left);
        for (int i = 0; i < read; i++) {
          into[from + i] = 'A';
        }
        left -= read;
        return read == 0 && length > 0 ? -1 : read;
      }
    };
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static InputStream json() {
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(text("{\"data\":[{\"b64\":\""), letters(LARGE), text("\"}]}"))));
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private void takeAndGiveOn(Spool spool, InputStream body, boolean isJson, int bytes)
      throws IOException, InterruptedException {
    Spool.Taken taken = spool.take("task", body, isJson);
    String mark =
        taken
            .mark()
            .orElseGet(
                () -> new String(taken.plain(), StandardCharsets.US_ASCII).split("\"", -1)[5]);
    try (InputStream in = spool.bytes("task", mark)) {
      assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(bytes);
    }
    spool.forget("task");
  }

  @Test
  void a_large_answer_is_never_in_memory_whether_as_base64_or_as_bytes() throws Exception {
    var spool = new Spool(folder, Spool.Limits.DEFAULTS);
    takeAndGiveOn(spool, json(), true, LARGE / 4 * 3); // the classes are loaded now

    long before = allocated();
    takeAndGiveOn(spool, json(), true, LARGE / 4 * 3);
    long asText = allocated() - before;
    takeAndGiveOn(spool, letters(LARGE), false, LARGE);
    long asBytes = allocated() - before - asText;

    assertThat(asText).isLessThan(MOST_ALLOCATED);
    assertThat(asBytes).isLessThan(MOST_ALLOCATED);
    spool.close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_mark_of_another_task_opens_nothing() throws Exception {
    var spool = new Spool(folder, Spool.Limits.DEFAULTS);
    String mark = spool.take("task", letters(1_000_000), false).mark().orElseThrow();

    assertThatThrownBy(() -> spool.bytes("other", mark).readAllBytes())
        .hasMessage("the answer's bytes are no base64");
    assertThat(spool.inlined("other", mark)).isEqualTo(mark);
  }

  @Test
  void a_place_is_held_from_the_asking_until_the_turn_is_over() throws Exception {
    var spool = new Spool(folder, new Spool.Limits(1 << 20, 1));
    assertThat(spool.enter("one")).isTrue();
    assertThat(spool.enter("one")).isTrue();
    assertThat(spool.enter("two")).isFalse();

    spool.take("one", letters(1_000_000), false);
    assertThat(spool.enter("two")).isFalse();

    spool.forget("one");
    spool.forget("one");
    assertThat(spool.enter("two")).isTrue();
    assertThat(spool.enter("one")).isFalse();
  }

  @Test
  void nobody_enters_while_the_disk_is_nearly_full() {
    var spool = new Spool(folder, new Spool.Limits(1 << 20, 4, Long.MAX_VALUE));

    assertThat(spool.enter("one")).isFalse();
    assertThatThrownBy(() -> spool.take("one", letters(1_000_000), false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("free");
    spool.close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void all_answers_together_have_so_much_of_the_disk_and_each_gets_all_of_its_own_first()
      throws Exception {
    int most = 1_000_000;
    var spool = new Spool(folder, new Spool.Limits(most, 9, 0, new Spool.InAll(2L * most, 0)));
    assertThat(spool.enter("one")).isTrue();
    assertThat(spool.enter("two")).isTrue();
    assertThat(spool.enter("three")).isFalse();

    spool.take("one", letters(300_000), false);
    assertThat(spool.enter("three")).isFalse();
    spool.take("two", letters(300_000), false);
    assertThat(spool.enter("three")).isTrue();

    assertThat(spool.enter("one")).as("a second answer of its own").isFalse();
    spool.forget("three");
    assertThat(spool.enter("one")).isTrue();
    spool.forget("one");
    spool.forget("two");
    assertThat(spool.enter("four")).isTrue();
    assertThat(spool.enter("five")).isTrue();
  }

  @Test
  void answers_that_are_large_in_memory_get_there_one_after_the_other() throws Exception {
    var limits = new Spool.Limits(64 << 20, 9, 0, new Spool.InAll(1L << 30, 1));
    var spool = new Spool(folder, limits);
    String json = "[" + "\"word\",".repeat(100_000) + "1]";
    assertThat(spool.take("one", text(json), true).plain()).hasSize(json.length());
    assertThat(spool.take("one", text(json), true).plain()).hasSize(json.length());

    var second = new CompletableFuture<Integer>();
    InputStream body = text(json);
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              try {
                second.complete(spool.take("two", body, true).plain().length);
              } catch (IOException | InterruptedException broken) {
                second.completeExceptionally(broken);
              }
            });
    while (other.getState() != Thread.State.WAITING && other.isAlive()) {
      Thread.onSpinWait();
    }

    assertThat(body.available()).as("left unread while it waits").isZero();
    assertThat(second).isNotDone();
    assertThat(spool.take("three", text("[1]"), true).plain()).hasSize(3);
    spool.forget("one");
    assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(json.length());
  }

  @Test
  void files_of_another_process_that_shares_the_folder_live_as_long_as_it_does() throws Exception {
    var mine = new Spool(folder, Spool.Limits.DEFAULTS);
    mine.take("task", letters(1_000_000), false);
    Process other = Elsewhere.start(folder);
    try {
      assertThat(spooled()).hasSize(2);
      new Spool(folder, Spool.Limits.DEFAULTS).close();
      assertThat(spooled()).hasSize(2);
    } finally {
      other.destroyForcibly().waitFor();
    }

    new Spool(folder, Spool.Limits.DEFAULTS).close();

    assertThat(spooled()).hasSize(1);
    mine.close();
    assertThat(folder).isEmptyDirectory();
  }

  private List<Path> spooled() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(path -> path.toString().endsWith(".spool")).toList();
    }
  }

  @Test
  void the_texts_of_one_answer_are_bounded_together() throws Exception {
    var spool = new Spool(folder, Spool.Limits.DEFAULTS);
    List<String> marks = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      InputStream body =
          new SequenceInputStream(
              Collections.enumeration(List.of(text("{\"a\":\""), letters(10 << 20), text("\"}"))));
      byte[] plain = spool.take("task", body, true).plain();
      marks.add(new String(plain, StandardCharsets.US_ASCII).split("\"", -1)[3]);
    }

    assertThat(spool.inlined("task", marks.get(0))).hasSize(10 << 20);
    assertThat(spool.inlined("task", marks.get(1))).hasSize(10 << 20);
    assertThatThrownBy(() -> spool.inlined("task", marks.get(2)))
        .isInstanceOf(TooLargeException.class);
  }
}
