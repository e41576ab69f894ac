package dev.carillon.cli.task;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageIO;

/// A picture in sixels: bands of six lines, and within each a line of characters for every color in
/// it (DEC STD 070, chapter 9). There are 216 colors, six steps of each primary one, and a pattern
/// of dots between them.
final class Sixel {
  private static final int WIDEST = 640;
  private static final int BAND = 6;
  private static final int STEPS = 6;
  private static final int COLORS = STEPS * STEPS * STEPS;

  /// Thresholds of an ordered pattern, in sixteenths.
  private static final int[][] PATTERN = {
    {0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5},
  };

  private Sixel() {}

  /// The picture in this file, as wide as it is and at most 640 pixels; empty for one that cannot
  /// be read.
  static Optional<String> of(byte[] file) {
    try {
      return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(file)))
          .map(picture -> text(fitted(picture)));
    } catch (IOException | RuntimeException broken) {
      return Optional.empty();
    }
  }

  private static BufferedImage fitted(BufferedImage picture) {
    int width = Math.min(WIDEST, picture.getWidth());
    int height = Math.max(1, (int) ((long) picture.getHeight() * width / picture.getWidth()));
    var fitted = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = fitted.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(picture, 0, 0, width, height, null);
    pen.dispose();
    return fitted;
  }

  private static String text(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    var text = new StringBuilder(width * height / 2);
    text.append("\u001bPq\"1;1;").append(width).append(';').append(height);
    for (int color = 0; color < COLORS; color++) {
      text.append('#').append(color).append(";2;").append(percent(color / (STEPS * STEPS)));
      text.append(';').append(percent(color / STEPS % STEPS));
      text.append(';').append(percent(color % STEPS));
    }
    for (int top = 0; top < height; top += BAND) {
      band(text, picture, top);
    }
    return text.append("\u001b\\\n").toString();
  }

  private static int percent(int step) {
    return 100 * step / (STEPS - 1);
  }

  /// One pass for each color of the band, each from its left edge on.
  private static void band(StringBuilder text, BufferedImage picture, int top) {
    int width = picture.getWidth();
    int[][] dots = new int[COLORS][];
    for (int y = top; y < Math.min(top + BAND, picture.getHeight()); y++) {
      for (int x = 0; x < width; x++) {
        int color = color(picture.getRGB(x, y), x, y);
        if (dots[color] == null) {
          dots[color] = new int[width];
        }
        dots[color][x] |= 1 << (y - top);
      }
    }
    for (int color = 0; color < COLORS; color++) {
      if (dots[color] != null) {
        text.append('#').append(color);
        line(text, dots[color]);
        text.append('$');
      }
    }
    text.append('-');
  }

  private static int color(int rgb, int x, int y) {
    int threshold = PATTERN[y % PATTERN.length][x % PATTERN.length];
    int red = step(rgb >> 16 & 0xff, threshold);
    int green = step(rgb >> 8 & 0xff, threshold);
    int blue = step(rgb & 0xff, threshold);
    return (red * STEPS + green) * STEPS + blue;
  }

  /// A value between two steps is rounded up at as many places of the pattern as it is near the
  /// upper one.
  private static int step(int value, int threshold) {
    return (value * (STEPS - 1) * 16 + threshold * 255) / (255 * 16);
  }

  /// Equal neighbors are written once, with their number.
  private static void line(StringBuilder text, int[] dots) {
    int x = 0;
    while (x < dots.length) {
      int end = x + 1;
      while (end < dots.length && dots[end] == dots[x]) {
        end++;
      }
      char sixel = (char) ('?' + dots[x]);
      if (end - x > 3) {
        text.append('!').append(end - x).append(sixel);
      } else {
        text.append(String.valueOf(sixel).repeat(end - x));
      }
      x = end;
    }
  }
}
