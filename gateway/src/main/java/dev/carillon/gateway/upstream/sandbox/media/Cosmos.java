package dev.carillon.gateway.upstream.sandbox.media;

import java.util.SplittableRandom;

/// A nebula with stars and one planet with a ring.
final class Cosmos implements Scene {
  private final Palette palette;
  private final Hue gas;
  private final Hue other;
  private final Noise cloud;
  private final Noise warp;
  private final Noise sparks;
  private final float planetX;
  private final float planetY;
  private final float size;
  private final boolean ring;

  Cosmos(Mood mood, long theme, long detail) {
    SplittableRandom dice = Seeds.stream(Seeds.mix(theme, 41));
    this.palette = Palette.of(mood);
    this.gas = mood.tint();
    float hue = (float) dice.nextDouble();
    this.other = Hue.of(java.awt.Color.HSBtoRGB(hue, 0.62f, 0.95f));
    this.cloud = new Noise(Seeds.mix(theme, 42));
    this.warp = new Noise(Seeds.mix(detail, 43));
    this.sparks = new Noise(Seeds.mix(detail, 44));
    this.planetX = (float) (dice.nextDouble() - 0.5) * 0.7f;
    this.planetY = 0.35f + (float) dice.nextDouble() * 0.35f;
    this.size = 0.10f + 0.14f * (float) dice.nextDouble();
    this.ring = dice.nextInt(3) > 0;
  }

  @Override
  public void stand(float left, float step, int columns) {}

  @Override
  public void paint(Ink ink, int column, float u, float v) {
    paintGas(ink, u, v);
    paintStars(ink, u, v, 22, 0.05f);
    paintStars(ink, u, v, 60, 0.08f);
    float x = (u - planetX) / size;
    float y = (v - planetY) / size;
    float far = (float) Math.hypot(x, y);
    ink.glow(other, 0.22f / (1 + far * far * far * 0.6f));
    boolean front = y * 0.95f + x * 0.31f < 0;
    if (!front) {
      paintRing(ink, x, y);
    }
    if (far < 1.01f) {
      paintPlanet(ink, x, y, far);
    }
    if (front) {
      paintRing(ink, x, y);
    }
  }

  private void paintGas(Ink ink, float u, float v) {
    float bendX = warp.sum(u * 1.6f, v * 1.6f, 4) - 0.5f;
    float bendY = warp.sum(u * 1.6f + 40, v * 1.6f + 9, 4) - 0.5f;
    float thick = cloud.sum(u * 1.5f + bendX * 2.2f, v * 1.5f + bendY * 2.2f, 6);
    float dust = cloud.sum(u * 2.4f - bendY * 3 + 60, v * 2.4f + bendX * 3, 5);
    ink.set(palette.zenith().scale(0.55f));
    ink.mix(gas.scale(0.85f), 0.95f * Noise.step(0.36f, 0.66f, thick));
    ink.mix(other.scale(0.85f), 0.8f * Noise.step(0.46f, 0.74f, dust));
    ink.glow(palette.sun(), 0.7f * Noise.step(0.54f, 0.8f, thick * 0.55f + dust * 0.5f));
    ink.scale(0.5f + 0.8f * Noise.step(0.3f, 0.58f, dust * 0.4f + thick * 0.6f));
  }

  private void paintStars(Ink ink, float u, float v, float density, float wide) {
    int cx = (int) Math.floor(u * density);
    int cy = (int) Math.floor(v * density);
    float bright = sparks.cell(cx, cy);
    float x = u * density - cx - 0.2f - 0.6f * sparks.cell(cx + 500, cy);
    float y = v * density - cy - 0.2f - 0.6f * sparks.cell(cx, cy + 500);
    float ratio = (float) Math.hypot(x, y) / (wide * (0.4f + bright));
    ink.glow(palette.sun(), Noise.step(0.72f, 1, bright) * 1.3f / (1 + ratio * ratio * ratio));
  }

  private void paintPlanet(Ink ink, float x, float y, float far) {
    float z = (float) Math.sqrt(Math.max(0, 1 - far * far));
    float light = Math.clamp(x * -0.55f + y * 0.5f + z * 0.62f, 0f, 1f);
    float bands = warp.sum(x * 0.8f + 5, y * 5.5f + cloud.sum(x * 2, y * 2, 3) * 1.6f, 4);
    Hue ground = gas.mix(other, Noise.step(0.3f, 0.7f, bands)).mix(palette.sun(), 0.25f * bands);
    float edge = 1 - Noise.step(0.985f, 1.005f, far);
    ink.mix(ground.scale(0.06f + 1.05f * light), edge);
    ink.glow(other, edge * 0.5f * light * Noise.step(0.75f, 1, far));
  }

  private void paintRing(Ink ink, float x, float y) {
    if (!ring) {
      return;
    }
    float along = x * 0.95f - y * 0.31f;
    float across = (x * 0.31f + y * 0.95f) * 4.2f;
    float far = (float) Math.hypot(along, across);
    float there = Noise.step(1.28f, 1.36f, far) * (1 - Noise.step(2.0f, 2.2f, far));
    if (there > 0) {
      float lines = sparks.sum(far * 16, 3, 2);
      ink.mix(palette.sun().mix(other, 0.45f), there * (0.15f + 0.6f * lines));
    }
  }
}
