package dev.carillon.gateway.upstream.sandbox.media;

/// The colours of a picture: of the sky from top to horizon, of the sun or moon, of the clouds, of
/// land far away and near.
record Palette(
    Hue zenith, Hue middle, Hue horizon, Hue sun, Hue cloud, Hue shade, Hue far, Hue near) {

  static Palette of(Mood mood) {
    Palette plain =
        switch (mood.light()) {
          case DAY ->
              of(0x2f6fc0, 0x7fb4e6, 0xdcecf4, 0xfff6d8, 0xffffff, 0xa9bdd2, 0x9fb9cf, 0x23452f);
          case SUNSET ->
              of(0x2b2a5c, 0xb8506e, 0xffb45e, 0xffe2a0, 0xff9a6b, 0x6b3a62, 0xb8627a, 0x1b1429);
          case DAWN ->
              of(0x6f8fc6, 0xd6b3d6, 0xffdcc2, 0xfff2d0, 0xffd9d2, 0xa58fb8, 0xb9a6c8, 0x33395a);
          case NIGHT ->
              of(0x050a20, 0x12214a, 0x35508a, 0xf2f0dc, 0x4a5f94, 0x131c3c, 0x2c4170, 0x05070f);
          case STORM ->
              of(0x38434f, 0x6d7c88, 0xc2c8c6, 0xeef0e6, 0xd2d8d8, 0x4a5561, 0x8b9aa2, 0x1a2428);
          case NEON ->
              of(0x0b0626, 0x4a1470, 0xff3f9f, 0xffd36e, 0xb23cc8, 0x1d0a44, 0x5a1f86, 0x080414);
        };
    return plain.tinted(mood.tint(), mood.tintShare());
  }

  private static Palette of(int... rgb) {
    return new Palette(
        Hue.of(rgb[0]),
        Hue.of(rgb[1]),
        Hue.of(rgb[2]),
        Hue.of(rgb[3]),
        Hue.of(rgb[4]),
        Hue.of(rgb[5]),
        Hue.of(rgb[6]),
        Hue.of(rgb[7]));
  }

  /// Tinting keeps how light each colour is, so that a red night stays a night.
  private Palette tinted(Hue tint, float share) {
    return new Palette(
        toward(zenith, tint, share * 0.8f),
        toward(middle, tint, share),
        toward(horizon, tint, share * 0.7f),
        sun,
        toward(cloud, tint, share * 0.5f),
        toward(shade, tint, share * 0.7f),
        toward(far, tint, share),
        toward(near, tint, share * 0.4f));
  }

  private static Hue toward(Hue hue, Hue tint, float share) {
    float wanted = light(hue) / Math.max(0.08f, light(tint));
    return hue.mix(tint.scale(Math.min(wanted, 1.6f)), share);
  }

  private static float light(Hue hue) {
    return 0.3f * hue.red() + 0.59f * hue.green() + 0.11f * hue.blue();
  }
}
