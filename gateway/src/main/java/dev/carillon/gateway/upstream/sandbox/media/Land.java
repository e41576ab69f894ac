package dev.carillon.gateway.upstream.sandbox.media;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The land of a landscape: layers one behind the other, each a line of heights along the scene,
/// paler with distance.
final class Land {

  /// How the upper edge of a layer looks.
  enum Edge {
    PEAK,
    HILL,
    DUNE,
    CONIFER,
    TOWER
  }

  /// One line of land.
  ///
  /// @param base the height of its feet, as a share of the scene
  /// @param tall how far it rises above its feet
  /// @param size features for each unit of the scene's height
  /// @param depth 0 far away, 1 near
  record Layer(Edge edge, float base, float tall, float size, float depth) {}

  private static final Hue[] PETALS = {
    Hue.of(0xe8557a), Hue.of(0xf6d04a), Hue.of(0xa56be0), Hue.of(0xfff4ea), Hue.of(0xf07a3c)
  };

  private final List<Layer> layers;
  private static final Hue MEADOW = Hue.of(0x5e9447);

  private final Palette palette;
  private final boolean night;
  private final boolean blossoms;
  private final Noise form;
  private final Noise grain;

  Land(Mood mood, Palette palette, long theme, long detail, float strength) {
    this.palette = palette;
    this.night = mood.dark();
    this.blossoms = mood.place() == Mood.Place.MEADOW;
    this.form = new Noise(Seeds.mix(strength < 0.5f ? theme : detail, 21));
    this.grain = new Noise(Seeds.mix(detail, 22));
    this.layers = layersOf(mood.place(), Seeds.stream(Seeds.mix(theme, 23)));
  }

  private static List<Layer> layersOf(Mood.Place place, SplittableRandom dice) {
    float shift = (float) dice.nextDouble() * 0.06f;
    return switch (place) {
      case PEAKS -> stack(Edge.PEAK, 5, 0.44f + shift, 0.34f);
      case SEA -> stack(Edge.HILL, 1, 0.40f, 0.045f + shift);
      case LAKE -> stack(Edge.PEAK, 3, 0.42f, 0.24f + shift);
      case FOREST -> stack(Edge.CONIFER, 5, 0.42f + shift, 0.22f);
      case DUNES -> stack(Edge.DUNE, 5, 0.40f + shift, 0.15f);
      case CITY -> stack(Edge.TOWER, 4, 0.34f, 0.34f + shift);
      case HILLS -> stack(Edge.HILL, 6, 0.45f + shift, 0.16f);
      case MEADOW -> stack(Edge.HILL, 4, 0.42f + shift, 0.12f);
      case SPACE, ABSTRACT -> List.of();
    };
  }

  private static List<Layer> stack(Edge edge, int count, float top, float tall) {
    var layers = new ArrayList<Layer>();
    for (int i = 0; i < count; i++) {
      float depth = count == 1 ? 0.35f : i / (float) (count - 1);
      float base = top - depth * (top - 0.06f) * (count == 1 ? 0.1f : 0.9f);
      float size = (edge == Edge.CONIFER || edge == Edge.TOWER ? 26 - 14 * depth : 1.7f + depth);
      layers.add(new Layer(edge, base, tall * (1 - 0.45f * depth), size, depth));
    }
    return List.copyOf(layers);
  }

  int count() {
    return layers.size();
  }

  /// The height of a layer's edge at a place along the scene.
  float height(int index, float u) {
    Layer layer = layers.get(index);
    float x = u * layer.size() + 31 * index;
    float rise =
        switch (layer.edge()) {
          case PEAK -> form.ridge(x, index * 9.3f, 7);
          case HILL -> form.sum(x, index * 5.7f, 4);
          case DUNE -> form.ridge(x * 0.55f, index * 3.1f, 2);
          case CONIFER -> conifers(x, index);
          case TOWER -> towers(x, index);
        };
    return layer.base() + layer.tall() * (rise - 0.3f);
  }

  private float conifers(float x, int index) {
    float ground = form.sum(x * 0.09f, index * 4.4f, 3) * 0.9f;
    float best = 0;
    int middle = (int) Math.floor(x);
    for (int tree = middle - 1; tree <= middle + 1; tree++) {
      float tall = 0.35f + 0.65f * form.cell(tree, index + 40);
      float at = tree + 0.25f + 0.5f * form.cell(tree, index + 80);
      float away = Math.abs(x - at) * 1.45f;
      float saw = (away * 9 + form.cell(tree, 7)) % 1 * 0.12f;
      best = Math.max(best, tall * (1 - away) - saw * (1 - away));
    }
    return ground + Math.max(0, best) * 0.9f;
  }

