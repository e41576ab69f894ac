package dev.carillon.gateway.asset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.MediaSource.Media;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MediaRouteTest {
  private static final Path FILE = Path.of("picture.png");
  private static final Media READY = new Media.Ready(FILE, 1000, "image/png", "abc");

  private final MediaRoute route =
      new MediaRoute((token, extension) ->
          switch (token) {
            case "there" -> extension.equals("png") ? READY : new Media.Missing();
            case "empty" -> new Media.Ready(FILE, 0, "image/png", "nil");
            case "busy" -> new Media.Busy(Duration.ofSeconds(2));
            default -> new Media.Missing();
          });

  @Test
  void a_whole_file_is_answered_with_all_it_takes_to_cache_it() throws InterruptedException {
    var answer = route.answer(MediaAsk.get("there.png"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains(new FileSlice(FILE, 0, 1000));
    assertThat(answer.headers())
        .containsEntry("ETag", "\"abc\"")
        .containsEntry("Content-Type", "image/png")
        .containsEntry("Content-Length", "1000")
        .containsEntry("Accept-Ranges", "bytes")
        .containsEntry("Cache-Control", "public, max-age=31536000, immutable");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-99|206|0|100",
        "bytes=0-|206|0|1000",
        "bytes=990-|206|990|10",
        "bytes=999-999|206|999|1",
        "bytes=500-5000|206|500|500",
        "bytes=-1|206|999|1",
        "bytes=-100|206|900|100",
        "bytes=-5000|206|0|1000",
        "BYTES=1-2|206|1|2",
        "bytes= 1-2 |206|1|2",
        "bytes=1000-|416|0|0",
        "bytes=5000-6000|416|0|0",
        "bytes=-0|416|0|0",
        "bytes=5-4|200|0|1000",
        "bytes=-|200|0|1000",
        "bytes=a-b|200|0|1000",
        "bytes|200|0|1000",
        "items=0-1|200|0|1000",
        "bytes=0-1,5-6|200|0|1000",
        "bytes=99999999999999999999-|200|0|1000",
      })
  void a_range_is_answered_as_the_standard_says(String range, int status, long from, long length)
      throws InterruptedException {
    var answer = route.answer(ask("GET", range, null, null));

    assertThat(answer.status()).isEqualTo(status);
    if (status == 416) {
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers()).containsEntry("Content-Range", "bytes */1000");
    } else {
      assertThat(answer.body()).contains(new FileSlice(FILE, from, length));
      assertThat(answer.headers()).containsEntry("Content-Length", Long.toString(length));
    }
    if (status == 206) {
      assertThat(answer.headers())
          .containsEntry("Content-Range", "bytes " + from + "-" + (from + length - 1) + "/1000");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"abc\"|304",
        "*|304",
        "W/\"abc\"|304",
        "\"x\", \"abc\"|304",
        "\"x\"|200",
        "abc|200"
      })
  void a_known_version_is_not_sent_again(String tags, int status) throws InterruptedException {
    var answer = route.answer(ask("GET", null, tags, null));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers()).containsEntry("ETag", "\"abc\"");
    assertThat(answer.body().isPresent()).isEqualTo(status == 200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"abc\"|206", "\"old\"|200", "W/\"abc\"|200", "Sat, 29 Oct 2033 19:43:31 GMT|200"})
  void a_range_of_another_version_gives_the_whole_file(String ifRange, int status)
      throws InterruptedException {
    assertThat(route.answer(ask("GET", "bytes=0-9", null, ifRange)).status()).isEqualTo(status);
  }

  @Test
  void head_tells_the_length_and_sends_nothing() throws InterruptedException {
    var answer = route.answer(ask("HEAD", "bytes=0-9", null, null));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("Content-Length", "1000");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void an_empty_file_has_no_ranges() throws InterruptedException {
    var ask = new MediaAsk("GET", "empty.png", Optional.of("bytes=0-"), none(), none());

    assertThat(route.answer(ask).status()).isEqualTo(416);
    assertThat(route.answer(MediaAsk.get("empty.png")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"gone.png,404", "there.gif,404", "there,404", ".png,404", "busy.png,503"})
  void what_cannot_be_sent_says_why(String name, int status) throws InterruptedException {
    assertThat(route.answer(MediaAsk.get(name)).status()).isEqualTo(status);
  }

  @Test
  void a_busy_source_says_when_to_come_back() throws InterruptedException {
    assertThat(route.answer(MediaAsk.get("busy.png")).headers()).containsEntry("Retry-After", "2");
  }

  @Test
  void files_are_only_read() throws InterruptedException {
    var answer = route.answer(ask("DELETE", null, null, null));

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsEntry("Allow", "GET, HEAD");
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private static MediaAsk ask(
      String method,
      @org.jspecify.annotations.Nullable String range,
      @org.jspecify.annotations.Nullable String ifNoneMatch,
      @org.jspecify.annotations.Nullable String ifRange) {
    return new MediaAsk(
        method,
        "there.png",
        Optional.ofNullable(range),
        Optional.ofNullable(ifNoneMatch),
        Optional.ofNullable(ifRange));
  }
}
