package dev.carillon.gateway.upstream.sandbox.media;

import java.util.SplittableRandom;

/// Composes and plays a song: chords, bass, a melody that comes back, drums; tempo, scale and
/// instruments follow the words of the style, all else the seed.
final class Song {
  private static final int[] MAJOR = {0, 2, 4, 5, 7, 9, 11};
  private static final int[] MINOR = {0, 2, 3, 5, 7, 8, 10};
  private static final int[][] TURNS = {
    {0, 4, 5, 3}, {5, 3, 0, 4}, {0, 5, 3, 4}, {0, 2, 3, 4}, {0, 3, 5, 4}, {3, 0, 4, 5}
  };
  private static final int[] PENTATONIC_STEPS = {0, 1, 2, 4, 5};
  private static final double SHORTEST_FADE = 0.4;

  /// What a style asks for.
  private record Style(double beats, boolean minor, Drums drums, Tape.Timbre lead) {}

  private enum Drums {
    NONE,
    SOFT,
    ROCK,
    DANCE,
    BROKEN
  }

  private enum Section {
    INTRO,
    VERSE,
    CHORUS,
    BREAK
  }

  private static final Words<Style> STYLES =
      new Words<Style>()
          .when(
              "ambient meditat sleep drone calm",
              new Style(66, false, Drums.NONE, Tape.Timbre.BELL))
          .when(
              "piano classical waltz ballad 古典 钢琴",
              new Style(76, false, Drums.NONE, Tape.Timbre.KEYS))
          .when(
              "orchestra.* cinematic epic film 史诗",
              new Style(92, true, Drums.SOFT, Tape.Timbre.LEAD))
          .when(
              "lo-?fi chill hip.?hop rap trap 说唱",
              new Style(84, true, Drums.BROKEN, Tape.Timbre.KEYS))
          .when("jazz swing blues bossa 爵士", new Style(98, false, Drums.SOFT, Tape.Timbre.KEYS))
          .when(
              "folk country acoustic guitar 民谣",
              new Style(104, false, Drums.SOFT, Tape.Timbre.PLUCK))
          .when("rock metal punk grunge 摇滚", new Style(132, true, Drums.ROCK, Tape.Timbre.LEAD))
          .when(
              "techno house edm dance trance disco electronic 电子",
              new Style(126, true, Drums.DANCE, Tape.Timbre.LEAD))
          .when(
              "pop synth upbeat happy summer 流行 快乐",
              new Style(114, false, Drums.ROCK, Tape.Timbre.PLUCK));

  private static final int SCALE_AT = 4;
  private static final long STYLE_FIELD = 15;
  private static final long SCALE_FIELD = 3;
  private static final long SAID = 63;

  private static final Words<Boolean> MINORS =
      new Words<Boolean>()
          .when("sad dark night melanchol minor lonely winter rain tear 悲 夜", true)
          .when("happy joy bright sunny major summer love 快乐", false);

  private final Tape tape;
  private final Style style;
  private final int[] scale;
  private final int root;
  private final int[] turn;
  private final int[] verse;
  private final int[] chorus;
  private final SplittableRandom dice;
  private final double beat;
  private final boolean sung;
  private final Score score = new Score();

  private Song(Recipe recipe) {
    SplittableRandom theme = Seeds.stream(Seeds.mix(recipe.theme(), 71));
    this.dice = Seeds.stream(Seeds.mix(recipe.detail(), 72));
    boolean gloomy = theme.nextInt(3) == 0;
    Style usual = new Style(92 + theme.nextInt(34), gloomy, Drums.ROCK, Tape.Timbre.PLUCK);
    int named = (int) (recipe.theme() & STYLE_FIELD) - 1;
    Style asked = named >= 0 && named < STYLES.size() ? STYLES.meaning(named) : usual;
    int scaleSaid = (int) (recipe.theme() >>> SCALE_AT & SCALE_FIELD);
    boolean minor = scaleSaid == 0 ? asked.minor() : scaleSaid == 1;
    this.style = asked;
    this.scale = minor ? MINOR : MAJOR;
    this.root = 45 + theme.nextInt(10);
    this.turn = TURNS[dice.nextInt(TURNS.length)];
    this.verse = motif(0);
    this.chorus = motif(2);
    this.beat = 60.0 / (asked.beats() + theme.nextInt(9) - 4);
    this.sung = recipe.sound();
    this.tape = new Tape((int) (recipe.length().toMillis() * Tape.RATE / 1000));
  }

  /// A theme that remembers in its lowest bits which style the words name; the rest is the seed's.
  static long theme(String words, long seed) {
    long style = STYLES.find(words).map(each -> STYLES.place(each) + 1L).orElse(0L);
    long scale = MINORS.find(words).map(minor -> minor ? 1L : 2L).orElse(0L);
    return (seed & ~SAID) | style | (scale << SCALE_AT);
  }

  /// Plays the song of a recipe, exactly as long as it says.
  static Tape play(Recipe recipe) {
    var song = new Song(recipe);
    double seconds = song.perform();
    song.tape.room(0.16f);
    song.tape.master(0.02, Math.max(SHORTEST_FADE, Math.min(4, seconds / 8)));
    return song.tape;
  }

  /// The notes of the same song, without drums, as a MIDI file.
  static byte[] score(Recipe recipe) {
    var song = new Song(recipe);
    song.perform();
    return song.score.toBytes();
  }

