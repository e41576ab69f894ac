package dev.carillon.gateway.upstream.sandbox.media;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.SplittableRandom;

/// Dark outlines of the things prompts like to name. Each is drawn in a box from 0 to 1, its feet
/// at the bottom (y is 0 there and grows upward).
final class Silhouettes {
  private Silhouettes() {}

  /// Draws the subject of a mood into a picture.
  ///
  /// @param scene from scene coordinates, with y upward, to pixels
  static void draw(Graphics2D graphics, AffineTransform scene, Mood mood, long theme) {
    if (mood.subject() == Mood.Subject.NONE) {
      return;
    }
    SplittableRandom dice = Seeds.stream(Seeds.mix(theme, 61));
    boolean aloft = aloft(mood.subject());
    boolean afloat = mood.subject() == Mood.Subject.BOAT;
    double size = aloft ? 0.2 : afloat ? 0.24 : 0.36;
    size *= 0.85 + 0.3 * dice.nextDouble();
    double x = (dice.nextBoolean() ? 0.16 : -0.16) + (dice.nextDouble() - 0.5) * 0.16;
    double y = aloft ? 0.62 : afloat ? 0.27 : 0.10;
    var palette = Palette.of(mood);
    var place = new AffineTransform(scene);
    if (!aloft && !afloat) {
      ground(graphics, scene, palette, theme, x);
    }
    place.translate(x - size / 2, y);
    place.scale(size, size);
    if (dice.nextBoolean()) {
      place.translate(1, 0);
      place.scale(-1, 1);
    }
    Hue dark = palette.near().scale(0.55f);
    Shape body = place.createTransformedShape(shape(mood.subject()));
    graphics.setColor(dark.color(1));
    graphics.fill(body);
    graphics.setColor(palette.sun().mix(palette.horizon(), 0.5f).color(0.55f));
    graphics.setStroke(new BasicStroke((float) (scene.getScaleX() * 0.0022)));
    graphics.draw(body);
    if (afloat) {
      place.scale(1, -0.5);
      graphics.setColor(dark.color(0.4f));
      graphics.fill(place.createTransformedShape(shape(mood.subject())));
    }
  }

  private static boolean aloft(Mood.Subject subject) {
    return switch (subject) {
      case BIRD, BALLOON, ROCKET -> true;
      default -> false;
    };
  }

  /// A dark knoll with grass for the subject to stand on.
  private static void ground(
      Graphics2D graphics, AffineTransform scene, Palette palette, long theme, double x) {
    var noise = new Noise(Seeds.mix(theme, 62));
    var knoll = new Path2D.Double();
    knoll.moveTo(x - 6, -4);
    for (double u = x - 3; u <= x + 3; u += 0.004) {
      double away = (u - x) / 0.55;
      double rise = 0.125 / (1 + away * away) + 0.03 * noise.at((float) u * 5, 2);
      double blade = noise.cell((int) Math.floor(u * 250), 4);
      knoll.lineTo(u, rise - 0.02 + 0.016 * blade * blade);
    }
    knoll.lineTo(x + 6, -4);
    knoll.closePath();
    graphics.setColor(palette.near().scale(0.55f).color(1));
    graphics.fill(scene.createTransformedShape(knoll));
  }

  private static Shape shape(Mood.Subject subject) {
    return switch (subject) {
      case NONE -> new Path2D.Double();
      case CAT -> cat();
      case DOG -> dog();
      case BIRD -> bird();
      case TREE -> tree();
      case HOUSE -> house();
      case BOAT -> boat();
      case LIGHTHOUSE -> lighthouse();
      case BALLOON -> balloon();
      case PERSON -> person();
      case CASTLE -> castle();
      case ROBOT -> robot();
      case FLOWER -> flower();
      case ROCKET -> rocket();
    };
  }

  private static Area cat() {
    var body = oval(0.24, 0, 0.42, 0.56);
    body.add(oval(0.33, 0.46, 0.30, 0.27));
    body.add(lines(0.345, 0.6, 0.35, 0.80, 0.46, 0.70));
    body.add(lines(0.50, 0.70, 0.615, 0.80, 0.62, 0.6));
    body.add(oval(0.20, 0, 0.26, 0.20));
    body.add(oval(0.44, 0, 0.26, 0.16));
    var tail = new Path2D.Double();
    tail.moveTo(0.62, 0.04);
    tail.curveTo(0.98, 0.0, 0.95, 0.25, 0.86, 0.42);
    body.add(new Area(new BasicStroke(0.065f, 1, 1).createStrokedShape(tail)));
    return body;
  }

