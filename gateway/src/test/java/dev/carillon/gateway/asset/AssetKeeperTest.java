package dev.carillon.gateway.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.asset.AssetKey.Folder;
import dev.carillon.gateway.asset.AssetKey.Kind;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Task;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.BucketStand;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copying the files of answers from a real source into a real folder.
class AssetKeeperTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Receiver source = Receiver.start();
  private Stand stand;

  @BeforeEach
  void open() {
    stand = new Stand(folder, new LocalAssets(folder));
  }

  @AfterEach
  void close() {
    stand.close();
    source.close();
  }

  private String at(String path) {
    return source.url(path).toString();
  }

  private Receiver serve(String path, String file) {
    return source.on(path, new Reaction.Raw(SmallFiles.answer("", file)));
  }

  @Test
  void every_file_is_copied_once_and_its_addresses_become_ours() throws Exception {
    serve("/a?x=1", SmallFiles.PNG);
    serve("/a", SmallFiles.PNG);
    serve("/b", SmallFiles.MP4);
    Task task = stand.task();
    Answer answer =
        Stand.answer(
            "{\"n\":1.50,\"image_url\":\"%s\",\"data\":[{\"video_url\":\"%s\",\"url\":\"%s\"}]}",
            at("/a?x=1"), at("/b"), at("/a?x=1"));
    assertThat(stand.keeper.isWanted(task, answer)).isTrue();

    Answer finished = stand.keeper.finish(task, answer);

    List<Urls.Place> places = Urls.in(finished.json());
    String base = Stand.BASE + "/assets/" + task.id() + "/";
    assertThat(places.get(0).url())
        .startsWith(base + "u0-" + SmallFiles.sha256(SmallFiles.PNG) + ".png?expires=")
        .isEqualTo(places.get(2).url());
    assertThat(places.get(1).url())
        .startsWith(base + "u1-" + SmallFiles.sha256(SmallFiles.MP4) + ".mp4?");
    assertThat(finished.json()).startsWith("{\"n\":1.50,\"image_url\":\"");
    assertThat(source.count()).isEqualTo(2);
    assertThat(files(task)).hasSize(3);
    assertThat(stand.count("kept")).isEqualTo(2);
    assertNothingIsStaged();
  }

  @Test
  void links_live_as_long_as_their_task_is_kept() throws Exception {
    serve("/a", SmallFiles.PNG);
    Task task = stand.task();

    Answer finished = stand.keeper.finish(task, Stand.answer("{\"url\":\"%s\"}", at("/a")));

    long end = stand.clock.instant().plus(Stand.KEEP).getEpochSecond();
    assertThat(finished.json()).contains("?expires=" + end + "&signature=");
  }

  @Test
  void nothing_is_wanted_of_answers_without_foreign_files() {
    Task task = stand.task("/veo/videos", "{\"image_url\":\"https://mine.example/in.png\"}");
    Task linked = stand.task("/link/only", "{}");

    assertThat(stand.keeper.isWanted(task, Stand.answer("{\"text\":\"hello\"}"))).isFalse();
    assertThat(
            stand.keeper.isWanted(task, Stand.answer("{\"url\":\"%s/media/1.png\"}", Stand.BASE)))
        .isFalse();
    assertThat(
            stand.keeper.isWanted(
                task, Stand.answer("{\"image_url\":\"https://mine.example/in.png\"}")))
        .isFalse();
    assertThat(stand.keeper.isWanted(linked, Stand.answer("{\"url\":\"https://a.example/1\"}")))
        .isFalse();
  }

  @Test
  void a_file_that_fails_is_tried_again_while_its_source_lives() throws Exception {
    source.on(
        "/a",
        Reaction.status(503),
        new Reaction.HalfAnswer(),
        new Reaction.Reset(),
        new Reaction.Raw(SmallFiles.answer("", SmallFiles.PNG)));
    Task task = stand.task();

    Answer finished = stand.keeper.finish(task, Stand.answer("{\"url\":\"%s\"}", at("/a")));

    assertThat(finished.json()).contains(Stand.BASE).doesNotContain(at("/a"));
    assertThat(source.count()).isEqualTo(4);
  }

  @Test
  void a_file_that_is_gone_keeps_its_address_and_the_others_are_copied() throws Exception {
    source.statuses("/gone", 404);
    serve("/b", SmallFiles.MP4);
    Task task = stand.task();

    Answer finished =
        stand.keeper.finish(
            task,
            Stand.answer("{\"image_url\":\"%s\",\"video_url\":\"%s\"}", at("/gone"), at("/b")));

    assertThat(finished.json()).contains("\"image_url\":\"" + at("/gone") + "\"");
    assertThat(finished.json()).contains("\"video_url\":\"" + Stand.BASE);
    assertThat(source.received("/gone")).hasSize(1);
    Manifest manifest = stand.keeper.shelf().manifest(task.id());
    assertThat(manifest.items())
        .anySatisfy(item -> {
          assertThat(item.source()).isEqualTo(at("/gone"));
          assertThat(item.failure()).contains("gone");
          assertThat(item.pointers()).containsExactly("/image_url");
        })
        .anySatisfy(item -> assertThat(item.source()).isEqualTo(at("/b")));
  }

  @Test
  void a_source_that_never_gets_well_is_left_in_the_end() throws Exception {
    source.statuses("/a", 500);
    stand.close();
    stand = new Stand(folder, new LocalAssets(folder), Stand.config(16, Duration.ofMillis(30)));
    Task task = stand.task();

    // The clock in the hand stands still, so the pauses grow until they pass the patience.
    Answer finished = stand.keeper.finish(task, Stand.answer("{\"url\":\"%s\"}", at("/a")));

    assertThat(finished.json()).contains(at("/a"));
    assertThat(stand.count("source")).isEqualTo(1);
    assertThat(source.count()).isGreaterThan(1);
  }

  @Test
  void of_a_task_with_too_many_files_the_first_are_copied() throws Exception {
    for (int i = 0; i < 3; i++) {
      serve("/" + i, SmallFiles.PNG);
    }
    stand.close();
    stand = new Stand(folder, new LocalAssets(folder), Stand.config(2, Duration.ofMinutes(1)));
    Task task = stand.task();

    Answer finished =
        stand.keeper.finish(
            task, Stand.answer("{\"urls\":[\"%s\",\"%s\",\"%s\"]}", at("/0"), at("/1"), at("/2")));

    assertThat(finished.json())
        .contains(at("/2"))
        .doesNotContain(at("/0"))
        .doesNotContain(at("/1"));
    assertThat(stand.count("too_many")).isEqualTo(1);
  }

  @Test
  void what_was_complete_when_the_process_died_is_not_fetched_again() throws Exception {
    serve("/a", SmallFiles.PNG);
    source.on("/b", new Reaction.Hang(), new Reaction.Raw(SmallFiles.answer("", SmallFiles.MP4)));
    Task task = stand.task();
    Answer answer = Stand.answer("{\"image_url\":\"%s\",\"video_url\":\"%s\"}", at("/a"), at("/b"));
    var stopped = new AtomicReference<Optional<Throwable>>(Optional.empty());
    Thread first =
        Thread.ofVirtual()
            .start(() -> {
              try {
                stand.keeper.finish(task, answer);
              } catch (InterruptedException | RuntimeException end) {
                stopped.set(Optional.of(end));
              }
            });
    source.await("/b", 1, LONG);
    Await.until("the first is kept", LONG, () -> stand.count("kept") == 1);

    first.interrupt();
    first.join(LONG);
    stand.close();
    Stand again = new Stand(folder, new LocalAssets(folder));
    Answer finished = again.keeper.finish(task, answer);

    assertThat(stopped.get()).containsInstanceOf(InterruptedException.class);
    assertThat(finished.json()).doesNotContain(at("/a")).doesNotContain(at("/b"));
    assertThat(source.received("/a")).hasSize(1);
    assertThat(source.received("/b")).hasSize(2);
    again.close();
    assertNothingIsStaged();
  }

  @Test
  void a_storage_in_trouble_is_tried_again_without_fetching_again() throws Exception {
    serve("/a", SmallFiles.PNG);
    try (BucketStand bucket = BucketStand.start();
        var store = BucketOf.store(bucket)) {
      stand.close();
      stand = new Stand(folder, store);
      Task task = stand.task();
      source.listen(_ -> bucket.fail(2));

      Answer finished = stand.keeper.finish(task, Stand.answer("{\"url\":\"%s\"}", at("/a")));

      assertThat(finished.json()).contains(Stand.BASE);
      assertThat(source.count()).isEqualTo(1);
      assertThat(bucket.objects()).hasSize(2);
      assertNothingIsStaged();
    }
  }

  @Test
  void bytes_a_provider_hands_over_become_a_file_of_ours() throws Exception {
    Task task = stand.task();

    String first = stand.keeper.keep(task, 0, bytes(SmallFiles.PNG));
    String url = stand.keeper.keep(task, 0, bytes(SmallFiles.MP4));

    assertThat(first).startsWith(Stand.BASE + "/assets/" + task.id() + "/b0-").contains(".png?");
    assertThat(url).contains(SmallFiles.sha256(SmallFiles.MP4) + ".mp4?");
    assertThat(files(task)).hasSize(1);
    assertThat(stand.keeper.isWanted(task, Stand.answer("{\"url\":\"%s\"}", url))).isFalse();
    assertThatThrownBy(() -> stand.keeper.keep(task, 1, bytes(""))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> stand.keeper.keep(task, 1, bytes("x".repeat((1 << 20) + 1))))
        .isInstanceOf(IOException.class);
    assertNothingIsStaged();
  }

  @Test
  void files_of_tasks_that_are_gone_and_uploads_past_their_time_are_swept() throws Exception {
    serve("/a", SmallFiles.PNG);
    Task kept = stand.task();
    Task gone = stand.task();
    Task young = stand.task();
    for (Task task : List.of(kept, gone, young)) {
      stand.keeper.finish(task, Stand.answer("{\"url\":\"%s\"}", at("/a")));
    }
    var owner = new Folder(Kind.UPLOAD, stand.ids.next().toString());
    var upload = new Upload(stand.ids.next(), "0".repeat(64), "png", 1);
    stand
        .parts
        .store()
        .put(
            new AssetKey(owner, upload.name()),
            stand.parts.staging().write(bytes(SmallFiles.PNG), 1 << 20));
    var sweeper = new Sweeper(stand.parts, kept.id()::equals, stand.config.uploads(), stand.clock);

    sweeper.sweep();
    assertThat(files(gone)).isNotEmpty();

    stand.clock.advance(Duration.ofMinutes(11));
    sweeper.sweep();

    assertThat(files(kept)).hasSize(2);
    assertThat(files(gone)).isEmpty();
    assertThat(stand.parts.store().list(owner)).hasSize(1);

    stand.clock.advance(Duration.ofDays(7));
    sweeper.sweep();

    assertThat(stand.parts.store().list(owner)).isEmpty();
    assertThat(stand.count("swept")).isEqualTo(3);
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(SmallFiles.bytes(text));
  }

  private List<AssetStore.Entry> files(Task task) throws IOException {
    return stand.parts.store().list(Shelf.of(task.id()));
  }

  private void assertNothingIsStaged() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(".staging"))) {
      assertThat(files).isEmpty();
    }
  }
}
