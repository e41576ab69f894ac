package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A real browser shows the sandbox's picture and plays its film and its song. It reports what it
/// saw by a request to the receiver, so nothing waits for a fixed time.
@ExtendWith(SharedGateway.class)
final class BrowserIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @SuppressWarnings("InlineFormatString") // A page reads better by itself.
  private static final String PAGE =
      """
      <!doctype html><body><img id="picture" src="%s">
      <video id="film" muted src="%s"></video><audio id="song" muted src="%s"></audio>
      <script>
      function plays(id) {
        const media = document.getElementById(id);
        return new Promise(tell => {
          media.addEventListener('error', () => tell('broken'));
          media.addEventListener('timeupdate', () => {
            if (media.currentTime > 0.2) {
              tell('plays-' + (media.videoWidth || 0) + '-' + Math.round(media.duration));
            }
          });
          media.play().catch(refusal => tell('refused-' + refusal.name));
        });
      }
      const picture = document.getElementById('picture');
      (async () => {
        await picture.decode().catch(() => {});
        const seen = [picture.naturalWidth, await plays('film'), await plays('song')];
        new Image().src = '%s?' + seen.join('_');
      })();
      </script>
      """;

  private final Api api;
  private final Receiver receiver;

  BrowserIT(Api api, Receiver receiver) {
    this.api = api;
    this.receiver = receiver;
  }

  @Test
  void a_browser_shows_the_picture_and_plays_film_and_song(@TempDir Path folder)
      throws IOException, InterruptedException {
    String report = "/browser-" + UUID.randomUUID();
    Path page = folder.resolve("page.html");
    Files.writeString(
        page, PAGE.formatted(picture(), film(), song(), receiver.url(report).toString()));

    Process browser = open(page, folder);
    try {
      String seen =
          receiver.await(report, 1, PATIENCE).getFirst().target().substring(report.length() + 1);

      assertThat(seen).matches("1024_plays-\\d{3}-\\d+_plays-0-\\d+");
    } finally {
      browser.destroyForcibly().waitFor();
    }
  }

  private String picture() {
    return api.post("/midjourney/imagine", "{\"prompt\":\"a fox at dawn\"}")
        .json()
        .path("image_url")
        .asString();
  }

  private String film() {
    String body = "{\"action\":\"text2video\",\"prompt\":\"waves at night\"}";
    return api.post("/veo/videos", body, "Prefer", "wait=60")
        .json()
        .at("/data/0/video_url")
        .asString();
  }

  private String song() {
    return api.post("/suno/audios", "{\"prompt\":\"a calm song\",\"duration\":10}")
        .json()
        .at("/data/0/audio_url")
        .asString();
  }

  private static Process open(Path page, Path folder) throws IOException {
    return new ProcessBuilder(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--autoplay-policy=no-user-gesture-required",
            "--remote-debugging-port=0",
            "--user-data-dir=" + folder.resolve("profile"),
            page.toUri().toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("browser.log").toFile())
        .start();
  }
}
