package dev.carillon.gateway.upstream.sandbox.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes an MP4 file (ISO 14496-12 and -14) of one H.264 track and, where wanted, one MP3 track.
///
/// The table of contents comes first, so that a browser can begin to play before it has the whole
/// file, and the sound lies as one chunk before the pictures.
final class Mp4 {
  private static final int SECOND = 90_000;
  private static final int[] UNITY = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
  private static final int MP3_IN_MPEG1 = 0x6B;
  private static final int KEY_FRAME = 5;

  /// One coded picture.
  ///
  /// @param annexB one coded picture as start codes and NAL units
  /// @param key whether decoding can begin here
  @SuppressWarnings(
      "ArrayRecordComponent") // Bytes on their way from the encoder, copied by nobody.
  record Frame(byte[] annexB, boolean key) {}

  /// The picture track.
  ///
  /// @param frameMillis how long each picture stays, in milliseconds
  record Video(int width, int height, List<Frame> frames, double frameMillis) {}

  private Mp4() {}

  /// Writes the file.
  ///
  /// @param sound MP3 frames without tags, mono, at [Tape#RATE]; empty for a silent file
  static byte[] write(Video video, byte[] sound) {
    var units = Units.of(video.frames());
    List<byte[]> mp3 = mp3Frames(sound);
    byte[] type = box("ftyp", ascii("isom"), ints(0x200), ascii("isomiso2avc1mp41"));
    int soundBytes = mp3.stream().mapToInt(each -> each.length).sum();
    // The tables' size does not depend on the offsets in them, so a first draft tells the size.
    int tables = moov(video, units, mp3, 0, 0).length;
    int body = type.length + tables + 8;
    byte[] moov = moov(video, units, mp3, body + soundBytes, body);
    var data = new ByteArrayOutputStream();
    mp3.forEach(data::writeBytes);
    units.samples().forEach(data::writeBytes);
    return join(type, moov, box("mdat", data.toByteArray()));
  }

  /// The NAL units of a coded video: its parameter sets, and each picture with lengths instead of
  /// start codes.
  @SuppressWarnings("ArrayRecordComponent") // As above.
  private record Units(byte[] sps, byte[] pps, List<byte[]> samples) {
    static Units of(List<Frame> frames) {
      byte[] sps = new byte[0];
      byte[] pps = new byte[0];
      var samples = new ArrayList<byte[]>();
      for (Frame frame : frames) {
        var sample = new ByteArrayOutputStream();
        for (byte[] unit : split(frame.annexB())) {
          int type = unit[0] & 31;
          sps = type == 7 ? unit : sps;
          pps = type == 8 ? unit : pps;
          if (type <= KEY_FRAME) {
            sample.writeBytes(ints(unit.length));
            sample.writeBytes(unit);
          }
        }
        samples.add(sample.toByteArray());
      }
      return new Units(sps, pps, samples);
    }

    private static List<byte[]> split(byte[] annexB) {
      var units = new ArrayList<byte[]>();
      int begin = -1;
      for (int i = 0; i + 2 < annexB.length; i++) {
        if (annexB[i] == 0 && annexB[i + 1] == 0 && annexB[i + 2] == 1) {
          if (begin >= 0) {
            units.add(trimmed(annexB, begin, i));
          }
          begin = i + 3;
        }
      }
      if (begin >= 0) {
        units.add(trimmed(annexB, begin, annexB.length));
      }
      return units;
    }

    /// A unit never ends in a zero byte: such a byte belongs to the next start code.
    private static byte[] trimmed(byte[] annexB, int begin, int end) {
      int last = end;
      while (last > begin + 1 && annexB[last - 1] == 0) {
        last--;
      }
      return java.util.Arrays.copyOfRange(annexB, begin, last);
    }
  }

  private static byte[] moov(
      Video video, Units units, List<byte[]> mp3, int videoOffset, int soundOffset) {
    int pictures = (int) Math.round(video.frames().size() * video.frameMillis() * SECOND / 1000);
    int samples = mp3.size() * Mp3.SAMPLES;
    int soundLength = (int) ((long) samples * SECOND / Tape.RATE);
    int longest = Math.max(pictures, soundLength);
    byte[] header =
        full(
            "mvhd",
            0,
            ints(0, 0, SECOND, longest, 0x10000),
            shorts(0x100, 0),
            ints(0, 0),
            ints(UNITY),
            ints(0, 0, 0, 0, 0, 0, 3));
    byte[] picture = videoTrack(video, units, pictures, videoOffset);
    byte[] sound = mp3.isEmpty() ? new byte[0] : soundTrack(mp3, samples, soundLength, soundOffset);
    return box("moov", header, picture, sound);
  }

