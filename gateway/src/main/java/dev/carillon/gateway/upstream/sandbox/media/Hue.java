package dev.carillon.gateway.upstream.sandbox.media;

import java.awt.Color;

/// A colour; red, green and blue from 0 to 1.
record Hue(float red, float green, float blue) {
  static Hue of(int rgb) {
    return new Hue((rgb >> 16 & 255) / 255f, (rgb >> 8 & 255) / 255f, (rgb & 255) / 255f);
  }

  Hue mix(Hue other, float share) {
    return new Hue(
        red + (other.red - red) * share,
        green + (other.green - green) * share,
        blue + (other.blue - blue) * share);
  }

  Hue scale(float factor) {
    return new Hue(red * factor, green * factor, blue * factor);
  }

  Color color(float alpha) {
    return new Color(
        Math.clamp(red, 0f, 1f), Math.clamp(green, 0f, 1f), Math.clamp(blue, 0f, 1f), alpha);
  }
}
