package dev.carillon.gateway.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.gateway.asset.AssetFault.Word;
import dev.carillon.gateway.delivery.AddressGuard;
import dev.carillon.gateway.delivery.DeliveryConfig;
import dev.carillon.gateway.delivery.GuardedClient;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Fetching files from sources that misbehave, over real sockets.
class FetcherTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(600);
  private static final long MAX = 1 << 20;

  @TempDir Path folder;
  private final Receiver source = Receiver.start();
  private GuardedClient client;
  private Fetcher fetcher;

  @BeforeEach
  void open() {
    client = guarded(true);
    fetcher = new Fetcher(client, new Staging(folder, Staging.Bounds.NONE), MAX);
  }

  @AfterEach
  void close() {
    client.close();
    source.close();
  }

  private static GuardedClient guarded(boolean allowPrivate) {
    var addresses = new DeliveryConfig.Addresses(true, allowPrivate);
    return new GuardedClient(
        new AddressGuard(addresses, 8192), Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  @Test
  void a_file_is_measured_hashed_and_recognised_by_its_bytes() throws Exception {
    source.on("/f", raw(SmallFiles.answer("Content-Type: text/html\r\n", SmallFiles.PNG)));

    Staged file = fetch("/f");

    assertThat(file.bytes()).isEqualTo(SmallFiles.PNG.length());
    assertThat(file.sha256()).isEqualTo(SmallFiles.sha256(SmallFiles.PNG));
    assertThat(file.contentType()).isEqualTo("image/png");
    assertThat(Files.readAllBytes(file.path())).isEqualTo(SmallFiles.bytes(SmallFiles.PNG));
  }

  @Test
  void nothing_of_ours_is_told_to_the_source() throws Exception {
    source.on("/f", raw(SmallFiles.answer("", SmallFiles.PNG)));

    fetch("/f");

    Received request = source.received().getFirst();
    assertThat(request.head()).contains("Accept-Encoding: identity").doesNotContain("Cookie");
    assertThat(request.head()).doesNotContain("Authorization").doesNotContain("Referer");
  }

  @Test
  void a_source_that_breaks_off_half_way_leaves_nothing_and_may_be_asked_again() {
    source.on("/f", new Reaction.HalfAnswer());

    assertThat(fault("/f", LONG)).satisfies(this::passes);
  }

  @Test
  void a_length_that_promises_more_than_comes_is_no_file() {
    source.on("/f", raw("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + SmallFiles.PNG));

    assertThat(fault("/f", LONG)).satisfies(this::passes);
  }

  @Test
  void what_comes_beyond_the_promised_length_is_not_read() throws Exception {
    String told =
        "HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\n" + SmallFiles.PNG;
    source.on("/f", raw(told));

    assertThat(fetch("/f").bytes()).isEqualTo(20);
  }

  @Test
  void chunks_that_end_early_are_no_file() {
    String chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n";
    source.on("/f", raw(chunk + SmallFiles.PNG.substring(0, 64) + "\r\n"));

    assertThat(fault("/f", LONG)).satisfies(this::passes);
  }

  @ParameterizedTest
  @CsvSource({"body", "head", "silence"})
  void a_source_that_trickles_past_the_deadline_is_left_on_time(String what) {
    Duration pause = Duration.ofMillis(50);
    source.on(
        "/f",
        switch (what) {
          case "body" -> new Reaction.DripBody(pause);
          case "head" -> new Reaction.DripHead(pause);
          default -> new Reaction.Hang();
        });
    long begun = System.nanoTime();

    AssetFault fault = fault("/f", SHORT);

    assertThat(fault.word()).isEqualTo(Word.TIMEOUT);
    assertThat(fault.passes()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    assertNothingIsLeft();
  }

  @Test
  void a_file_that_says_it_is_too_large_is_not_begun() {
    source.on("/f", new Reaction.Huge(200, 1L << 40));

    assertThat(fault("/f", LONG).word()).isEqualTo(Word.TOO_LARGE);
  }

  @Test
  void a_file_that_turns_out_too_large_is_dropped() {
    source.on("/f", new Reaction.EndlessChunks());

    AssetFault fault = fault("/f", LONG);

    assertThat(fault.word()).as("%s", fault).isEqualTo(Word.TOO_LARGE);
    assertThat(fault.passes()).isFalse();
    assertNothingIsLeft();
  }

  @Test
  void nothing_is_ever_unpacked() {
    source.on("/f", new Reaction.GzipBomb());

    assertThat(fault("/f", LONG).word()).isEqualTo(Word.ENCODED);
    assertNothingIsLeft();
  }

  @Test
  void a_part_of_what_is_packed_is_not_passed_on() {
    source.on(
        "/f",
        new Reaction.Answer(
            206,
            Map.of("Content-Encoding", "gzip", "Content-Range", "bytes 0-3/9"),
            "\u001f\u008b\b\u0000"));

    assertThatThrownBy(
            () -> fetcher.open(source.url("/f").toString(), Optional.of("bytes=0-3")).close())
        .isInstanceOfSatisfying(
            AssetFault.class, fault -> assertThat(fault.word()).isEqualTo(Word.ENCODED));
  }

  @Test
  void that_there_is_no_such_part_may_be_said_in_any_encoding() throws Exception {
    source.on("/f", new Reaction.Answer(416, Map.of("Content-Encoding", "gzip"), "x"));

    try (var answer = fetcher.open(source.url("/f").toString(), Optional.of("bytes=9-"))) {
      assertThat(answer.code()).isEqualTo(416);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404,GONE,false", "410,GONE,false", "403,GONE,false", "400,REFUSED,false",
    "500,SOURCE,true", "503,SOURCE,true", "429,SOURCE,true", "204,SOURCE,true"
  })
  void a_status_says_whether_the_source_lives(int status, Word word, boolean passes) {
    source.statuses("/f", status);

    AssetFault fault = fault("/f", LONG);

    assertThat(fault.word()).isEqualTo(word);
    assertThat(fault.passes()).isEqualTo(passes);
  }

  @Test
  void a_source_may_say_when_to_come_back() {
    source.on("/f", new Reaction.Answer(503, Map.of("Retry-After", "7"), ""));

    assertThat(fault("/f", LONG).retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void an_error_page_told_with_200_is_no_file() {
    source.on("/f", raw(SmallFiles.answer("Content-Type: image/png\r\n", "<!DOCTYPE html><html>")));

    assertThat(fault("/f", LONG).word()).isEqualTo(Word.PAGE);
  }

  @Test
  void an_empty_file_is_no_file() {
    source.on("/f", raw(SmallFiles.answer("", "")));

    assertThat(fault("/f", LONG).word()).isEqualTo(Word.EMPTY);
  }

  @Test
  void a_few_redirects_are_followed() throws Exception {
    source.on("/a", to("/b")).on("/b", to(source.url("/c").toString()));
    source.on("/c", raw(SmallFiles.answer("", SmallFiles.MP4)));

    assertThat(fetch("/a").contentType()).isEqualTo("video/mp4");
  }

  @Test
  void redirects_without_end_are_not() {
    source.on("/a", to("/a"));

    assertThat(fault("/a", LONG).word()).isEqualTo(Word.REDIRECT);
    assertThat(source.count()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/",
    "http://[fd00:ec2::254]/",
    "http://0.0.0.0/",
    "file:///etc/passwd",
    "http://2130706433/",
    "gopher://127.0.0.1/"
  })
  void a_redirect_to_where_nobody_may_go_is_not_followed(String target) {
    source.on("/a", to(target));

    AssetFault fault = fault("/a", LONG);

    assertThat(fault.word()).isIn(Word.BLOCKED, Word.REDIRECT);
    assertThat(fault.passes()).isFalse();
    assertThat(source.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"http://127.0.0.1:%d/f", "http://localhost:%d/f", "http://[::1]:%d/f"})
  void without_leave_no_private_address_is_connected_to(String form) {
    try (GuardedClient strict = guarded(false)) {
      fetcher = new Fetcher(strict, new Staging(folder, Staging.Bounds.NONE), MAX);

      AssetFault fault =
          catchThrowableOfType(
              AssetFault.class, () -> fetcher.fetch(form.formatted(source.port()), LONG));

      assertThat(fault.word()).isEqualTo(Word.BLOCKED);
      assertThat(source.connections()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"body", "silence"})
  void an_interrupt_ends_a_fetch_under_way_as_an_interrupt(String what) throws Exception {
    boolean body = what.equals("body");
    source.on("/f", body ? new Reaction.DripBody(Duration.ofMillis(20)) : new Reaction.Hang());
    var end = new AtomicReference<Optional<Throwable>>(Optional.empty());
    Thread fetching =
        Thread.ofVirtual()
            .start(() -> {
              try {
                fetch("/f");
              } catch (Exception thrown) {
                end.set(Optional.of(thrown));
              }
            });
    source.await(1, LONG);

    fetching.interrupt();

    fetching.join(Duration.ofSeconds(15));
    assertThat(end.get()).containsInstanceOf(InterruptedException.class);
    assertNothingIsLeft();
  }

  @Test
  void what_a_dead_process_left_is_deleted_when_it_is_old() throws Exception {
    Path old = Files.createFile(folder.resolve("old.part"));
    var now = Files.getLastModifiedTime(old).toInstant();
    var staging = new Staging(folder, Staging.Bounds.NONE);

    staging.sweep(now.plus(Duration.ofHours(1)));
    assertThat(old).exists();
    staging.sweep(now.plus(Duration.ofHours(4)));

    assertThat(old).doesNotExist();
  }

  @Test
  void a_stream_that_throws_leaves_nothing() {
    InputStream broken = SmallFiles.breakingOffAfter(2000);

    assertThatThrownBy(() -> new Staging(folder, Staging.Bounds.NONE).write(broken, MAX))
        .hasMessage("gone");
    assertNothingIsLeft();
  }

  private void passes(AssetFault fault) {
    assertThat(fault.word()).isEqualTo(Word.SOURCE);
    assertThat(fault.passes()).isTrue();
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() {
    Await.until("staging is empty", LONG, this::isEmpty);
  }

  private boolean isEmpty() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private static Reaction raw(String bytes) {
    return new Reaction.Raw(bytes);
  }

  private static Reaction to(String location) {
    return new Reaction.Answer(302, Map.of("Location", location), "");
  }

  private Staged fetch(String path) throws Exception {
    return fetcher.fetch(source.url(path).toString(), LONG);
  }

  private AssetFault fault(String path, Duration limit) {
    AssetFault fault =
        catchThrowableOfType(
            AssetFault.class, () -> fetcher.fetch(source.url(path).toString(), limit));
    assertThat(fault).isNotNull();
    return fault;
  }
}
