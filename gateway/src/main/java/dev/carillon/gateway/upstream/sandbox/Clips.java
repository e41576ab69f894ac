package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.upstream.sandbox.media.Format;
import dev.carillon.gateway.upstream.sandbox.media.Recipe;
import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Plans videos.
final class Clips {
  private static final double USUAL_SECONDS = 5;

  private final Studio studio;
  private final References references;

  Clips(Studio studio, References references) {
    this.studio = studio;
    this.references = references;
  }

  Works.One plan(Works.Scene scene, int number) {
    Recipe clip = recipe(scene, number);
    Recipe cover = clip.as(Recipe.Kind.PICTURE).lasting(Duration.ZERO).sounding(false);
    String base = scene.order().baseUrl();
    var work = new LinkedHashMap<String, Object>();
    work.put("id", References.id(clip));
    work.put("video_id", References.id(clip));
    work.put("url", studio.address(base, clip, Format.MP4));
    work.put("width", clip.width());
    work.put("height", clip.height());
    work.put("duration", clip.length().toMillis() / 1000.0);
    work.put("cover_url", studio.address(base, cover, Format.JPG));
    work.put("last_frame_url", studio.address(base, cover, Format.JPG));
    work.put("prompt", scene.prompt());
    work.put("seed", Pictures.shown(clip));
    return new Works.One(work, Optional.of(new Works.FileNeeded(clip, Format.MP4)));
  }

  /// A clip made from an earlier picture or clip of ours shows the same scene.
  private Recipe recipe(Works.Scene scene, int number) {
    Frame frame = Frame.clip(scene.plan());
    double seconds = Math.max(1, scene.plan().number("duration").orElse(USUAL_SECONDS));
    Duration length = Duration.ofMillis((long) (Math.min(seconds, 1e6) * 1000));
    String from = scene.plan().text("from");
    long seed = References.carried(scene.seed(number));
    Recipe clip = Recipe.clip(scene.prompt(), seed, frame.width(), frame.height(), length);
    if (ours(from)) {
      Recipe earlier = references.seeds(Recipe.Kind.CLIP, from);
      long detail = References.carried(Seeds.mix(earlier.detail(), number));
      clip =
          Recipe.ofTheme(Recipe.Kind.CLIP, References.carried(earlier.theme()), detail)
              .sized(frame.width(), frame.height())
              .lasting(length)
              .captioned(scene.prompt());
    }
    return clip.sounding(scene.plan().flag("sound"));
  }

  private boolean ours(String from) {
    return references.unsealed(from).isPresent() || from.matches("[0-9a-f-]{36}");
  }
}
