package dev.carillon.gateway.upstream.sandbox.media;

/// Sky, land and water.
final class Landscape implements Scene {
  private static final float HORIZON = 0.42f;

  private final Palette palette;
  private final Sky sky;
  private final Land land;
  private final Noise ripples;
  private final float shore;
  private float[][] heights = new float[0][0];
  private float left;
  private float step = 1;

  Landscape(Mood mood, long theme, long detail, float strength) {
    this.palette = Palette.of(mood);
    this.sky = new Sky(mood, palette, theme, detail, HORIZON);
    this.land = new Land(mood, palette, theme, detail, strength);
    this.ripples = new Noise(Seeds.mix(detail, 31));
    this.shore =
        switch (mood.place()) {
          case SEA -> 0.40f;
          case LAKE -> 0.36f;
          case CITY -> mood.dark() ? 0.2f : -9;
          default -> -9;
        };
  }

  @Override
  public void stand(float left, float step, int columns) {
    this.left = left;
    this.step = step;
    heights = new float[land.count()][columns];
    for (int layer = 0; layer < land.count(); layer++) {
      for (int i = 0; i < columns; i++) {
        heights[layer][i] = land.height(layer, left + i * step);
      }
    }
  }

  @Override
  public void paint(Ink ink, int column, float u, float v) {
    if (v < shore) {
      paintWater(ink, u, v);
    } else {
      if (!paintLand(ink, column, u, v)) {
        sky.paint(ink, u, v);
      }
    }
  }

  private boolean paintLand(Ink ink, int column, float u, float v) {
    for (int layer = heights.length - 1; layer >= 0; layer--) {
      float below = heights[layer][column] - v;
      if (below > 0) {
        land.paint(ink, layer, u, v, below);
        return true;
      }
    }
    return false;
  }

  private void paintWater(Ink ink, float u, float v) {
    float near = (shore - v) / Math.max(0.1f, shore);
    float flat = 1 / (0.04f + near * 0.5f);
    float wave = ripples.sum(u * (3 + flat * 0.9f), v * (18 + flat * 14), 3) - 0.5f;
    float mirrored = 2 * shore - v + wave * 0.10f * (0.15f + near);
    float bent = u + wave * 0.05f * (0.2f + near);
    int column = Math.clamp((int) ((bent - left) / step), 0, Math.max(0, heights[0].length - 1));
    if (!paintLand(ink, column, bent, Math.max(shore, mirrored))) {
      sky.paintMirrored(ink, bent, Math.max(shore, mirrored));
    }
    ink.mix(palette.zenith(), 0.14f + 0.3f * near);
    ink.scale(1 + wave * (0.5f + 0.4f * near));
    float away = (u - sky.sunX()) / (0.035f + 0.16f * near);
    float path = 1 / (1 + away * away);
    ink.glow(palette.sun(), Noise.step(0.04f, 0.22f, wave) * path * 0.75f);
    ink.mix(palette.horizon(), 0.5f * (1 - Noise.step(0, 0.06f, shore - v)));
  }
}
