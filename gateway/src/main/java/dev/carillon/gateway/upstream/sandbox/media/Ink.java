package dev.carillon.gateway.upstream.sandbox.media;

/// The colour of one pixel while it is mixed; red, green and blue from 0 to 1. One is used for many
/// pixels, so that painting makes no garbage.
final class Ink {
  private float red;
  private float green;
  private float blue;

  void set(Hue hue) {
    red = hue.red();
    green = hue.green();
    blue = hue.blue();
  }

  void mix(Hue hue, float share) {
    red += (hue.red() - red) * share;
    green += (hue.green() - green) * share;
    blue += (hue.blue() - blue) * share;
  }

  void glow(Hue hue, float strength) {
    red += hue.red() * strength * (1 - 0.5f * red);
    green += hue.green() * strength * (1 - 0.5f * green);
    blue += hue.blue() * strength * (1 - 0.5f * blue);
  }

  void scale(float factor) {
    red *= factor;
    green *= factor;
    blue *= factor;
  }

  /// The pixel as 0xRRGGBB, with a little dither against bands.
  int rgb(float dither) {
    return channel(red, dither) << 16 | channel(green, dither) << 8 | channel(blue, dither);
  }

  private static int channel(float value, float dither) {
    return (int) Math.clamp(value * 255f + dither, 0f, 255f);
  }
}
