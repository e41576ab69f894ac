package dev.carillon.examples.jdkserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the guide shows stands in examples that are run.
final class GuideTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- from (\\S+) -->\\n```\\w+\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern FENCE = Pattern.compile("(?m)^```\\w+$");

  @Test
  void every_snippet_of_the_guide_is_part_of_an_example() throws Exception {
    String guide = Files.readString(ROOT.resolve("docs/guides/receive-callbacks.md"));

    var snippets = SNIPPET.matcher(guide).results().toList();

    assertThat(snippets).hasSize((int) FENCE.matcher(guide).results().count()).isNotEmpty();
    for (MatchResult snippet : snippets) {
      assertThat(Files.readString(ROOT.resolve(snippet.group(1)))).contains(snippet.group(2));
    }
  }
}