  private static Area dog() {
    var body = oval(0.18, 0.28, 0.52, 0.26);
    body.add(oval(0.58, 0.46, 0.24, 0.22));
    body.add(oval(0.72, 0.47, 0.2, 0.12));
    body.add(lines(0.56, 0.30, 0.60, 0.58, 0.74, 0.52, 0.68, 0.30));
    body.add(lines(0.61, 0.62, 0.60, 0.80, 0.70, 0.66));
    for (double leg : new double[] {0.21, 0.29, 0.56, 0.63}) {
      body.add(box(leg, 0, 0.055, 0.38));
    }
    body.add(lines(0.22, 0.44, 0.05, 0.66, 0.11, 0.68, 0.27, 0.50));
    return body;
  }

  private static Area bird() {
    var wings = new Path2D.Double();
    wings.moveTo(0.5, 0.42);
    wings.curveTo(0.38, 0.66, 0.18, 0.70, 0.0, 0.60);
    wings.curveTo(0.2, 0.60, 0.34, 0.48, 0.42, 0.30);
    wings.lineTo(0.38, 0.16);
    wings.lineTo(0.58, 0.28);
    wings.curveTo(0.66, 0.48, 0.82, 0.62, 1.0, 0.66);
    wings.curveTo(0.84, 0.74, 0.62, 0.64, 0.56, 0.42);
    wings.lineTo(0.68, 0.40);
    wings.closePath();
    return new Area(wings);
  }

  private static Area tree() {
    var body = lines(0.46, 0, 0.485, 0.5, 0.53, 0.5, 0.56, 0);
    double[][] leaves = {
      {0.18, 0.42, 0.4},
      {0.42, 0.40, 0.42},
      {0.28, 0.58, 0.42},
      {0.10, 0.52, 0.3},
      {0.60, 0.52, 0.3}
    };
    for (double[] each : leaves) {
      body.add(oval(each[0], each[1], each[2], each[2] * 0.86));
    }
    return body;
  }

  private static Area house() {
    var body = box(0.16, 0, 0.66, 0.36);
    body.add(lines(0.08, 0.34, 0.49, 0.66, 0.90, 0.34));
    body.add(box(0.66, 0.4, 0.09, 0.26));
    body.subtract(box(0.27, 0.12, 0.12, 0.14));
    body.subtract(box(0.60, 0.12, 0.12, 0.14));
    return body;
  }

  private static Area boat() {
    var body = lines(0.08, 0.16, 0.2, 0, 0.76, 0, 0.94, 0.16);
    body.add(box(0.485, 0.1, 0.02, 0.9));
    body.add(lines(0.47, 0.22, 0.47, 0.96, 0.14, 0.22));
    body.add(lines(0.53, 0.22, 0.53, 0.86, 0.84, 0.22));
    return body;
  }

  private static Area lighthouse() {
    var body = lines(0.40, 0, 0.44, 0.76, 0.58, 0.76, 0.62, 0);
    body.add(box(0.41, 0.74, 0.20, 0.03));
    body.add(box(0.455, 0.76, 0.11, 0.12));
    body.add(lines(0.43, 0.87, 0.51, 0.98, 0.59, 0.87));
    body.subtract(box(0.475, 0.79, 0.07, 0.07));
    body.subtract(lines(0.43, 0.5, 0.435, 0.6, 0.585, 0.6, 0.595, 0.5));
    body.add(box(0.12, 0, 0.24, 0.16));
    body.add(lines(0.09, 0.15, 0.24, 0.28, 0.39, 0.15));
    return body;
  }

  private static Area balloon() {
    var body = oval(0.14, 0.32, 0.72, 0.68);
    body.add(lines(0.22, 0.46, 0.44, 0.2, 0.56, 0.2, 0.78, 0.46));
    body.add(box(0.43, 0, 0.14, 0.11));
    body.add(lines(0.435, 0.1, 0.445, 0.22, 0.455, 0.22, 0.45, 0.1));
    body.add(lines(0.555, 0.1, 0.545, 0.22, 0.555, 0.22, 0.565, 0.1));
    return body;
  }

