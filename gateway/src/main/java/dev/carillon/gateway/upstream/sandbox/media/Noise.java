package dev.carillon.gateway.upstream.sandbox.media;

/// Smooth value noise over the plane, and sums of it. All values lie in 0 to 1.
final class Noise {
  private final int seed;

  Noise(long seed) {
    this.seed = (int) Seeds.mix(seed, 77);
  }

  /// A number of one grid cell.
  float cell(int x, int y) {
    int h = x * 374761393 + y * 668265263 + seed;
    h = (h ^ (h >>> 13)) * 1274126177;
    h ^= h >>> 16;
    return (h & 0xffffff) / (float) 0x1000000;
  }

  /// Smooth noise with features of size one.
  float at(float x, float y) {
    int ix = (int) Math.floor(x);
    int iy = (int) Math.floor(y);
    float fx = ease(x - ix);
    float fy = ease(y - iy);
    float low = mix(cell(ix, iy), cell(ix + 1, iy), fx);
    float high = mix(cell(ix, iy + 1), cell(ix + 1, iy + 1), fx);
    return mix(low, high, fy);
  }

  /// Clouds: several sizes of noise, each half as strong as the one before.
  float sum(float x, float y, int octaves) {
    float total = 0;
    float weight = 0.5f;
    float all = 0;
    float px = x;
    float py = y;
    for (int i = 0; i < octaves; i++) {
      total += weight * at(px, py);
      all += weight;
      weight *= 0.5f;
      float turned = px * 1.62f + py * 1.18f + 13.7f;
      py = py * 1.62f - px * 1.18f + 7.1f;
      px = turned;
    }
    return total / all;
  }

  /// Mountains: noise folded at its middle, so that it has sharp crests.
  float ridge(float x, float y, int octaves) {
    float total = 0;
    float weight = 0.5f;
    float all = 0;
    float size = 1;
    for (int i = 0; i < octaves; i++) {
      float folded = 1 - Math.abs(2 * at(x * size + 17 * i, y * size) - 1);
      total += weight * folded * folded;
      all += weight;
      weight *= 0.48f;
      size *= 2.07f;
    }
    return total / all;
  }

  static float mix(float a, float b, float t) {
    return a + (b - a) * t;
  }

  private static float ease(float t) {
    return t * t * (3 - 2 * t);
  }

  /// 0 below `from`, 1 above `to`, smooth between.
  static float step(float from, float to, float x) {
    return ease(Math.clamp((x - from) / (to - from), 0f, 1f));
  }
}