  private static byte[] videoTrack(Video video, Units units, int length, int offset) {
    int count = units.samples().size();
    int[] keys = new int[count];
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (video.frames().get(i).key()) {
        keys[found++] = i + 1;
      }
    }
    byte[] tables =
        box(
            "stbl",
            full("stsd", 0, ints(1), avc1(video, units)),
            full("stts", 0, ints(1, count, length / count)),
            full("stss", 0, ints(found), ints(java.util.Arrays.copyOf(keys, found))),
            chunk(units.samples(), offset));
    byte[] media = box("minf", full("vmhd", 1, shorts(0, 0, 0, 0)), dataHere(), tables);
    return track(
        1,
        length,
        0,
        video.width(),
        video.height(),
        mdia(SECOND, length, "vide", "procedural picture", media));
  }

  private static byte[] soundTrack(List<byte[]> mp3, int samples, int length, int offset) {
    byte[] tables =
        box(
            "stbl",
            full("stsd", 0, ints(1), mp4a()),
            full("stts", 0, ints(1, mp3.size(), Mp3.SAMPLES)),
            chunk(mp3, offset));
    byte[] media = box("minf", full("smhd", 0, shorts(0, 0)), dataHere(), tables);
    return track(
        2, length, 0x100, 0, 0, mdia(Tape.RATE, samples, "soun", "procedural sound", media));
  }

  private static byte[] track(int id, int length, int volume, int width, int height, byte[] mdia) {
    byte[] header =
        full(
            "tkhd",
            7,
            ints(0, 0, id, 0, length, 0, 0),
            shorts(0, 0, volume, 0),
            ints(UNITY),
            ints(width << 16, height << 16));
    return box("trak", header, mdia);
  }

  private static byte[] mdia(int scale, int length, String kind, String name, byte[] minf) {
    return box(
        "mdia",
        full("mdhd", 0, ints(0, 0, scale, length), shorts(0x55C4, 0)),
        full("hdlr", 0, ints(0), ascii(kind), ints(0, 0, 0), ascii(name), new byte[1]),
        minf);
  }

  private static byte[] dataHere() {
    return box("dinf", full("dref", 0, ints(1), full("url ", 1)));
  }

  /// All samples of a track as one chunk.
  private static byte[] chunk(List<byte[]> samples, int offset) {
    int[] sizes = samples.stream().mapToInt(each -> each.length).toArray();
    return join(
        full("stsc", 0, ints(1, 1, samples.size(), 1)),
        full("stsz", 0, ints(0, samples.size()), ints(sizes)),
        full("stco", 0, ints(1, offset)));
  }

  private static byte[] avc1(Video video, Units units) {
    byte[] sps = units.sps();
    byte[] config =
        box(
            "avcC",
            new byte[] {1, sps[1], sps[2], sps[3], (byte) 0xFF, (byte) 0xE1},
            shorts(sps.length),
            sps,
            new byte[] {1},
            shorts(units.pps().length),
            units.pps());
    return box(
        "avc1",
        ints(0),
        shorts(0, 1),
        ints(0, 0, 0, 0),
        shorts(video.width(), video.height()),
        ints(0x480000, 0x480000, 0),
        shorts(1),
        new byte[32],
        shorts(0x18, 0xFFFF),
        config);
  }

  private static byte[] mp4a() {
    byte[] decoder = join(new byte[] {4, 13, MP3_IN_MPEG1, 0x15, 0, 0, 0}, ints(0, 0));
    byte[] stream =
        join(
            new byte[] {3, (byte) (3 + decoder.length + 3), 0, 2, 0},
            decoder,
            new byte[] {6, 1, 2});
    return box(
        "mp4a",
        ints(0),
        shorts(0, 1),
        ints(0, 0),
        shorts(1, 16),
        ints(0),
        ints(Tape.RATE << 16),
        full("esds", 0, stream));
  }

  private static List<byte[]> mp3Frames(byte[] sound) {
    return Mp3.frames(sound);
  }

  private static byte[] full(String name, int flags, byte[]... parts) {
    return box(name, ints(flags), join(parts));
  }

  private static byte[] box(String name, byte[]... parts) {
    byte[] body = join(parts);
    return join(ints(body.length + 8), ascii(name), body);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] ints(int... values) {
    var buffer = ByteBuffer.allocate(4 * values.length);
    buffer.asIntBuffer().put(values);
    return buffer.array();
  }

  private static byte[] shorts(int... values) {
    var buffer = ByteBuffer.allocate(2 * values.length);
    for (int each : values) {
      buffer.putShort((short) each);
    }
    return buffer.array();
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] each : parts) {
      out.writeBytes(each);
    }
    return out.toByteArray();
  }
}
