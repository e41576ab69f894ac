package dev.carillon.gateway.upstream.sandbox.media;

import java.util.SplittableRandom;

/// The sky of a landscape: gradient, sun or moon with its glow, clouds, stars.
final class Sky {
  private final Palette palette;
  private final boolean stars;
  private final Noise noise;
  private final float horizon;
  private final float sunX;
  private final float sunY;
  private final float sunSize;
  private final float cover;
  private final float stretch;
  private final Hue disc;

  /// A sky over a horizon.
  ///
  /// @param theme decides where the sun stands
  /// @param detail decides the clouds' shapes
  Sky(Mood mood, Palette palette, long theme, long detail, float horizon) {
    SplittableRandom dice = Seeds.stream(Seeds.mix(theme, 11));
    this.palette = palette;
    this.stars = mood.dark();
    this.noise = new Noise(Seeds.mix(detail, 12));
    this.horizon = horizon;
    this.sunX = (float) (dice.nextDouble() - 0.5) * 0.7f;
    boolean low = mood.light() == Mood.Light.SUNSET || mood.light() == Mood.Light.NEON;
    this.sunY = horizon + (low ? 0.07f : 0.24f) + (float) dice.nextDouble() * 0.12f;
    float wide = mood.light() == Mood.Light.NEON ? 0.17f : low ? 0.075f : 0.045f;
    this.sunSize = wide * (0.8f + 0.4f * (float) dice.nextDouble());
    this.cover =
        mood.light() == Mood.Light.STORM ? 0.28f : 0.44f + 0.16f * (float) dice.nextDouble();
    this.disc = palette.sun().mix(Hue.of(0xffffff), mood.light() == Mood.Light.NEON ? 0 : 0.5f);
    this.stretch = 2.6f + 2.4f * (float) dice.nextDouble();
  }

  float sunX() {
    return sunX;
  }

  /// Paints the sky at a point of the scene, whose height is 1.
  void paint(Ink ink, float u, float v) {
    float far = air(ink, u, v);
    ink.mix(disc, 1 - Noise.step(sunSize * 0.96f, sunSize * 1.02f, far));
    paintClouds(ink, u, v, Math.clamp((v - horizon) / (1 - horizon), 0f, 1.3f), far);
  }

  /// Paints the sky as still water shows it, which mirrors light but no disc.
  void paintMirrored(Ink ink, float u, float v) {
    float far = air(ink, u, v);
    paintClouds(ink, u, v, Math.clamp((v - horizon) / (1 - horizon), 0f, 1.3f), far);
  }

  private float air(Ink ink, float u, float v) {
    float up = Math.clamp((v - horizon) / (1 - horizon), 0f, 1.3f);
    ink.set(palette.horizon());
    ink.mix(palette.middle(), Noise.step(0, 0.42f, up));
    ink.mix(palette.zenith(), Noise.step(0.3f, 1.05f, up));
    if (stars) {
      paintStars(ink, u, v, up);
    }
    float far = (float) Math.hypot(u - sunX, v - sunY);
    ink.glow(palette.sun(), 0.16f * fade(far, 0.5f) + 0.4f * fade(far, sunSize * 2.2f));
    return far;
  }

  private void paintClouds(Ink ink, float u, float v, float up, float far) {
    float px = u * 1.7f;
    float py = v * stretch;
    float thick = noise.sum(px, py, 6);
    float there =
        Noise.step(cover, cover + 0.26f, thick) * (0.35f + 0.6f * Noise.step(0, 0.3f, up));
    if (there <= 0) {
      return;
    }
    float toSun = noise.sum(px + (sunX - u) * 0.09f, py + (sunY - v) * 0.3f, 4);
    float lit = Math.clamp(0.55f + (thick - toSun) * 2.6f + 0.35f * fade(far, 0.35f), 0f, 1f);
    Hue cloud = palette.shade().mix(palette.cloud(), lit);
    ink.mix(cloud, there * 0.85f);
  }

  private void paintStars(Ink ink, float u, float v, float up) {
    float size = 52;
    int cx = (int) Math.floor(u * size);
    int cy = (int) Math.floor(v * size);
    float bright = noise.cell(cx * 3, cy * 3 + 1);
    float x = (cx + 0.2f + 0.6f * noise.cell(cx * 3 + 1, cy * 3)) / size;
    float y = (cy + 0.2f + 0.6f * noise.cell(cx * 3 + 2, cy * 3)) / size;
    float far = (float) Math.hypot(u - x, v - y) * size;
    float wide = bright > 0.96f ? 0.13f : 0.06f;
    ink.glow(
        palette.sun(), Noise.step(0.62f, 1, bright) * fade(far, wide) * Math.min(1, up * 2.5f));
  }

  private static float fade(float far, float wide) {
    float ratio = far / wide;
    return 1 / (1 + ratio * ratio * ratio);
  }
}
