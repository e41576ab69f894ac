package dev.carillon.gateway.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.gateway.asset.AssetFault.Word;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Task;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.BucketStand;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How much lies on our disk while the storage takes nothing.
class StagingTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final String FILE = SmallFiles.PNG + "x".repeat(100_000);

  @TempDir Path folder;

  private static ByteArrayInputStream file() {
    return new ByteArrayInputStream(SmallFiles.bytes(FILE));
  }

  private long staged() {
    try (Stream<Path> files = Files.list(folder.resolve(".staging"))) {
      return files.mapToLong(StagingTest::size).sum();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  @Test
  void no_more_is_staged_than_may_be_until_some_is_taken() throws Exception {
    var staging = new Staging(folder, new Staging.Bounds(250_000, 0));
    Staged first = staging.write(file(), 1 << 20);
    staging.write(file(), 1 << 20);

    var fault = catchThrowableOfType(AssetFault.class, () -> staging.write(file(), 1 << 20, true));
    assertThat(fault.word()).isEqualTo(Word.STORAGE);
    assertThat(staging.bytes()).isEqualTo(2L * FILE.length());
    assertThat(staging.hasRoom(FILE.length())).isFalse();

    staging.discard(first);
    staging.discard(first);

    assertThat(staging.bytes()).isEqualTo(FILE.length());
    assertThat(staging.write(file(), 1 << 20).bytes()).isEqualTo(FILE.length());
  }

  @Test
  void bytes_that_nobody_could_fetch_again_are_counted_and_taken() throws Exception {
    var staging = new Staging(folder, new Staging.Bounds(50_000, 0));

    staging.writeUnique(file(), 1 << 20, Staging.Patience.NONE);

    assertThat(staging.bytes()).isEqualTo(FILE.length());
    assertThat(staging.hasRoom(0)).isFalse();
  }

  @Test
  void a_disk_that_is_nearly_full_takes_nothing() {
    var staging = new Staging(folder, new Staging.Bounds(1 << 30, Long.MAX_VALUE / 2));

    var fault = catchThrowableOfType(AssetFault.class, () -> staging.write(file(), 1 << 20));

    assertThat(fault.word()).isEqualTo(Word.STORAGE);
    assertThat(staging.hasRoom(0)).isFalse();
    assertThat(staging.bytes()).isZero();
  }

  @Test
  void bytes_that_nobody_could_fetch_again_wait_for_room_on_the_disk() throws Exception {
    var asked = new AtomicInteger();
    Staging.Disk fullAtFirst = () -> asked.incrementAndGet() > 3 ? Long.MAX_VALUE : 0;
    try (var stand = new Stand(folder, new LocalAssets(folder))) {
      var parts =
          new AssetKeeper.Parts(
              stand.parts.store(),
              new Staging(folder, new Staging.Bounds(1 << 30, 1_000), fullAtFirst),
              stand.parts.links(),
              stand.parts.guarded(),
              stand.parts.copiesEndpoint(),
              stand.parts.listener());
      var keeper = new AssetKeeper(stand.config, parts, stand.clock);

      String link = keeper.keep(stand.task(), 0, file());

      assertThat(keeper.bytes(link, 1 << 20).orElseThrow()).isEqualTo(SmallFiles.bytes(FILE));
      assertThat(asked).hasValueGreaterThan(3);
    }
  }

  @Test
  void a_storage_that_is_down_fills_no_disk_and_everything_is_copied_when_it_is_back()
      throws Exception {
    var bounds = new Staging.Bounds(250_000, 0);
    try (Receiver source = Receiver.start();
        BucketStand bucket = BucketStand.start();
        var store = BucketOf.store(bucket);
        var stand = new Stand(folder, store, Stand.config(16, Duration.ofMinutes(5)), bounds);
        var scope = Executors.newVirtualThreadPerTaskExecutor()) {
      source.otherwise(_ -> new Reaction.Raw(SmallFiles.answer("", FILE)));
      bucket.fail(Integer.MAX_VALUE);
      List<Future<Answer>> answers = new ArrayList<>();
      for (int number = 0; number < 8; number++) {
        Task task = stand.task();
        Answer answer = Stand.answer("{\"url\":\"%s\"}", source.url("/" + number).toString());
        answers.add(scope.submit(() -> stand.keeper.finish(task, answer)));
      }
      Await.until(
          "it is as full as may be", LONG, () -> !stand.parts.staging().hasRoom(FILE.length()));
      var most = new AtomicLong();
      bucket.fail(0);
      Await.until(
          "all are copied",
          LONG,
          () -> {
            most.accumulateAndGet(staged(), Math::max);
            return answers.stream().allMatch(Future::isDone);
          });

      assertThat(most.get()).isLessThanOrEqualTo(bounds.mostBytes() + 100_000);
      for (Future<Answer> answer : answers) {
        assertThat(answer.get().json()).contains(Stand.BASE);
      }
      assertThat(staged()).isZero();
      assertThat(stand.parts.staging().bytes()).isZero();
    }
  }
}
