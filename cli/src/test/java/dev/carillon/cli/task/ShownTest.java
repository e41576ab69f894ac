package dev.carillon.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.TaskSnapshot;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What a person sees of progress and results.
final class ShownTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final AtomicLong nanos = new AtomicLong();
  private final StringWriter shown = new StringWriter();

  private static TaskSnapshot running(int progress, double left) {
    var json = JSON.readTree("{\"estimate\":{\"low_seconds\":" + left + "}}");
    return new TaskSnapshot("t1", "running", progress, Optional.empty(), json);
  }

  @Test
  void without_a_terminal_a_line_is_written_when_something_changed() {
    try (var line = new ProgressLine(new PrintWriter(shown), false, nanos::get)) {
      line.accept(running(10, 30));
      line.accept(running(11, 29));
      nanos.set(TimeUnit.SECONDS.toNanos(20));
      line.accept(running(60, 10));
    }

    assertThat(shown.toString().lines())
        .containsExactly(
            "task t1 running 10 %, 0 s, about 30 s more",
            "task t1 running 60 %, 20 s, about 10 s more");
  }

  @Test
  void the_bar_follows_the_estimate_and_is_never_full_before_the_end() {
    try (var line = new ProgressLine(new PrintWriter(shown), false, nanos::get)) {
      nanos.set(TimeUnit.SECONDS.toNanos(10));
      line.accept(running(0, 30));
      assertThat(line.fraction(running(0, 30))).isEqualTo(0.25);
      nanos.set(TimeUnit.SECONDS.toNanos(20));
      assertThat(line.fraction(running(0, 30))).isEqualTo(0.5);
      assertThat(line.fraction(running(70, 30))).isEqualTo(0.7);
      nanos.set(TimeUnit.SECONDS.toNanos(500));
      assertThat(line.fraction(running(0, 30))).isEqualTo(0.99);
    }
  }

  @Test
  void on_a_terminal_one_line_is_drawn_over_and_left_clean() {
    try (var line = new ProgressLine(new PrintWriter(shown), true, nanos::get)) {
      line.accept(running(50, 0));
    }

    assertThat(shown.toString())
        .contains("[###############---------------] running 50 %")
        .doesNotContain("\n")
        .endsWith("\r\u001b[K");
  }

  @Test
  void terminals_take_pictures_in_their_own_way() {
    assertThat(Pictures.of(Map.of("TERM", "xterm-kitty"))).isEqualTo(Pictures.KITTY);
    assertThat(Pictures.of(Map.of("TERM_PROGRAM", "iTerm.app"))).isEqualTo(Pictures.ITERM);
    assertThat(Pictures.of(Map.of("TERM", "tmux-256color", "KITTY_WINDOW_ID", "1")))
        .isEqualTo(Pictures.NONE);
    byte[] png = new byte[5000];
    System.arraycopy(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, 0, png, 0, 4);
    String data = Base64.getEncoder().encodeToString(png);

    assertThat(Pictures.ITERM.escaped(png))
        .isEqualTo("\u001b]1337;File=inline=1;size=5000:" + data + "\u0007\n");
    assertThat(Pictures.KITTY.escaped(png))
        .isEqualTo(
            "\u001b_Ga=T,f=100,m=1;"
                + data.substring(0, 4096)
                + "\u001b\\\u001b_Gm=0;"
                + data.substring(4096)
                + "\u001b\\\n");
    assertThat(Pictures.KITTY.canShow(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 0}))
        .isFalse();
  }

  @Test
  void of_a_song_with_a_cover_the_song_is_the_result() {
    var result =
        JSON.readTree(
            "{\"data\":[{\"image_url\":\"http://h/1.png\",\"audio_url\":\"http://h/1.mp3\"},"
                + "{\"image_url\":\"http://h/2.png\",\"audio_url\":\"http://h/2.mp3\"}],"
                + "\"homepage\":\"http://h/\"}");

    assertThat(Artifacts.of(result, Optional.empty()))
        .isEqualTo(List.of("http://h/1.mp3", "http://h/2.mp3"));
    assertThat(Artifacts.of(result, Optional.of(Kind.IMAGE)))
        .isEqualTo(List.of("http://h/1.png", "http://h/2.png"));
  }

  @Test
  void further_files_are_numbered_before_their_extension() {
    assertThat(Downloads.numbered(Path.of("a/b.c.png"), 1)).isEqualTo(Path.of("a/b.c.png"));
    assertThat(Downloads.numbered(Path.of("a/b.c.png"), 2)).isEqualTo(Path.of("a/b.c-2.png"));
    assertThat(Downloads.numbered(Path.of("plain"), 3)).isEqualTo(Path.of("plain-3"));
    assertThat(Downloads.extension("http://h/x/y.MP4?sig=a.b")).isEqualTo(".mp4");
    assertThat(Downloads.extension("http://h/x")).isEqualTo(".bin");
  }

  @Test
  void a_field_is_json_or_else_a_text() {
    var body = JSON.createObjectNode();

    Fields.put(List.of("n=3", "t=a fox", "q=\"8\"", "l=[1,2]", "o.in=true", "o.e=", "s={no"), body);

    assertThat(body.toString())
        .isEqualTo(
            "{\"n\":3,\"t\":\"a fox\",\"q\":\"8\",\"l\":[1,2],\"o\":{\"in\":true,\"e\":\"\"},"
                + "\"s\":\"{no\"}");
  }
}
