package dev.carillon.gateway.upstream.sandbox.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// A made-up voice: it follows a text's syllables and pauses with vowel-like sounds, but says no
/// words anybody could understand.
final class Voice {
  private static final double[][] FORMANTS = {
    {730, 1090, 2440}, {530, 1840, 2480}, {300, 2290, 3010}, {570, 840, 2410}, {320, 870, 2240}
  };
  private static final String VOWELS = "aeiou";
  private static final double SYLLABLE = 0.185;
  private static final int MOST_SYLLABLES = 4_000;

  /// One sound of the voice.
  ///
  /// @param vowel index into "aeiou"; -1 is a pause
  /// @param hiss whether noise comes before it
  /// @param seconds how long it lasts
  record Syllable(int vowel, boolean hiss, double seconds) {}

  private Voice() {}

  /// The syllables of a text: groups of vowels in letters, one for each Chinese or other sign.
  static List<Syllable> syllables(String text) {
    var all = new ArrayList<Syllable>();
    boolean inVowel = false;
    boolean hiss = false;
    for (char each : text.toLowerCase(Locale.ROOT).toCharArray()) {
      int vowel = VOWELS.indexOf(each == 'y' ? 'i' : each);
      if (all.size() >= MOST_SYLLABLES) {
        break;
      }
      if (vowel >= 0) {
        if (!inVowel) {
          all.add(new Syllable(vowel, hiss, SYLLABLE));
        }
        hiss = false;
      } else if (each >= 0x2E80 && Character.isLetter(each)) {
        all.add(new Syllable(each % 5, each % 3 == 0, SYLLABLE * 1.15));
      } else if (".!?;:,。，！？；：\n".indexOf(each) >= 0) {
        all.add(new Syllable(-1, false, ",，".indexOf(each) >= 0 ? 0.18 : 0.36));
      } else {
        hiss = "sfzxhctkp".indexOf(each) >= 0;
      }
      inVowel = vowel >= 0;
    }
    return all.isEmpty() ? List.of(new Syllable(0, false, SYLLABLE)) : List.copyOf(all);
  }

  /// How long the voice takes for a text, in seconds, at its usual speed.
  static double seconds(String text) {
    return 0.3 + syllables(text).stream().mapToDouble(Syllable::seconds).sum();
  }

  /// Speaks a text once and, if the tape is longer, again.
  static Tape speak(String text, long seed, int samples) {
    var tape = new Tape(samples);
    SplittableRandom dice = Seeds.stream(seed);
    double base = 95 + 120 * dice.nextDouble();
    var syllables = syllables(text);
    double at = 0.1;
    int since = 0;
    for (int i = 0; at * Tape.RATE < samples; i++) {
      Syllable each = syllables.get(i % syllables.size());
      since = each.vowel() < 0 ? 0 : since + 1;
      if (each.vowel() >= 0) {
        double lilt = 1.12 - 0.012 * Math.min(since, 18) + 0.1 * (dice.nextDouble() - 0.5);
        sing(tape, at, each, base * lilt, 0.6f, dice);
      }
      at += each.seconds();
    }
    tape.room(0.05f);
    tape.master(0.05, 0.15);
    return tape;
  }

  /// One syllable at one pitch.
  static void sing(
      Tape tape, double start, Syllable syllable, double pitch, float gain, SplittableRandom dice) {
    double[] formants = FORMANTS[syllable.vowel()];
    int first = (int) (start * Tape.RATE);
    int total = (int) (syllable.seconds() * Tape.RATE);
    double[] state = new double[6];
    double phase = dice.nextDouble();
    int noise = syllable.hiss() ? Tape.RATE / 22 : Tape.RATE / 90;
    float before = 0;
    for (int i = 0; i < total; i++) {
      double t = i / (double) Tape.RATE;
      double wobble = 1 + 0.012 * Math.min(1, t * 4) * Math.sin(2 * Math.PI * 5.3 * t);
      phase += pitch * wobble / Tape.RATE;
      phase -= Math.floor(phase);
      float white = (float) dice.nextDouble(-1, 1);
      double source = (1 - 2 * phase) * (1 - phase) + 0.03 * white;
      double voiced = resonate(source, formants, state);
      double edge = Math.min(1, Math.min(i / 500.0, (total - i) / 900.0));
      float hiss = i < noise ? (white - before) * (syllable.hiss() ? 0.10f : 0.04f) : 0;
      before = white;
      tape.add(first + i, gain * (float) (voiced * edge * (i < noise ? 0.35 : 1)) + gain * hiss);
    }
  }

  private static double resonate(double source, double[] formants, double[] state) {
    double sum = 0;
    double[] gains = {1, 0.55, 0.25};
    for (int f = 0; f < 3; f++) {
      double width = Math.exp(-Math.PI * (70 + 30 * f) / Tape.RATE);
      double turn = 2 * width * Math.cos(2 * Math.PI * formants[f] / Tape.RATE);
      double out = source * (1 - width) + turn * state[2 * f] - width * width * state[2 * f + 1];
      state[2 * f + 1] = state[2 * f];
      state[2 * f] = out;
      sum += out * gains[f];
    }
    return sum;
  }
}