  private double perform() {
    double seconds = tape.length() / (double) Tape.RATE;
    double bar = beat * 4;
    for (int number = 0; number * bar < seconds; number++) {
      bar(number, number * bar);
    }
    return seconds;
  }

  private void note(Tape.Timbre timbre, double start, double length, double pitch, float gain) {
    tape.note(timbre, start, length, pitch, gain);
    score.note(start, length, pitch, gain);
  }

  /// Two bars of eighths: steps of a five-tone scale, or -1 for a rest.
  private int[] motif(int lift) {
    int[] steps = new int[16];
    int at = lift + dice.nextInt(3);
    for (int i = 0; i < steps.length; i++) {
      at = Math.clamp(at + dice.nextInt(-2, 3), 0, 8);
      boolean strong = i % 4 == 0;
      steps[i] = strong || dice.nextInt(100) < 48 ? at : -1;
    }
    steps[14] = -1;
    steps[15] = -1;
    return steps;
  }

  private static Section section(int bar) {
    int within = bar % 24;
    if (bar < 2) {
      return Section.INTRO;
    }
    return within < 10
        ? Section.VERSE
        : within < 18 ? Section.CHORUS : within < 20 ? Section.BREAK : Section.VERSE;
  }

  private void bar(int number, double start) {
    Section section = section(number);
    int degree = turn[number % turn.length];
    chord(section, degree, start);
    if (section != Section.INTRO) {
      bass(degree, start);
      melody(section, number, degree, start);
    }
    if (section != Section.BREAK && (section != Section.INTRO || number > 0)) {
      drums(section, start, number % 4 == 3);
    }
  }

  private void chord(Section section, int degree, double start) {
    for (int tone = 0; tone < 3; tone++) {
      double pitch = frequency(degree + 2 * tone, 1);
      note(Tape.Timbre.PAD, start, beat * 4, pitch * 1.003, 0.05f);
      note(Tape.Timbre.PAD, start, beat * 4, pitch * 0.997, 0.05f);
    }
    int steps = section == Section.CHORUS ? 8 : 4;
    for (int i = 0; i < steps; i++) {
      int tone = new int[] {0, 2, 4, 7, 4, 2, 4, 2}[i * (8 / steps)];
      double at = start + i * beat * 4 / steps;
      note(Tape.Timbre.KEYS, at, beat * 0.9, frequency(degree + tone, 2), 0.06f);
    }
  }

  private void bass(int degree, double start) {
    double[] places =
        style.drums() == Drums.DANCE
            ? new double[] {0.5, 1.5, 2.5, 3.5}
            : new double[] {0, 1.5, 2, 3.5};
    for (double place : places) {
      int tone = place == 3.5 ? 4 : 0;
      note(Tape.Timbre.BASS, start + place * beat, beat * 0.5, frequency(degree + tone, 0), 0.2f);
    }
  }

  private void melody(Section section, int number, int degree, double start) {
    int[] motif = section == Section.CHORUS ? chorus : verse;
    for (int i = 0; i < 8; i++) {
      int step = motif[(number % 2) * 8 + i];
      if (step < 0 || (section == Section.BREAK && i % 4 != 0)) {
        continue;
      }
      int tone = PENTATONIC_STEPS[step % 5] + 7 * (step / 5);
      int nearest = i == 0 ? degree + 2 * Math.floorDiv(tone - degree + 1, 2) : tone;
      double length = beat * (i % 4 == 0 ? 0.95 : 0.5);
      double pitch = frequency(nearest, 2);
      note(style.lead(), start + i * beat / 2, length, pitch, 0.11f);
      if (sung && section != Section.BREAK) {
        int vowel = Math.floorMod(tone + i, 5);
        var syllable = new Voice.Syllable(vowel, i % 3 == 0, length * 1.05);
        Voice.sing(tape, start + i * beat / 2, syllable, pitch / 2, 0.32f, dice);
      }
    }
  }

  private void drums(Section section, double start, boolean fill) {
    if (style.drums() == Drums.NONE) {
      return;
    }
    boolean soft = style.drums() == Drums.SOFT;
    float loud = soft ? 0.5f : section == Section.CHORUS ? 1 : 0.8f;
    double[] kicks =
        switch (style.drums()) {
          case DANCE -> new double[] {0, 1, 2, 3};
          case BROKEN -> new double[] {0, 1.5, 2.75};
          case SOFT -> new double[] {0, 2};
          default -> new double[] {0, 2, 2.5};
        };
    for (double each : kicks) {
      tape.kick(start + each * beat, 0.5f * loud);
    }
    for (double each : fill ? new double[] {1, 3, 3.5, 3.75} : new double[] {1, 3}) {
      tape.burst(start + each * beat, (soft ? 0.1f : 0.22f) * loud, 16, 0.3f, dice);
    }
    for (int i = 0; i < 8; i++) {
      tape.burst(start + i * beat / 2, (i % 2 == 1 ? 0.07f : 0.04f) * loud, 60, 0.95f, dice);
    }
  }

  private double frequency(int degree, int octave) {
    int tone = scale[Math.floorMod(degree, 7)] + 12 * Math.floorDiv(degree, 7);
    return 440 * Math.pow(2, (root - 12 + 12 * octave + tone - 69) / 12.0);
  }
}
