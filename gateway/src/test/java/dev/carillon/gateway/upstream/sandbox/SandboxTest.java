package dev.carillon.gateway.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.sandbox.media.Recipe;
import dev.carillon.gateway.upstream.sandbox.media.Seal;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import dev.carillon.gateway.upstream.sandbox.media.StudioConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class SandboxTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final SandboxOrder.Pace PACE =
      new SandboxOrder.Pace(Duration.ofSeconds(30), Duration.ofSeconds(60));

  private final HandClock clock = new HandClock();
  private final Seal seal = new Seal(new byte[32]);
  @TempDir private Path folder;
  private Studio studio;
  private Sandbox sandbox;

  @BeforeEach
  void open() {
    studio = new Studio(StudioConfig.in(folder), seal);
    // Works are planned without rendering, and a huge speed keeps the studio asleep.
    sandbox = new Sandbox(studio, 1e9, clock, clock::elapsed);
  }

  @AfterEach
  void close() {
    studio.close();
  }

  @Test
  void an_explicit_time_is_exact_whatever_the_speed() {
    run("a cat [[sandbox take=2s]]");

    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void the_usual_time_is_spread_around_the_typical_one_and_the_same_for_the_same_task() {
    var timetable = new Timetable(1);
    int over = 0;
    int under = 0;
    for (int i = 0; i < 2000; i++) {
      var task = new TaskId(new UUID(i, i * 31L));
      Duration time = timetable.of(task, PACE);
      assertThat(timetable.of(task, PACE)).isEqualTo(time);
      over += time.compareTo(PACE.p90()) > 0 ? 1 : 0;
      under += time.compareTo(PACE.typical()) < 0 ? 1 : 0;
    }
    assertThat(over).isBetween(120, 280);
    assertThat(under).isBetween(900, 1100);
    var task = new TaskId(new UUID(5, 5));
    assertThat(new Timetable(10).of(task, PACE).toMillis())
        .isEqualTo(timetable.of(task, PACE).toMillis() / 10);
  }

  @Test
  void a_second_attempt_goes_on_from_the_tasks_creation() {
    clock.set(HandClock.START.plusSeconds(60));
    run(order("x [[sandbox take=90s]]", 2), SandboxTest::silence);

    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void progress_rises_in_steps_of_a_twentieth_and_never_says_it_is_done() {
    var heard = new ArrayList<Integer>();
    run(order("x [[sandbox take=100s]]", 1), heard::add);

    assertThat(heard).hasSize(20).isSorted().startsWith(0, 5, 10).endsWith(95);
  }

  @ParameterizedTest
  @CsvSource({
    "fail=forbidden after=1s,FORBIDDEN,1000",
    "take=10s progress=40 fail=api_error,API_ERROR,4000",
    "moderated take=0,FORBIDDEN,0",
    "fail=busy take=5s,BUSY,5000"
  })
  void it_fails_when_and_as_told(String words, ErrorCode code, long millis) {
    assertThat(run("x [[sandbox " + words + "]]"))
        .isEqualTo(new SandboxResult.Ended(new Outcome.Refused(Reason.of(code))));
    assertThat(clock.elapsed().toMillis()).isEqualTo(millis);
  }

  @Test
  void it_never_tells_more_than_the_percentage_it_fails_at() {
    var heard = new ArrayList<Integer>();
    run(order("x [[sandbox take=100s progress=40 fail=api_error]]", 1), heard::add);

    assertThat(heard).allMatch(percent -> percent < 40).contains(35);
  }

  @Test
  void a_lost_answer_is_unknown() {
    assertThat(run("x [[sandbox lost take=0]]"))
        .isInstanceOfSatisfying(
            SandboxResult.Ended.class,
            ended -> assertThat(ended.outcome()).isInstanceOf(Outcome.Unknown.class));
  }

  @Test
  void a_hanging_task_ends_at_its_deadline() {
    assertThat(run("x [[sandbox hang]]"))
        .isEqualTo(new SandboxResult.Ended(new Outcome.Late(Reason.of(ErrorCode.TIMEOUT))));
    assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void a_hanging_task_whose_progress_is_told_is_looked_at_no_more() {
    var looks = new ArrayList<Integer>();
    run(order("x [[sandbox hang take=10s progress=50]]", 1), looks::add);

    assertThat(looks).hasSize(6).startsWith(0, 10).endsWith(50);
  }

  @Test
  void a_look_says_the_exact_end_and_a_glance_until_then_the_same() {
    var order = order("x [[sandbox take=2500ms]]", 1);
    assertThat(sandbox.look(order)).isEqualTo(pending(1000, 0));

    clock.set(HandClock.START.plusMillis(2_000));
    assertThat(sandbox.glance(order.task())).contains(pending(500, 80));
    assertThat(sandbox.look(order)).isEqualTo(pending(500, 80));
    clock.set(HandClock.START.plusMillis(2_500));

    assertThat(sandbox.glance(order.task())).isEmpty();
    assertThat(sandbox.look(order)).isInstanceOf(SandboxResult.Made.class);
    assertThat(sandbox.has(order.task())).isFalse();
  }

  @Test
  void nothing_is_kept_of_an_order_that_is_forgotten() {
    var order = order("x [[sandbox take=10s]]", 1);
    sandbox.look(order);
    assertThat(sandbox.has(order.task())).isTrue();

    sandbox.forget(order.task());

    assertThat(sandbox.has(order.task())).isFalse();
    assertThat(sandbox.glance(order.task())).isEmpty();
  }

  private static SandboxResult.Pending pending(long millis, int percent) {
    return new SandboxResult.Pending(Duration.ofMillis(millis), percent);
  }

  @Test
  void an_unknown_word_is_a_bad_request() {
    assertThat(refusal(run("x [[sandbox explode]]")).code()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(refusal(run("x [[sandbox explode]]")).message()).contains("explode");
  }

  @Test
  void words_from_a_header_and_in_nested_texts_count_too() {
    ObjectNode request =
        (ObjectNode)
            JSON.readTree("{\"content\":[{\"type\":\"text\",\"text\":\"[[sandbox fail=busy]]\"}]}");
    var plan = Map.<String, Object>of("kind", "video");
    var order =
        new SandboxOrder(
            plan,
            request,
            Optional.of("take=1s"),
            task(1),
            Optional.empty(),
            PACE,
            Instant.MAX,
            "http://g");

    assertThat(refusal(run(order, SandboxTest::silence)).code()).isEqualTo(ErrorCode.BUSY);
    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void a_grid_has_four_parts_which_its_upscales_show() {
    var grid = make(Map.of("kind", "grid", "prompt", "a lighthouse"), 1).getFirst();
    List<?> parts = (List<?>) Optional.ofNullable(grid.get("sub_urls")).orElseThrow();
    assertThat(parts).hasSize(4).doesNotHaveDuplicates();

    for (int number = 1; number <= 4; number++) {
      var plan =
          Map.<String, Object>of(
              "kind", "image", "action", "upscale" + number, "from", text(grid, "image_id"));
      assertThat(make(plan, 2).getFirst().get("url")).isEqualTo(parts.get(number - 1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "variation2,GRID,1",
    "reroll,GRID,1",
    "zoom_out_2x,GRID,2",
    "zoom_out_1_5x,GRID,1.5",
    "pan_left,GRID,1",
    "variation_strong,GRID,1",
    "upscale_2x,PICTURE,1"
  })
  void every_action_goes_on_from_the_earlier_picture(String action, Recipe.Kind kind, float scale) {
    var grid = make(Map.of("kind", "grid", "prompt", "red castle"), 1).getFirst();
    var plan =
        Map.<String, Object>of("kind", "grid", "action", action, "from", text(grid, "image_id"));
    Recipe before = seal.open(text(grid, "image_id")).orElseThrow();
    Recipe after = seal.open(text(make(plan, 2).getFirst(), "image_id")).orElseThrow();

    assertThat(after.kind()).isEqualTo(kind);
    assertThat(after.view().scale()).isEqualTo(scale);
    assertThat(after.caption()).isEqualTo("red castle");
    assertThat(after).isNotEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"upscale1,''", "variation1,not-an-id", "pan_up,AAAA"})
  void an_unusable_image_id_is_a_bad_request(String action, String from) {
    var plan = Map.<String, Object>of("kind", "grid", "action", action, "from", from);
    Reason reason = refusal(run(order(plan, "x", 1), SandboxTest::silence));

    assertThat(reason.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(reason.message()).startsWith("image_id ");
  }

  @Test
  void the_same_words_and_seed_give_the_same_files_and_others_do_not() {
    var urls = new HashSet<Object>();
    for (String prompt : List.of("a cat", "a cat [[sandbox take=0]]", "a dog")) {
      var plan = new HashMap<String, Object>(Map.of("kind", "image", "prompt", prompt));
      urls.add(make(plan, urls.size()).getFirst().get("url"));
      plan.put("seed", 7);
      urls.add(make(plan, 9).getFirst().get("url"));
    }
    assertThat(urls).hasSize(4);
  }

  @Test
  void several_works_of_one_order_differ() {
    for (String kind : List.of("image", "video", "song")) {
      var works = make(Map.of("kind", kind, "count", 4, "prompt", "rain"), 1);
      assertThat(works).hasSize(4);
      assertThat(works).extracting(work -> work.get("id")).doesNotHaveDuplicates();
    }
  }

  @Test
  void the_asked_number_of_works_is_bounded() {
    assertThat(make(Map.of("kind", "image", "count", 1_000_000), 1)).hasSize(24);
    assertThat(make(Map.of("kind", "image", "count", "many"), 1)).hasSize(1);
  }

  @Test
  void a_song_keeps_given_words_and_writes_its_own_otherwise() {
    var own = make(Map.of("kind", "song", "prompt", "summer rain", "title", "Rain"), 1).getFirst();
    var given = make(Map.of("kind", "song", "lyric", "la la [[sandbox take=0]]"), 1).getFirst();
    var silent = make(Map.of("kind", "song", "instrumental", true), 1).getFirst();

    assertThat(text(own, "lyric")).contains("[Chorus]", "summer rain");
    assertThat(own).containsEntry("title", "Rain").containsEntry("video_url", "");
    assertThat(text(given, "lyric")).isEqualTo("la la");
    assertThat(text(silent, "lyric")).isEmpty();
  }

  @Test
  void the_wav_of_a_song_is_the_same_song() {
    var song = make(Map.of("kind", "song", "prompt", "slow jazz", "duration", 20), 1).getFirst();
    var plan =
        Map.<String, Object>of(
            "kind",
            "song",
            "action",
            "wav",
            "format",
            "wav",
            "duration",
            20,
            "from",
            text(song, "id"));
    var wav = make(plan, 2).getFirst();

    assertThat(text(wav, "id")).isEqualTo(text(song, "id"));
    assertThat(text(wav, "audio_url")).endsWith(".wav");
    assertThat(text(song, "id")).hasSize(36);
  }

  @Test
  void lengths_and_shapes_of_videos_follow_the_request() {
    var tall =
        make(Map.of("kind", "video", "aspect", "9:16", "duration", "8", "sound", true), 1)
            .getFirst();
    var sora = make(Map.of("kind", "video", "size", "1280x720"), 1).getFirst();

    assertThat(tall).containsEntry("width", 360).containsEntry("height", 640);
    assertThat(tall).containsEntry("duration", 8.0);
    assertThat(sora).containsEntry("width", 640).containsEntry("height", 360);
  }

  @Test
  void small_words_are_made_too() {
    assertThat((List<?>) text("describe", "texts")).hasSize(4);
    assertThat((List<?>) text("prompts", "texts")).isNotEmpty();
    assertThat(text("translate", "text")).isEqualTo("a very long cat");
    assertThat(text("lyrics", "text").toString()).contains("[Verse 1]");
    assertThat(text("seed", "value")).isInstanceOf(Long.class);
    assertThat(text("persona", "id").toString()).hasSize(36);
  }

  private Object text(String of, String key) {
    var plan =
        Map.<String, Object>of(
            "kind", "text", "of", of, "prompt", "a very long cat", "from", "http://x/y.png");
    return Optional.ofNullable(make(plan, 1).getFirst().get(key)).orElseThrow();
  }

  private static void silence(int percent) {}

  private static String text(Map<String, Object> work, String key) {
    return String.valueOf(work.get(key));
  }

  private List<Map<String, Object>> make(Map<String, Object> plan, int task) {
    var result = run(order(plan, "", task), SandboxTest::silence);
    assertThat(result).isInstanceOf(SandboxResult.Made.class);
    return ((SandboxResult.Made) result).works();
  }

  private static Reason refusal(SandboxResult result) {
    return ((Outcome.Refused) ((SandboxResult.Ended) result).outcome()).reason();
  }

  private SandboxResult run(String prompt) {
    return run(order(prompt, 1), SandboxTest::silence);
  }

  /// Looks at an order each time it asks for that, until it ends.
  private SandboxResult run(SandboxOrder order, IntConsumer progress) {
    SandboxResult result = sandbox.look(order);
    while (result instanceof SandboxResult.Pending(var pause, int percent)) {
      progress.accept(percent);
      clock.set(clock.instant().plus(pause));
      result = sandbox.look(order);
    }
    return result;
  }

  private static SandboxOrder order(String prompt, int attempt) {
    var order = order(Map.of("kind", "image", "prompt", prompt), prompt, 1);
    return new SandboxOrder(
        order.plan(),
        order.request(),
        order.script(),
        order.task(),
        attempt > 1 ? Optional.of(HandClock.START) : Optional.empty(),
        order.pace(),
        order.deadline(),
        order.baseUrl());
  }

  private static SandboxOrder order(Map<String, Object> plan, String prompt, int task) {
    return new SandboxOrder(
        plan,
        JSON.createObjectNode().put("prompt", prompt),
        Optional.empty(),
        task(task),
        Optional.empty(),
        PACE,
        HandClock.START.plus(Duration.ofHours(1)),
        "http://gateway");
  }

  private static TaskId task(int number) {
    return new TaskId(new UUID(77, number));
  }
}
