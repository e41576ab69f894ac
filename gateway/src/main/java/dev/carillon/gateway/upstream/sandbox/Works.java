package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.upstream.sandbox.media.Format;
import dev.carillon.gateway.upstream.sandbox.media.Recipe;
import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/// Plans the works of an order and the files they need, without making any file.
final class Works {
  private final Studio studio;
  private final References references;

  Works(Studio studio) {
    this.studio = studio;
    this.references = new References(studio.seal());
  }

  /// A file that some work speaks of.
  record FileNeeded(Recipe recipe, Format format) {}

  /// Works and the files they speak of.
  ///
  /// @param works what the answer is made of
  /// @param files the files somebody will look at first
  record Planned(List<Map<String, Object>> works, List<FileNeeded> files) {}

  /// The caller asks to go on from something that was never made here.
  static final class BadReference extends Exception {
    private final String told;

    BadReference(String message) {
      super(message);
      this.told = message;
    }

    /// What to tell the caller.
    String told() {
      return told;
    }
  }

  /// Everything about one order that its works have in common.
  ///
  /// @param task a number of the task's own, for what must differ between tasks
  /// @param seed the caller's seed, or one made of the words, so that the same words give the same
  record Scene(Plan plan, SandboxOrder order, long task, long seed) {
    String prompt() {
      return plan.first("prompt", "text", "lyric", "title").orElse("");
    }

    /// A seed for one of several works.
    long seed(int number) {
      return number == 0 ? seed : Seeds.mix(seed, 1000L + number);
    }
  }

  Planned plan(SandboxOrder order) throws BadReference {
    var plan = new Plan(order.plan());
    var id = order.task().value();
    String words = plan.text("prompt") + '\n' + plan.text("text") + '\n' + plan.text("lyric");
    long seed = Seeds.mix(Seeds.of(words), plan.seed().orElse(0));
    long task = Seeds.mix(id.getMostSignificantBits(), id.getLeastSignificantBits());
    var scene = new Scene(plan, order, task, seed);
    return switch (plan.kind()) {
      case "image", "grid" -> new Pictures(studio, references).plan(scene);
      case "video" -> each(scene, number -> new Clips(studio, references).plan(scene, number));
      case "song" -> each(scene, number -> new Songs(studio, references).plan(scene, number));
      case "speech" -> each(scene, number -> new Songs(studio, references).speech(scene, number));
      case "text" ->
          new Planned(
              repeat(scene.plan().count(), number -> new Texts(references).work(scene, number)),
              List.of());
      default -> new Planned(List.of(), List.of());
    };
  }

  /// One work and its first file.
  record One(Map<String, Object> work, Optional<FileNeeded> file) {}

  private static Planned each(Scene scene, IntFunction<One> maker) {
    List<One> all = repeat(scene.plan().count(), maker);
    return new Planned(
        all.stream().map(One::work).toList(),
        all.stream().flatMap(one -> one.file().stream()).toList());
  }

  private static <T> List<T> repeat(int count, IntFunction<T> maker) {
    var all = new ArrayList<T>(count);
    for (int number = 0; number < count; number++) {
      all.add(maker.apply(number));
    }
    return List.copyOf(all);
  }
}
