package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/// The URLs of results open, without a token, and hold what their names say.
@ExtendWith(SharedGateway.class)
@Execution(ExecutionMode.CONCURRENT)
final class MediaIT {
  private final Api api;

  MediaIT(Api api) {
    this.api = api;
  }

  @Test
  void a_midjourney_picture_is_a_png_of_the_size_it_says() throws IOException {
    JsonNode result = api.post("/midjourney/imagine", "{\"prompt\":\"a red boat\"}").json();

    BufferedImage picture = png(result.path("image_url").asString());

    assertThat(picture.getWidth()).isEqualTo(result.path("image_width").intValue());
    assertThat(picture.getHeight()).isEqualTo(result.path("image_height").intValue());
    assertThat(colours(picture)).hasSizeGreaterThan(50);
  }

  @Test
  void a_grid_can_be_upscaled() throws IOException {
    JsonNode grid = api.post("/midjourney/imagine", "{\"prompt\":\"a green hill\"}").json();

    Answer answer =
        api.post(
            "/midjourney/imagine",
            "{\"action\":\"upscale2\",\"image_id\":%s}".formatted(grid.path("image_id")));

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.json().path("actions").valueStream().map(JsonNode::asString))
        .contains("upscale_2x", "variation_subtle", "zoom_out_2x", "pan_left")
        .doesNotContain("upscale2");
    assertThat(png(answer.json().path("image_url").asString()).getWidth()).isPositive();
  }

  @Test
  void the_same_prompt_and_seed_make_the_same_picture_and_another_prompt_another() {
    String first = image("a lighthouse --seed 7");
    String again = image("a lighthouse --seed 7");
    String other = image("a locomotive --seed 7");

    assertThat(api.get(again).body()).isEqualTo(api.get(first).body());
    assertThat(api.get(other).body()).isNotEqualTo(api.get(first).body());
  }

  @Test
  void split_images_gives_four_pictures() throws IOException {
    JsonNode result =
        api.post("/midjourney/imagine", "{\"prompt\":\"a fox\",\"split_images\":true}").json();

    assertThat(result.path("sub_image_urls").size()).isEqualTo(4);
    for (JsonNode url : result.path("sub_image_urls")) {
      assertThat(png(url.asString()).getWidth()).isPositive();
    }
  }

  @Test
  void a_veo_video_is_an_mp4_with_pictures_and_sound() {
    String id = api.submit("/veo/videos", "{\"action\":\"text2video\",\"prompt\":\"a river\"}");
    String url = api.finished("veo", id).at("/response/data/0/video_url").asString();

    Answer video = api.anonymous().get(url);

    assertMp4(video);
    String atoms = new String(video.body(), StandardCharsets.ISO_8859_1);
    assertThat(atoms).contains("avc1").contains("mp4a");
  }

  @Test
  void a_sora_video_is_an_mp4() {
    String id = api.submit("/sora/videos", "{\"prompt\":\"a river\"}");
    String url = api.finished("sora", id).at("/response/data/0/video_url").asString();

    assertMp4(api.anonymous().get(url));
  }

  @Test
  void a_suno_song_is_an_mp3_or_wav_and_its_cover_opens() throws IOException {
    JsonNode songs =
        api.post("/suno/audios", "{\"prompt\":\"a slow song\",\"duration\":10}").json();

    assertThat(songs.path("data").size()).isEqualTo(2);
    JsonNode song = songs.at("/data/0");
    Answer audio = api.anonymous().get(song.path("audio_url").asString());
    assertThat(audio.status()).isEqualTo(200);
    assertThat(audio.header("content-type").orElse("")).startsWith("audio/");
    assertThat(isMp3(audio.body()) || isWav(audio.body())).isTrue();
    assertThat(song.path("state").asString()).isEqualTo("succeeded");
    byte[] cover = api.anonymous().get(song.path("image_url").asString()).body();
    assertThat(ImageIO.read(new ByteArrayInputStream(cover)).getWidth()).isPositive();
  }

  @Test
  void a_part_of_a_file_can_be_had() {
    String url = image("a part");
    byte[] all = api.get(url).body();

    Answer start = api.anonymous().get(url, "range", "bytes=0-99");
    Answer middle = api.anonymous().get(url, "range", "bytes=100-199");
    Answer end = api.anonymous().get(url, "range", "bytes=-50");
    Answer beyond = api.anonymous().get(url, "range", "bytes=" + all.length + "-");

    assertThat(start.status()).isEqualTo(206);
    assertThat(start.header("content-range")).contains("bytes 0-99/" + all.length);
    assertThat(start.body()).isEqualTo(Arrays.copyOf(all, 100));
    assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(all, 100, 200));
    assertThat(end.body()).isEqualTo(Arrays.copyOfRange(all, all.length - 50, all.length));
    assertThat(beyond.status()).isEqualTo(416);
    assertThat(beyond.header("content-range")).contains("bytes */" + all.length);
  }

  @Test
  void a_file_one_has_is_not_sent_again() {
    String url = image("an etag");
    Answer first = api.anonymous().get(url);

    Answer second = api.anonymous().get(url, "if-none-match", first.header("etag").orElseThrow());

    assertThat(second.status()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  @Test
  void a_head_request_tells_the_size() {
    String url = image("a head");

    Answer head = api.send(api.request(url).HEAD());

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-length")).contains(String.valueOf(api.get(url).body().length));
  }

  @Test
  void nobody_gets_out_of_the_media_folder() {
    String url = image("outside");
    String folder = url.substring(0, url.lastIndexOf('/'));

    for (String path :
        new String[] {"/..%2f..%2fcarillon.db", "/%2e%2e/%2e%2e/x", "/no-such.png"}) {
      assertThat(api.get(folder + path).status()).as(path).isIn(400, 404);
    }
  }

  private String image(String prompt) {
    Answer answer = api.post("/midjourney/imagine", "{\"prompt\":" + Json.quoted(prompt) + "}");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.json().path("image_url").asString();
  }

  private BufferedImage png(String url) throws IOException {
    Answer answer = api.anonymous().get(url);
    assertThat(answer.status()).as(url).isEqualTo(200);
    assertThat(answer.header("content-type")).contains("image/png");
    assertThat(new String(answer.body(), 1, 3, StandardCharsets.US_ASCII)).isEqualTo("PNG");
    return ImageIO.read(new ByteArrayInputStream(answer.body()));
  }

  private static Set<Integer> colours(BufferedImage picture) {
    var found = new HashSet<Integer>();
    for (int y = 0; y < picture.getHeight(); y += 16) {
      for (int x = 0; x < picture.getWidth(); x += 16) {
        found.add(picture.getRGB(x, y));
      }
    }
    return found;
  }

  private static void assertMp4(Answer video) {
    assertThat(video.status()).isEqualTo(200);
    assertThat(video.header("content-type")).contains("video/mp4");
    assertThat(new String(video.body(), 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
    assertThat(new String(video.body(), StandardCharsets.ISO_8859_1)).contains("moov", "mdat");
  }

  private static boolean isMp3(byte[] bytes) {
    boolean tagged = bytes[0] == 'I' && bytes[1] == 'D' && bytes[2] == '3';
    return tagged || ((bytes[0] & 0xff) == 0xff && (bytes[1] & 0xe0) == 0xe0);
  }

  private static boolean isWav(byte[] bytes) {
    return new String(bytes, 0, 4, StandardCharsets.US_ASCII).equals("RIFF");
  }
}
