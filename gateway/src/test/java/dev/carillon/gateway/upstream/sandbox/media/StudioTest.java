package dev.carillon.gateway.upstream.sandbox.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.MediaSource.Media;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StudioTest {
  private final Seal seal = new Seal(new byte[32]);
  @TempDir private Path folder;

  @Test
  void a_url_works_again_after_a_restart_and_after_the_cache_is_gone() throws Exception {
    Recipe recipe = picture(1);
    Media.Ready first;
    try (var studio = studio(1 << 20)) {
      first = (Media.Ready) studio.open(seal.token(recipe), "png");
    }
    try (var studio = studio(1 << 20)) {
      assertThat(studio.open(seal.token(recipe), "png")).isEqualTo(first);
      Files.delete(first.path());
      assertThat(studio.open(seal.token(recipe), "png")).isEqualTo(first);
      assertThat(first.path()).hasSize(first.length());
    }
  }

  @Test
  void what_was_not_sealed_or_does_not_suit_is_missing() throws Exception {
    String token = seal.token(picture(1));
    try (var studio = studio(1 << 20)) {
      for (var name :
          List.of(List.of(token + "A", "png"), List.of(token, "mp4"), List.of(token, "exe"))) {
        assertThat(studio.open(name.get(0), name.get(1))).isInstanceOf(Media.Missing.class);
      }
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void many_readers_of_one_file_render_it_once() throws Exception {
    Recipe recipe = Recipe.picture("crowd", 1, 400, 400);
    try (var studio = studio(1 << 22);
        var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      var asks = new ArrayList<Callable<Media>>();
      for (int i = 0; i < 50; i++) {
        asks.add(() -> studio.open(seal.token(recipe), "png"));
      }
      var answers = new HashSet<Media>();
      for (var each : readers.invokeAll(asks)) {
        answers.add(each.get());
      }
      assertThat(answers).hasSize(1);
      assertThat(studio.rendered()).isEqualTo(1);
    }
  }

  @Test
  void the_cache_keeps_to_its_size_and_lets_the_oldest_go() throws Exception {
    try (var studio = studio(40_000)) {
      var made = new ArrayList<Media.Ready>();
      for (int i = 0; i < 8; i++) {
        made.add((Media.Ready) studio.open(seal.token(picture(i)), "png"));
      }
      assertThat(files().stream().mapToLong(each -> each.toFile().length()).sum())
          .isLessThanOrEqualTo(40_000);
      assertThat(made.getFirst().path()).doesNotExist();
      assertThat(made.getLast().path()).exists();
      assertThat(studio.open(seal.token(picture(0)), "png")).isEqualTo(made.getFirst());
    }
  }

  @Test
  void a_full_queue_is_busy_instead_of_waiting() throws Exception {
    var config = new StudioConfig(folder, 1 << 20, 1, 1, Duration.ofMillis(1));
    try (var studio = new Studio(config, seal)) {
      Media last = new Media.Missing();
      for (int i = 0; i < 4; i++) {
        last = studio.open(seal.token(Recipe.picture("x", i, 1024, 1024)), "png");
      }
      assertThat(last).isInstanceOf(Media.Busy.class);
      assertThat(studio.backlog()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void a_prepared_file_is_there_before_anybody_asks() throws Exception {
    try (var studio = studio(1 << 20)) {
      studio.prepare(picture(3), Format.PNG);
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (studio.rendered() == 0 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(studio.open(seal.token(picture(3)), "png")).isInstanceOf(Media.Ready.class);
      assertThat(studio.rendered()).isEqualTo(1);
    }
  }

  private static Recipe picture(int seed) {
    return Recipe.picture("picture", seed, 96, 96);
  }

  private Studio studio(long bytes) {
    return new Studio(new StudioConfig(folder, bytes, 1, 64, Duration.ofSeconds(30)), seal);
  }

  private List<Path> files() throws IOException {
    try (var all = Files.list(folder)) {
      return all.toList();
    }
  }
}