  private float towers(float x, int index) {
    int block = (int) Math.floor(x);
    float inside = x - block;
    float tall = form.cell(block, index + 5);
    float narrow = form.cell(block, index + 6);
    float centre = 1 - 2 * Math.abs(0.5f - form.cell(block / 9, index + 8));
    float high = tall * tall * 0.85f + 0.25f * centre + 0.1f;
    boolean setBack = Math.abs(inside - 0.5f) > 0.22f + 0.3f * narrow;
    boolean mast = tall > 0.82f && Math.abs(inside - 0.5f) < 0.03f;
    return mast ? high + 0.18f : setBack ? high * 0.7f : high;
  }

  /// Paints a layer at a point that lies under its edge by `below`.
  void paint(Ink ink, int index, float u, float v, float below) {
    Layer layer = layers.get(index);
    Hue top = palette.far().mix(palette.near(), layer.depth() * 0.92f);
    if (blossoms) {
      top = top.mix(MEADOW, 0.55f);
    }
    Hue foot = top.mix(palette.horizon(), 0.42f * (1 - layer.depth()));
    ink.set(top);
    ink.mix(foot, Math.clamp(below / (layer.tall() * 0.9f), 0f, 1f));
    if (layer.edge() == Edge.TOWER) {
      paintWindows(ink, index, u, v, below);
      return;
    }
    float texture = grain.sum(u * 22, v * 34 + index * 3, 5) - 0.5f;
    ink.scale(1 + texture * (layer.edge() == Edge.DUNE ? 0.15f : 0.22f + 0.4f * layer.depth()));
    if (layer.edge() == Edge.PEAK || layer.edge() == Edge.DUNE) {
      paintSlope(ink, layer, index, u, below);
    }
    if (blossoms && index > 0) {
      paintBlossoms(ink, layer, u, v);
    }
  }

  private void paintSlope(Ink ink, Layer layer, int index, float u, float below) {
    float x = u + below * 0.35f * (grain.sum(u * 9, below * 9, 3) - 0.5f) * 4;
    boolean steep = layer.edge() == Edge.PEAK;
    float slope = steep ? rock(x, below, index) : duneSlope(index, u);
    float lit = Math.clamp(slope, 0f, 1f);
    float ragged = 0.10f * (grain.sum(u * 16, below * 10, 4) - 0.4f);
    float near = 1 - Noise.step(0, layer.tall() * 0.7f, below + ragged);
    if (layer.edge() == Edge.PEAK && layer.depth() < 0.8f) {
      Hue snow = palette.cloud().mix(palette.shade(), 0.75f * (1 - lit));
      ink.mix(snow, near * (0.3f + 0.6f * lit) * (1 - 0.5f * layer.depth()));
    } else {
      ink.mix(
          palette.sun().mix(palette.horizon(), 0.6f),
          near * lit * 0.5f * (1 - 0.4f * layer.depth()));
    }
  }

  /// Light on folded rock: brighter where a fold turns to the left.
  private float rock(float x, float below, int index) {
    float here = grain.ridge(x * 5, below * 3.2f + index * 7, 4);
    float beside = grain.ridge(x * 5 + 0.06f, below * 3.2f + index * 7, 4);
    return 0.42f + (here - beside) * 5;
  }

  private float duneSlope(int index, float u) {
    return (height(index, u + 0.012f) - height(index, u - 0.012f)) / 0.024f * 0.7f + 0.2f;
  }

  private void paintBlossoms(Ink ink, Layer layer, float u, float v) {
    float size = 150 - 95 * layer.depth();
    int cy = (int) Math.floor(v * size * 1.5f);
    float row = u * size + grain.cell(cy, 77) * 5;
    int cx = (int) Math.floor(row);
    float kind = grain.cell(cx, cy + 900);
    float x = row - cx - 0.3f - 0.4f * grain.cell(cx + 50, cy);
    float y = v * size * 1.5f - cy - 0.3f - 0.4f * grain.cell(cx, cy + 50);
    float dot = 1 - Noise.step(0.14f, 0.3f, (float) Math.hypot(x, y));
    if (kind > 0.35f + 0.5f * grain.at(u * 7, v * 12)) {
      Hue petal = PETALS[(int) (kind * 97) % PETALS.length].mix(palette.horizon(), 0.3f);
      ink.mix(petal, dot * 0.9f);
    }
  }

  private void paintWindows(Ink ink, int index, float u, float v, float below) {
    Layer layer = layers.get(index);
    float x = u * layer.size() * 7;
    float y = v * 120 * (1.25f - 0.5f * layer.depth());
    int cx = (int) Math.floor(x);
    int cy = (int) Math.floor(y);
    boolean glass = x - cx > 0.28f && y - cy > 0.4f && below > 0.012f;
    float lit = grain.cell(cx, cy + 57 * index);
    if (glass && lit > (night ? 0.62f : 0.86f)) {
      Hue lamp = palette.sun().mix(palette.horizon(), grain.cell(cx + 9, cy) * 0.7f);
      ink.mix(lamp, (night ? 0.75f : 0.3f) * (0.35f + 0.65f * layer.depth()));
    } else if (glass) {
      ink.scale(0.88f);
    }
  }
}
