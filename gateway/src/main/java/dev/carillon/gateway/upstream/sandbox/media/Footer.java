package dev.carillon.gateway.upstream.sandbox.media;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/// The strip at the foot of every picture: the prompt, and the words that it is procedural.
final class Footer {
  private static final String HONEST = "sandbox · procedural";
  private static final int SMALLEST = 9;

  private Footer() {}

  /// The strip's height in a picture of this height, in pixels.
  static int height(int pictureHeight) {
    return Math.max(SMALLEST + 5, pictureHeight / 30) & ~1;
  }

  /// Draws the strip. A machine without any font gets the strip without words.
  static void draw(BufferedImage image, String caption) {
    int tall = height(image.getHeight());
    int top = image.getHeight() - tall;
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(8, 10, 16, 170));
    graphics.fillRect(0, top, image.getWidth(), tall);
    try {
      write(graphics, image.getWidth(), top, tall, caption);
    } catch (RuntimeException | LinkageError | InternalError noFonts) {
      // A minimal container has no font configuration; the picture is still worth having.
      graphics.setColor(new Color(255, 255, 255, 60));
      graphics.fillRect(tall / 2, top + tall / 2, image.getWidth() / 3, 1);
    } finally {
      graphics.dispose();
    }
  }

  private static void write(Graphics2D graphics, int width, int top, int tall, String caption) {
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(SMALLEST, tall * 6 / 11)));
    FontMetrics metrics = graphics.getFontMetrics();
    int base = top + (tall + metrics.getAscent() - metrics.getDescent()) / 2;
    int edge = tall / 2;
    int honest = metrics.stringWidth(HONEST);
    graphics.setColor(new Color(255, 255, 255, 150));
    graphics.drawString(HONEST, width - honest - edge, base);
    graphics.setColor(new Color(255, 255, 255, 225));
    graphics.drawString(fitting(metrics, caption, width - honest - 3 * edge), edge, base);
  }

  private static String fitting(FontMetrics metrics, String caption, int room) {
    if (metrics.stringWidth(caption) <= room) {
      return caption;
    }
    int end = caption.length();
    while (end > 0 && metrics.stringWidth(caption.substring(0, end) + "…") > room) {
      end = caption.offsetByCodePoints(end, -1);
    }
    return end == 0 ? "" : caption.substring(0, end).strip() + "…";
  }
}
