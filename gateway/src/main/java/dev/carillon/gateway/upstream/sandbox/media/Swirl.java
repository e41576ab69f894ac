package dev.carillon.gateway.upstream.sandbox.media;

import java.util.SplittableRandom;

/// Flowing bands of colour, lit from the side like folded paper or marbled ink.
final class Swirl implements Scene {
  private final Hue[] colours = new Hue[5];
  private final Noise bend;
  private final Noise flow;
  private final float bands;
  private final float turn;

  Swirl(Mood mood, long theme, long detail) {
    SplittableRandom dice = Seeds.stream(Seeds.mix(theme, 51));
    var palette = Palette.of(mood);
    float hue = (float) dice.nextDouble();
    colours[0] = palette.zenith();
    colours[1] = mood.tint();
    colours[2] = Hue.of(java.awt.Color.HSBtoRGB(hue, 0.6f, 0.9f)).mix(mood.tint(), 0.35f);
    colours[3] = palette.horizon();
    colours[4] = palette.middle().mix(mood.tint(), 0.4f);
    this.bend = new Noise(Seeds.mix(theme, 52));
    this.flow = new Noise(Seeds.mix(detail, 53));
    this.bands = 5 + 5 * (float) dice.nextDouble();
    this.turn = (float) (dice.nextDouble() * Math.PI);
  }

  @Override
  public void stand(float left, float step, int columns) {}

  @Override
  public void paint(Ink ink, int column, float u, float v) {
    float here = field(u, v);
    float slopeX = field(u + 0.004f, v) - here;
    float slopeY = field(u, v + 0.004f) - here;
    float at = here * bands;
    int band = (int) Math.floor(at);
    float inside = at - band;
    ink.set(colour(band));
    ink.mix(colour(band + 1), 0.75f * inside * inside);
    ink.mix(colour(band + 1), Noise.step(0.975f, 1, inside));
    float light = 1 + Math.clamp((slopeY - slopeX) * 9, -0.4f, 0.45f);
    float fold = 0.72f + 0.36f * Noise.step(0, 0.24f, inside);
    ink.scale(light * fold);
    ink.glow(colours[3], 0.14f * Noise.step(0.1f, 0.35f, slopeY * 9));
  }

  private float field(float u, float v) {
    float x = u * 1.3f;
    float y = v * 1.3f;
    float bendX = bend.sum(x + 3, y + turn, 3) - 0.5f;
    float bendY = bend.sum(x + 30, y + 8 - turn, 3) - 0.5f;
    float across = x * (float) Math.cos(turn) + y * (float) Math.sin(turn);
    return flow.sum(x + bendX * 3.4f, y + bendY * 3.4f, 3) + across * 0.35f;
  }

  private Hue colour(int band) {
    return colours[Math.floorMod(band, colours.length)];
  }
}
