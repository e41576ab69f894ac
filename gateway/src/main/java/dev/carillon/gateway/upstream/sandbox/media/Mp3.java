package dev.carillon.gateway.upstream.sandbox.media;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads where the frames of an MP3 stream of our own making begin and end (ISO 11172-3, layer
/// III).
final class Mp3 {
  /// Samples in each frame.
  static final int SAMPLES = 1152;

  private static final int[] KILOBITS = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0
  };
  private static final int[] RATES = {44_100, 48_000, 32_000, 1};

  private Mp3() {}

  /// The whole frames of a stream, in order; whatever is no frame is left out.
  static List<byte[]> frames(byte[] stream) {
    var frames = new ArrayList<byte[]>();
    int at = 0;
    while (at + 4 <= stream.length) {
      int length = lengthAt(stream, at);
      if (length == 0) {
        at++;
      } else if (at + length > stream.length) {
        break;
      } else {
        frames.add(Arrays.copyOfRange(stream, at, at + length));
        at += length;
      }
    }
    return frames;
  }

  private static int lengthAt(byte[] stream, int at) {
    boolean layerThree = (stream[at] & 0xff) == 0xff && (stream[at + 1] & 0xfe) == 0xfa;
    int kilobits = KILOBITS[(stream[at + 2] & 0xf0) >> 4];
    int rate = RATES[(stream[at + 2] & 12) >> 2];
    if (!layerThree || kilobits == 0 || rate == 1) {
      return 0;
    }
    return SAMPLES / 8 * kilobits * 1000 / rate + ((stream[at + 2] & 2) >> 1);
  }
}
