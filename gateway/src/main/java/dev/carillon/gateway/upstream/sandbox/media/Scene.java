package dev.carillon.gateway.upstream.sandbox.media;

/// Something that has a colour at every point of an endless plane.
interface Scene {
  /// Gets ready for a picture whose column `i` lies at `left + i * step` along the scene.
  void stand(float left, float step, int columns);

  /// Mixes the colour at a point.
  ///
  /// @param column which of the prepared columns the point lies in
  void paint(Ink ink, int column, float u, float v);

  /// The scene of a mood.
  ///
  /// @param theme decides composition and light
  /// @param detail decides clouds, textures and, when `strength` is 0.5 or more, the land's form
  static Scene of(Mood mood, long theme, long detail, float strength) {
    return switch (mood.place()) {
      case SPACE -> new Cosmos(mood, theme, detail);
      case ABSTRACT -> new Swirl(mood, theme, detail);
      default -> new Landscape(mood, theme, detail, strength);
    };
  }
}
