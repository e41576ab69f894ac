package dev.carillon.gateway.upstream.sandbox;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The size of a picture or video, from whatever words a caller wrote for it.
///
/// @param width in pixels
/// @param height in pixels
record Frame(int width, int height) {
  private static final Pattern PIXELS = Pattern.compile("(\\d{2,5})\\s*[x×*]\\s*(\\d{2,5})");
  private static final Pattern RATIO =
      Pattern.compile("(\\d{1,3}(?:\\.\\d+)?)\\s*:\\s*(\\d{1,3}(?:\\.\\d+)?)");
  private static final int PICTURE_SIDE = 1024;
  private static final int LARGEST_SIDE = 2048;
  private static final int CLIP_AREA = 640 * 360;
  private static final double SQUAREST = 1;
  private static final double LONGEST = 3;

  /// A picture of the asked size, at most 2048 pixels a side; 1024 a side when only a ratio or
  /// nothing was asked.
  static Frame picture(Plan plan) {
    Optional<Frame> pixels = pixels(plan.word("size"));
    if (pixels.isPresent()) {
      return pixels.get().within(LARGEST_SIDE);
    }
    double ratio = ratio(plan).orElse(SQUAREST);
    int side =
        plan.word("size").startsWith("2k") || plan.word("size").startsWith("4k")
            ? LARGEST_SIDE
            : PICTURE_SIDE;
    return ratio >= 1
        ? new Frame(side, (int) Math.round(side / ratio))
        : new Frame((int) Math.round(side * ratio), side);
  }

  /// A video of the asked ratio. It is always as small as 640x360: that is what one core renders
  /// quickly.
  static Frame clip(Plan plan) {
    double ratio = ratio(plan).orElse(16.0 / 9);
    double height = Math.sqrt(CLIP_AREA / ratio);
    return new Frame(even(height * ratio), even(height));
  }

  private static int even(double side) {
    return (int) Math.round(side / 2) * 2;
  }

  private static Optional<Double> ratio(Plan plan) {
    for (String key : new String[] {"aspect", "size"}) {
      String word = plan.word(key);
      Matcher ratio = RATIO.matcher(word);
      Optional<Frame> pixels = pixels(word);
      if (ratio.find()) {
        return Optional.of(
            bounded(Double.parseDouble(ratio.group(1)), Double.parseDouble(ratio.group(2))));
      } else if (pixels.isPresent()) {
        return Optional.of(bounded(pixels.get().width(), pixels.get().height()));
      } else if (word.equals("portrait")) {
        return Optional.of(9.0 / 16);
      } else if (word.equals("square")) {
        return Optional.of(SQUAREST);
      }
    }
    return Optional.empty();
  }

  private static double bounded(double width, double height) {
    return Math.clamp(width / Math.max(0.01, height), 1 / LONGEST, LONGEST);
  }

  private static Optional<Frame> pixels(String word) {
    Matcher found = PIXELS.matcher(word);
    return found.find()
        ? Optional.of(new Frame(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2))))
        : Optional.empty();
  }

  private Frame within(int side) {
    double shrink = Math.min(1, side / (double) Math.max(width, height));
    return new Frame(
        Math.max(64, (int) Math.round(width * shrink)),
        Math.max(64, (int) Math.round(height * shrink)));
  }
}
