package dev.carillon.gateway.upstream.sandbox.media;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/// Paints the pictures of a recipe: one, or four in a grid, with a footer that says what they are.
final class Painter {
  private static final int GAP = 4;
  private static final float CORNER = 0.42f;

  private Painter() {}

  /// A finished picture of a PICTURE or GRID recipe.
  static BufferedImage picture(Recipe recipe) {
    var image =
        recipe.kind() == Recipe.Kind.GRID
            ? grid(recipe)
            : scene(recipe, recipe.width(), recipe.height());
    Footer.draw(image, recipe.caption());
    return image;
  }

  private static BufferedImage grid(Recipe recipe) {
    int width = recipe.width() / 2 - GAP / 2;
    int height = recipe.height() / 2 - GAP / 2;
    var whole = new BufferedImage(recipe.width(), recipe.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = whole.createGraphics();
    for (int number = 1; number <= 4; number++) {
      int x = number % 2 == 1 ? 0 : width + GAP;
      int y = number <= 2 ? 0 : height + GAP;
      graphics.drawImage(scene(recipe.quadrant(number), width, height), x, y, null);
    }
    graphics.dispose();
    return whole;
  }

  /// The bare scene of a recipe, without a footer.
  static BufferedImage scene(Recipe recipe, int width, int height) {
    var mood = Mood.of(recipe.theme());
    var scene = Scene.of(mood, recipe.theme(), recipe.detail(), recipe.strength() / 100f);
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    View view = recipe.view();
    float step = view.scale() / height;
    float left = view.x() - step * width / 2;
    float top = view.y() + view.scale() / 2;
    fill(image, scene, left, top, step);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    var toPixels = new AffineTransform(1 / step, 0, 0, -1 / step, -left / step, top / step);
    Silhouettes.draw(graphics, toPixels, mood, recipe.theme());
    graphics.dispose();
    return image;
  }

  private static void fill(BufferedImage image, Scene scene, float left, float top, float step) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    var ink = new Ink();
    scene.stand(left, step, width);
    for (int y = 0; y < height; y++) {
      float v = top - step * y;
      float offMiddle = y / (float) height - 0.5f;
      for (int x = 0; x < width; x++) {
        scene.paint(ink, x, left + step * x, v);
        float across = x / (float) width - 0.5f;
        float corner = across * across + offMiddle * offMiddle;
        ink.scale(1 - CORNER * corner * corner * 2.2f);
        pixels[y * width + x] = ink.rgb(0.25f + 0.5f * ((x + y) & 1));
      }
    }
  }
}
