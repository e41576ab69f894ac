package dev.carillon.gateway.upstream.sandbox.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Writes notes down as a Standard MIDI File of one track (format 0).
final class Score {
  private static final int TICKS = 480;
  private static final int BEAT_MICROS = 500_000;
  private static final int ON = 0x90;
  private static final int OFF = 0x80;

  /// A key pressed or let go.
  ///
  /// @param tick when, at 480 ticks for half a second
  private record Key(int tick, int order, int pitch, int force) {}

  private final List<Key> keys = new ArrayList<>();

  /// Writes one note down.
  ///
  /// @param start in seconds
  /// @param length in seconds
  void note(double start, double length, double frequency, float gain) {
    int pitch = (int) Math.round(69 + 12 * Math.log(frequency / 440) / Math.log(2));
    int from = (int) Math.round(start * 2 * TICKS);
    int to = Math.max(from + 1, (int) Math.round((start + length) * 2 * TICKS));
    keys.add(
        new Key(
            from, ON, Math.clamp(pitch, 0, 127), Math.clamp(Math.round(40 + gain * 400), 1, 127)));
    keys.add(new Key(to, OFF, Math.clamp(pitch, 0, 127), 0));
  }

  byte[] toBytes() {
    keys.sort(Comparator.comparingInt(Key::tick).thenComparingInt(Key::order));
    var track = new ByteArrayOutputStream();
    byte[] honest = "sandbox, procedural".getBytes(StandardCharsets.US_ASCII);
    track.writeBytes(new byte[] {0, (byte) 0xFF, 1, (byte) honest.length});
    track.writeBytes(honest);
    track.writeBytes(
        new byte[] {
          0,
          (byte) 0xFF,
          0x51,
          3,
          (byte) (BEAT_MICROS >> 16),
          (byte) (BEAT_MICROS >> 8),
          (byte) (BEAT_MICROS & 255)
        });
    int now = 0;
    for (Key each : keys) {
      variable(track, each.tick() - now);
      now = each.tick();
      track.write(each.order());
      track.write(each.pitch());
      track.write(each.force());
    }
    track.writeBytes(new byte[] {0, (byte) 0xFF, 0x2F, 0});
    return ByteBuffer.allocate(22 + track.size())
        .put("MThd".getBytes(StandardCharsets.US_ASCII))
        .putInt(6)
        .putShort((short) 0)
        .putShort((short) 1)
        .putShort((short) TICKS)
        .put("MTrk".getBytes(StandardCharsets.US_ASCII))
        .putInt(track.size())
        .put(track.toByteArray())
        .array();
  }

  private static void variable(ByteArrayOutputStream out, int value) {
    for (int shift = 21; shift > 0; shift -= 7) {
      if (value >> shift != 0) {
        out.write(((value >> shift) & 127) | 128);
      }
    }
    out.write(value & 127);
  }
}
