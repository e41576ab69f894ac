package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Simple rhymed words for a song about something.
final class Verses {
  private static final String[][] COUPLETS = {
    {"I wrote your name, %s, on the evening light", "and carried it with me into the night"},
    {"They told me %s would fade with the rain", "but every drop brings it back again"},
    {"Turn the old radio up once more", "%s is standing outside my door"},
    {"We were only as young as the morning sun", "and %s had only just begun"},
    {"Somewhere a bell is beginning to ring", "for %s and whatever tomorrow may bring"},
    {"The road bends away where the rivers run deep", "and %s is a promise I meant to keep"},
    {"Count all the windows that glow in the town", "%s keeps me up when the world gets me down"}
  };
  private static final String[][] CHORUSES = {
    {"Oh, %s, stay a while with me", "the night is wide and the morning free"},
    {"Sing it loud, %s, sing it low", "there is nowhere else that I want to go"},
    {"%s, we are never too far from home", "no heart that is singing was ever alone"}
  };
  private static final int MOST_SUBJECT = 40;

  private final String subject;
  private final long seed;

  /// Words about something.
  ///
  /// @param about what the song is about; may be empty
  Verses(String about, long seed) {
    String line = about.lines().findFirst().orElse("").strip();
    String cut = line.length() > MOST_SUBJECT ? line.substring(0, MOST_SUBJECT) : line;
    int space = cut.lastIndexOf(' ');
    String whole = line.length() > MOST_SUBJECT && space > 0 ? cut.substring(0, space) : cut;
    this.subject = whole.isEmpty() ? "my love" : whole;
    this.seed = seed;
  }

  String title() {
    return Character.toUpperCase(subject.charAt(0)) + subject.substring(1);
  }

  String text() {
    SplittableRandom dice = Seeds.stream(Seeds.mix(seed, 91));
    var order = new ArrayList<>(List.of(COUPLETS));
    var lines = new ArrayList<String>();
    String[] chorus = CHORUSES[dice.nextInt(CHORUSES.length)];
    for (int verse = 1; verse <= 2; verse++) {
      lines.add("[Verse " + verse + "]");
      for (int i = 0; i < 2; i++) {
        add(lines, order.remove(dice.nextInt(order.size())));
      }
      lines.add("");
      lines.add("[Chorus]");
      add(lines, chorus);
      lines.add("");
    }
    return String.join("\n", lines).strip();
  }

  private void add(List<String> lines, String[] couplet) {
    for (String line : couplet) {
      lines.add(line.replace("%s", subject));
    }
  }
}
