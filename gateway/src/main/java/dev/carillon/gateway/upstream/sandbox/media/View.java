package dev.carillon.gateway.upstream.sandbox.media;

/// Where the camera looks.
///
/// @param x its middle along the scene; the scene's height is 1
/// @param y its middle above the scene's foot
/// @param scale how much of the scene's height it sees; 2 shows everything half as large
public record View(float x, float y, float scale) {
  /// The view every new picture begins with.
  public static final View PLAIN = new View(0, 0.5f, 1);

  private static final float FAR = 40;
  private static final float WIDEST = 8;

  public View {
    x = Math.clamp(x, -FAR, FAR);
    y = Math.clamp(y, -2f, 3f);
    scale = Math.clamp(scale, 0.05f, WIDEST);
  }

  /// More around the same middle.
  public View wider(float factor) {
    return new View(x, y, scale * factor);
  }

  /// The same width, shifted by shares of what is seen.
  public View shifted(float right, float up) {
    return new View(x + right * scale, y + up * scale, scale);
  }
}
