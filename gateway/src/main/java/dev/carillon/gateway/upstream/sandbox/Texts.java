package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.upstream.sandbox.media.Recipe;
import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the small things that are only words: lyrics, descriptions, shorter prompts, ids.
final class Texts {
  private static final String[] MANNERS = {
    "soft light, wide view, calm mood --ar 1:1",
    "bold shapes and deep shadows, cinematic --ar 16:9",
    "paper cut style, few colours, clean edges --ar 3:2",
    "long exposure, fine haze, film grain --ar 4:5"
  };
  private static final String[] PLACES = {
    "a quiet horizon", "a layered landscape", "a glowing sky over dark land", "slow folds of colour"
  };
  private static final List<String> FILLERS =
      List.of("a", "an", "the", "very", "with", "of", "and", "in", "on", "at", "that", "is");
  private static final int MOST_WORDS = 400;

  private final References references;

  Texts(References references) {
    this.references = references;
  }

  Map<String, Object> work(Works.Scene scene, int number) {
    var plan = scene.plan();
    long seed = scene.seed(number);
    var work = new LinkedHashMap<String, Object>();
    String from = plan.text("from");
    long named = from.isEmpty() ? scene.task() : Seeds.of(from);
    Recipe own = Recipe.ofTheme(Recipe.Kind.SONG, References.carried(Seeds.mix(named, number)), 0);
    work.put("id", References.id(own));
    work.put("title", plan.text("title"));
    switch (plan.word("of")) {
      case "describe" -> work.put("texts", descriptions(from));
      case "prompts", "shorten" -> work.put("texts", shorter(scene.prompt()));
      case "translate" -> work.put("text", plan.first("text", "prompt").orElse(""));
      case "seed" -> putSeed(work, from);
      case "lyrics" -> putLyrics(work, scene, seed);
      case "style" ->
          work.put("text", (scene.prompt() + ", warm pads, steady beat, clear melody").strip());
      case "timing" -> work.put("value", timing(from));
      default -> {
        work.put("text", scene.prompt());
        work.put("value", Map.of());
      }
    }
    return work;
  }

  private void putSeed(Map<String, Object> work, String from) {
    Recipe recipe =
        references.unsealed(from).orElseGet(() -> references.seeds(Recipe.Kind.PICTURE, from));
    work.put("seed", Pictures.shown(recipe));
    work.put("value", Pictures.shown(recipe));
    work.put("text", Long.toString(Pictures.shown(recipe)));
  }

  private static void putLyrics(Map<String, Object> work, Works.Scene scene, long seed) {
    var verses = new Verses(scene.prompt(), seed);
    work.put("title", verses.title());
    work.put("text", verses.text());
    work.put("tags", List.of("procedural", "sandbox"));
  }

  /// Four prompts a picture could have been made from. A picture of ours is described by its own
  /// words; others are not looked at.
  private List<String> descriptions(String from) {
    Optional<Recipe> known = references.unsealed(from);
    var dice = Seeds.stream(Seeds.of(from));
    var texts = new ArrayList<String>();
    for (String manner : MANNERS) {
      String what =
          known
              .map(Recipe::caption)
              .filter(each -> !each.isEmpty())
              .orElseGet(() -> PLACES[dice.nextInt(PLACES.length)]);
      texts.add(what + ", " + manner);
    }
    return List.copyOf(texts);
  }

  private static List<String> shorter(String prompt) {
    var words = new ArrayList<String>();
    for (String word : prompt.split("\\s+", MOST_WORDS)) {
      if (!word.isEmpty() && !FILLERS.contains(word.toLowerCase(java.util.Locale.ROOT))) {
        words.add(word);
      }
    }
    var texts = new ArrayList<String>();
    for (int keep = words.size();
        keep > 0 && texts.size() < 5;
        keep = keep > 1 ? keep * 2 / 3 : 0) {
      texts.add(String.join(" ", words.subList(0, keep)));
    }
    return texts.isEmpty() ? List.of(prompt) : List.copyOf(texts);
  }

  private static Map<String, Object> timing(String from) {
    var words = new ArrayList<Map<String, Object>>();
    double at = 4;
    for (String word : new Verses("", Seeds.of(from)).text().split("\\s+", 60)) {
      words.add(Map.of("word", word, "start_s", at, "end_s", at + 0.4));
      at = Math.round((at + 0.45) * 100) / 100.0;
    }
    return Map.of("aligned_words", List.copyOf(words));
  }
}
