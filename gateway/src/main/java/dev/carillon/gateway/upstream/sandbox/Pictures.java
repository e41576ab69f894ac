package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.upstream.sandbox.media.Format;
import dev.carillon.gateway.upstream.sandbox.media.Recipe;
import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import dev.carillon.gateway.upstream.sandbox.media.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Plans pictures: new ones, grids of four, and those that go on from an earlier picture.
final class Pictures {
  private static final Pattern ACTION =
      Pattern.compile("(upscale|variation|zoom_out|pan|reroll)(?:_?(.*))?");
  private static final int LARGE = 2048;
  private static final int CLOSE = 25;
  private static final int DISTANT = 75;
  private static final float PAN = 0.4f;

  private final Studio studio;
  private final References references;

  Pictures(Studio studio, References references) {
    this.studio = studio;
    this.references = references;
  }

  Works.Planned plan(Works.Scene scene) throws Works.BadReference {
    var plan = scene.plan();
    Format format = plan.word("format").startsWith("jp") ? Format.JPG : Format.PNG;
    var matcher = ACTION.matcher(plan.word("action"));
    if (matcher.matches()) {
      Recipe earlier = earlier(plan.text("from"));
      String which = matcher.group(2) == null ? "" : matcher.group(2);
      return planned(scene, List.of(next(scene, earlier, matcher.group(1), which)), format);
    }
    var recipes = new ArrayList<Recipe>();
    for (int number = 0; number < plan.count(); number++) {
      recipes.add(fresh(scene, number));
    }
    return planned(scene, recipes, format);
  }

  private Recipe earlier(String from) throws Works.BadReference {
    Optional<Recipe> found = references.unsealed(from).filter(Pictures::isPicture);
    if (found.isEmpty()) {
      throw new Works.BadReference(
          "image_id "
              + (from.isEmpty() ? "is required for this action" : "names no picture made here"));
    }
    return found.get();
  }

  private static boolean isPicture(Recipe recipe) {
    return recipe.kind() == Recipe.Kind.PICTURE || recipe.kind() == Recipe.Kind.GRID;
  }

  /// A new picture; one that is made from an earlier picture of ours stays close to it.
  private Recipe fresh(Works.Scene scene, int number) {
    Frame frame = Frame.picture(scene.plan());
    boolean grid = scene.plan().kind().equals("grid");
    Optional<Recipe> from =
        references.unsealed(scene.plan().text("from")).filter(Pictures::isPicture);
    if (from.isPresent()) {
      String caption = scene.prompt().isEmpty() ? from.get().caption() : scene.prompt();
      Recipe relative =
          from.get().quadrant(1).sized(frame.width(), frame.height()).captioned(caption);
      long detail = scene.seed(number + 1);
      return grid ? relative.relatives(detail, DISTANT) : relative.detailed(detail);
    }
    return grid
        ? Recipe.grid(scene.prompt(), scene.seed(number), frame.width(), frame.height())
        : Recipe.picture(scene.prompt(), scene.seed(number), frame.width(), frame.height());
  }

  private static Recipe next(Works.Scene scene, Recipe earlier, String verb, String which) {
    boolean numbered = which.matches("[1-4]");
    Recipe one = earlier.quadrant(numbered ? Integer.parseInt(which) : 1);
    View view = one.view();
    return switch (verb) {
      case "upscale" ->
          numbered
              ? one
              : one.sized(LARGE * one.width() / longer(one), LARGE * one.height() / longer(one));
      case "zoom_out" ->
          one.seenFrom(view.wider(which.startsWith("1") ? 1.5f : 2)).relatives(one.detail(), CLOSE);
      case "pan" -> one.seenFrom(panned(view, which)).relatives(one.detail(), CLOSE);
      case "reroll" -> reroll(scene, earlier);
      default -> one.relatives(scene.task(), which.equals("subtle") ? CLOSE : DISTANT);
    };
  }

  /// Four more of what the same words can give.
  private static Recipe reroll(Works.Scene scene, Recipe earlier) {
    Recipe again =
        Recipe.grid(
            earlier.caption(),
            Seeds.mix(earlier.theme(), scene.task()),
            earlier.width(),
            earlier.height());
    return again;
  }

  private static int longer(Recipe recipe) {
    return Math.max(1, Math.max(recipe.width(), recipe.height()));
  }

  private static View panned(View view, String where) {
    return switch (where) {
      case "left" -> view.shifted(-PAN, 0);
      case "right" -> view.shifted(PAN, 0);
      case "up" -> view.shifted(0, PAN);
      default -> view.shifted(0, -PAN);
    };
  }

  private Works.Planned planned(Works.Scene scene, List<Recipe> recipes, Format format) {
    var works = new ArrayList<Map<String, Object>>();
    var files = new ArrayList<Works.FileNeeded>();
    String base = scene.order().baseUrl();
    for (Recipe recipe : recipes) {
      var work = new LinkedHashMap<String, Object>();
      String id = references.sealed(recipe);
      String url = studio.address(base, id, format);
      work.put("id", id);
      work.put("image_id", id);
      work.put("url", url);
      work.put("raw_url", url);
      work.put("width", recipe.width());
      work.put("height", recipe.height());
      work.put("raw_width", recipe.width());
      work.put("raw_height", recipe.height());
      work.put("seed", shown(recipe));
      work.put("prompt", recipe.caption());
      if (recipe.kind() == Recipe.Kind.GRID) {
        work.put("sub_urls", parts(base, recipe, format));
      }
      work.put("actions", actions(recipe));
      works.add(work);
      files.add(new Works.FileNeeded(recipe, format));
    }
    return new Works.Planned(List.copyOf(works), List.copyOf(files));
  }

  /// The seed as services show it: a number of at most ten digits.
  static long shown(Recipe recipe) {
    return recipe.theme() >>> 16 & 0x7FFF_FFFFL;
  }

  private List<String> parts(String base, Recipe grid, Format format) {
    var urls = new ArrayList<String>();
    for (int number = 1; number <= 4; number++) {
      urls.add(studio.address(base, grid.quadrant(number), format));
    }
    return List.copyOf(urls);
  }

  private static List<String> actions(Recipe recipe) {
    if (recipe.kind() == Recipe.Kind.GRID) {
      return List.of(
          "upscale1",
          "upscale2",
          "upscale3",
          "upscale4",
          "reroll",
          "variation1",
          "variation2",
          "variation3",
          "variation4");
    }
    return longer(recipe) >= LARGE
        ? List.of()
        : List.of(
            "upscale_2x",
            "upscale_4x",
            "variation_subtle",
            "variation_strong",
            "zoom_out_2x",
            "zoom_out_1_5x",
            "pan_left",
            "pan_right",
            "pan_up",
            "pan_down");
  }
}
