package dev.carillon.gateway.upstream.sandbox.media;

import java.util.SplittableRandom;

/// One track of sound samples onto which notes and drums are mixed.
final class Tape {
  /// Samples for each second; 32 kHz keeps MP3 frames at 36 ms and encoding cheap.
  static final int RATE = 32_000;

  private static final int TABLE = 2048;

  /// How an instrument sounds.
  enum Timbre {
    PAD(0.35f, 0.6f, 0.85f, 0.5f, new float[] {1, 0.5f, 0.34f, 0.16f, 0.1f, 0.05f}),
    KEYS(0.006f, 0.9f, 0.12f, 0.25f, new float[] {1, 0.42f, 0.2f, 0.16f, 0.05f, 0.06f, 0.02f}),
    PLUCK(0.004f, 0.35f, 0.02f, 0.12f, new float[] {1, 0.7f, 0.45f, 0.3f, 0.2f, 0.12f, 0.08f}),
    BASS(0.01f, 0.5f, 0.55f, 0.08f, new float[] {1, 0.45f, 0.22f, 0.1f}),
    LEAD(0.03f, 0.4f, 0.7f, 0.14f, new float[] {1, 0.1f, 0.42f, 0.06f, 0.2f, 0.03f, 0.1f}),
    BELL(0.003f, 1.1f, 0.0f, 0.3f, new float[] {1, 0, 0.3f, 0.24f, 0, 0.12f, 0, 0.06f});

    private final float attack;
    private final float decay;
    private final float sustain;
    private final float release;

    @SuppressWarnings("ImmutableEnumChecker") // Filled once, read ever after.
    private final float[] wave = new float[TABLE + 1];

    Timbre(float attack, float decay, float sustain, float release, float[] harmonics) {
      this.attack = attack;
      this.decay = decay;
      this.sustain = sustain;
      this.release = release;
      for (int i = 0; i <= TABLE; i++) {
        for (int h = 0; h < harmonics.length; h++) {
          wave[i] += harmonics[h] * (float) Math.sin(2 * Math.PI * (h + 1) * i / TABLE);
        }
      }
    }
  }

  private final float[] samples;

  Tape(int samples) {
    this.samples = new float[samples];
  }

  int length() {
    return samples.length;
  }

  float[] samples() {
    return samples;
  }

  void add(int at, float value) {
    if (at >= 0 && at < samples.length) {
      samples[at] += value;
    }
  }

  /// Plays one note.
  ///
  /// @param start in seconds
  /// @param length until the key is let go, in seconds
  /// @param frequency in hertz
  void note(Timbre timbre, double start, double length, double frequency, float gain) {
    int first = (int) (start * RATE);
    int total = (int) ((length + timbre.release) * RATE);
    int end = Math.min(samples.length, first + total);
    double phase = 0;
    double stride = frequency * TABLE / RATE;
    for (int i = Math.max(0, first); i < end; i++) {
      float t = (i - first) / (float) RATE;
      int slot = (int) phase;
      float part = (float) (phase - slot);
      float value = timbre.wave[slot] + (timbre.wave[slot + 1] - timbre.wave[slot]) * part;
      samples[i] += value * gain * level(timbre, t, (float) length);
      phase += stride;
      phase -= phase >= TABLE ? TABLE : 0;
    }
  }

  private static float level(Timbre timbre, float t, float length) {
    if (t < timbre.attack) {
      return t / timbre.attack;
    }
    float after = t - timbre.attack;
    float fall = 1 / (1 + 4 * after / timbre.decay + 6 * after * after / timbre.decay);
    float held = timbre.sustain + (1 - timbre.sustain) * fall;
    return t < length ? held : held * Math.max(0, 1 - (t - length) / timbre.release);
  }

  void kick(double start, float gain) {
    int first = (int) (start * RATE);
    double phase = 0;
    for (int i = 0; i < RATE / 4; i++) {
      double t = i / (double) RATE;
      phase += (44 + 120 * Math.exp(-t * 38)) / RATE;
      add(first + i, gain * (float) (Math.sin(2 * Math.PI * phase) * Math.exp(-t * 13)));
    }
  }

  /// A burst of noise; a snare when it is long and low, a hat when it is short and bright.
  void burst(double start, float gain, double decay, float bright, SplittableRandom dice) {
    int first = (int) (start * RATE);
    float before = 0;
    for (int i = 0; i < (int) (5 / decay * RATE); i++) {
      double t = i / (double) RATE;
      float white = (float) dice.nextDouble(-1, 1);
      float high = white - before * bright;
      before = white;
      float body = bright < 0.8f ? 0.5f * (float) Math.sin(2 * Math.PI * 185 * t) : 0;
      add(first + i, gain * (high * 0.6f + body) * (float) Math.exp(-t * decay));
    }
  }

  /// Repeats of what was played, each quieter.
  void echo(double seconds, float share) {
    int away = (int) (seconds * RATE);
    for (int i = away; i < samples.length; i++) {
      samples[i] += samples[i - away] * share;
    }
  }

  /// A small room: four combs of different length, mixed under the dry sound.
  void room(float share) {
    int[] lengths = {1117, 1357, 1493, 1601};
    float[][] lines = new float[4][];
    for (int i = 0; i < 4; i++) {
      lines[i] = new float[lengths[i]];
    }
    for (int i = 0; i < samples.length; i++) {
      float wet = 0;
      for (int line = 0; line < 4; line++) {
        int slot = i % lengths[line];
        float heard = lines[line][slot];
        wet += heard;
        lines[line][slot] = samples[i] + heard * 0.76f;
      }
      samples[i] += wet * share * 0.25f;
    }
  }

  /// Softens the first and last moments and brings the loudest sample to a safe level.
  void master(double fadeIn, double fadeOut) {
    float loudest = 0.001f;
    for (float each : samples) {
      loudest = Math.max(loudest, Math.abs(each));
    }
    int in = Math.max(1, (int) (fadeIn * RATE));
    int out = Math.max(1, (int) (fadeOut * RATE));
    for (int i = 0; i < samples.length; i++) {
      float edge = Math.min(1, Math.min(i / (float) in, (samples.length - i) / (float) out));
      float loud = samples[i] / loudest * 1.5f;
      samples[i] = 0.85f * edge * (float) (Math.tanh(loud) / Math.tanh(1.5));
    }
  }

  /// The samples as signed 16-bit little-endian.
  byte[] pcm() {
    byte[] bytes = new byte[samples.length * 2];
    for (int i = 0; i < samples.length; i++) {
      int value = (int) (Math.clamp(samples[i], -1f, 1f) * 32_000);
      bytes[2 * i] = (byte) value;
      bytes[2 * i + 1] = (byte) (value >> 8);
    }
    return bytes;
  }
}