  private static Area person() {
    var body = oval(0.42, 0.80, 0.15, 0.18);
    body.add(lines(0.36, 0.34, 0.39, 0.76, 0.46, 0.80, 0.54, 0.80, 0.61, 0.76, 0.64, 0.34));
    body.add(lines(0.38, 0.36, 0.36, 0, 0.45, 0, 0.495, 0.36));
    body.add(lines(0.505, 0.36, 0.55, 0, 0.64, 0, 0.62, 0.36));
    body.add(lines(0.38, 0.75, 0.29, 0.38, 0.345, 0.36, 0.43, 0.70));
    body.add(lines(0.62, 0.75, 0.71, 0.38, 0.655, 0.36, 0.57, 0.70));
    return body;
  }

  private static Area castle() {
    var body = box(0.14, 0, 0.72, 0.34);
    for (double x : new double[] {0.06, 0.40, 0.74}) {
      double tall = x == 0.40 ? 0.68 : 0.5;
      body.add(box(x, 0, 0.2, tall));
      body.add(lines(x - 0.03, tall, x + 0.1, tall + 0.26, x + 0.23, tall));
      body.subtract(box(x + 0.08, tall - 0.16, 0.04, 0.08));
    }
    for (double x = 0.27; x < 0.73; x += 0.08) {
      body.add(box(x, 0.33, 0.04, 0.05));
    }
    body.subtract(oval(0.44, -0.1, 0.12, 0.28));
    return body;
  }

  private static Area robot() {
    var body = box(0.34, 0.72, 0.32, 0.22);
    body.add(box(0.47, 0.66, 0.06, 0.08));
    body.add(box(0.28, 0.32, 0.44, 0.36));
    body.add(box(0.34, 0, 0.11, 0.34));
    body.add(box(0.55, 0, 0.11, 0.34));
    body.add(box(0.17, 0.26, 0.08, 0.40));
    body.add(box(0.75, 0.26, 0.08, 0.40));
    body.add(box(0.2, 0.58, 0.6, 0.06));
    body.add(box(0.49, 0.93, 0.02, 0.1));
    body.add(oval(0.47, 1.0, 0.06, 0.06));
    body.subtract(oval(0.40, 0.80, 0.07, 0.07));
    body.subtract(oval(0.53, 0.80, 0.07, 0.07));
    return body;
  }

  private static Area flower() {
    var stem = new Path2D.Double();
    stem.moveTo(0.5, 0);
    stem.curveTo(0.44, 0.3, 0.56, 0.4, 0.5, 0.66);
    var body = new Area(new BasicStroke(0.03f).createStrokedShape(stem));
    body.add(turned(oval(0.5, 0.16, 0.3, 0.1), 0.5, 0.2, 35));
    body.add(turned(oval(0.5, 0.24, 0.28, 0.1), 0.5, 0.28, 145));
    for (int petal = 0; petal < 8; petal++) {
      body.add(turned(oval(0.54, 0.665, 0.24, 0.13), 0.5, 0.73, petal * 45));
    }
    body.subtract(oval(0.46, 0.69, 0.08, 0.08));
    return body;
  }

  private static Area rocket() {
    var hull = new Path2D.Double();
    hull.moveTo(0.5, 1);
    hull.curveTo(0.68, 0.78, 0.66, 0.5, 0.62, 0.26);
    hull.lineTo(0.38, 0.26);
    hull.curveTo(0.34, 0.5, 0.32, 0.78, 0.5, 1);
    var body = new Area(hull);
    body.add(lines(0.37, 0.46, 0.22, 0.24, 0.22, 0.1, 0.4, 0.28));
    body.add(lines(0.63, 0.46, 0.78, 0.24, 0.78, 0.1, 0.6, 0.28));
    body.add(lines(0.42, 0.24, 0.5, 0, 0.58, 0.24));
    body.subtract(oval(0.445, 0.6, 0.11, 0.11));
    return body;
  }

  private static Area oval(double x, double y, double width, double height) {
    return new Area(new Ellipse2D.Double(x, y, width, height));
  }

  private static Area box(double x, double y, double width, double height) {
    return new Area(new Rectangle2D.Double(x, y, width, height));
  }

  private static Area lines(double... points) {
    var path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    path.closePath();
    return new Area(path);
  }

  private static Area turned(Area area, double x, double y, double degrees) {
    return area.createTransformedArea(
        AffineTransform.getRotateInstance(Math.toRadians(degrees), x, y));
  }
}
