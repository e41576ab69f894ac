package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.upstream.sandbox.media.Format;
import dev.carillon.gateway.upstream.sandbox.media.Recipe;
import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import dev.carillon.gateway.upstream.sandbox.media.Speech;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/// Plans songs and speeches.
final class Songs {
  private static final double USUAL_SECONDS = 32;
  private static final int COVER = 512;

  private final Studio studio;
  private final References references;

  Songs(Studio studio, References references) {
    this.studio = studio;
    this.references = references;
  }

  Works.One plan(Works.Scene scene, int number) {
    var plan = scene.plan();
    String words = (plan.text("style") + " " + scene.prompt() + " " + plan.text("title")).strip();
    Recipe song = recipe(scene, number, words);
    Format format = format(plan);
    String base = scene.order().baseUrl();
    var verses = new Verses(scene.prompt().isEmpty() ? words : scene.prompt(), song.detail());
    String given = plan.text("lyric");
    long cover = References.carried(Seeds.mix(song.theme(), number));
    Recipe picture = Recipe.picture(words, cover, COVER, COVER);
    var work = new LinkedHashMap<String, Object>();
    work.put("id", References.id(song));
    work.put("audio_url", studio.address(base, song, format));
    work.put("image_url", studio.address(base, picture, Format.JPG));
    work.put("image_id", References.id(picture));
    work.put("video_url", "");
    work.put("title", plan.first("title").orElseGet(verses::title));
    work.put("lyric", !song.sound() ? "" : given.isEmpty() ? verses.text() : given);
    work.put("style", plan.first("style").orElse("procedural"));
    work.put("prompt", plan.text("prompt"));
    work.put("duration", song.length().toMillis() / 1000.0);
    work.put("seed", Pictures.shown(song));
    return new Works.One(work, Optional.of(new Works.FileNeeded(song, format)));
  }

  /// A song made from an earlier one keeps its key and tempo. Only another file of the very same
  /// song (`mp3`, `wav`, `midi`, `vox`) keeps its notes too.
  private Recipe recipe(Works.Scene scene, int number, String words) {
    var plan = scene.plan();
    String action = plan.word("action");
    boolean sung = !plan.flag("instrumental") && !action.equals("underpainting");
    double seconds = Math.max(1, plan.number("duration").orElse(USUAL_SECONDS));
    Duration length = Duration.ofMillis((long) (Math.min(seconds, 1e6) * 1000));
    String from = plan.text("from");
    if (from.isEmpty()) {
      long seed = References.carried(scene.seed());
      return Recipe.song(words, seed, length, sung)
          .detailed(References.carried(scene.seed(number)));
    }
    Recipe earlier = references.seeds(Recipe.Kind.SONG, from);
    boolean same = Set.of("mp3", "wav", "midi", "vox").contains(action);
    long detail = same ? earlier.detail() : Seeds.mix(earlier.detail(), scene.seed(number));
    return earlier
        .detailed(References.carried(detail))
        .lasting(length)
        .sounding(sung)
        .captioned(words);
  }

  private static Format format(Plan plan) {
    return switch (plan.word("format")) {
      case "wav", "pcm" -> Format.WAV;
      case "midi", "mid" -> Format.MID;
      default -> Format.MP3;
    };
  }

  Works.One speech(Works.Scene scene, int number) {
    String text = scene.plan().first("text", "prompt").orElse("");
    double speed = Math.clamp(scene.plan().number("speed").orElse(1.0), 0.5, 2.0);
    var length = Duration.ofMillis((long) (Speech.seconds(text) / speed * 1000));
    Recipe speech = Recipe.speech(text, References.carried(scene.seed(number)), length);
    Format format = format(scene.plan()) == Format.WAV ? Format.WAV : Format.MP3;
    var work = new LinkedHashMap<String, Object>();
    work.put("id", References.id(speech));
    work.put("audio_url", studio.address(scene.order().baseUrl(), speech, format));
    work.put("duration", speech.length().toMillis() / 1000.0);
    return new Works.One(work, Optional.of(new Works.FileNeeded(speech, format)));
  }
}
