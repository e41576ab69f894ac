package dev.carillon.gateway.upstream.sandbox.media;

import de.sciss.jump3r.lowlevel.LameEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.sound.sampled.AudioFormat;

/// Sound files of a tape.
final class Sounds {
  private static final int BITRATE = 80;
  private static final int WAVE_HEADER = 44;
  private static final int TAG_BYTES = 10;

  private Sounds() {}

  /// MP3 frames, mono, constant rate, after a short tag that says what they are.
  static byte[] mp3(Tape tape) {
    var out = new ByteArrayOutputStream();
    byte[] honest = "sandbox, procedural".getBytes(StandardCharsets.ISO_8859_1);
    int frame = TAG_BYTES + 1 + honest.length;
    out.writeBytes(new byte[] {'I', 'D', '3', 3, 0, 0, 0, 0, 0, (byte) frame});
    out.writeBytes(new byte[] {'T', 'I', 'T', '2', 0, 0, 0, (byte) (1 + honest.length), 0, 0, 0});
    out.writeBytes(honest);
    out.writeBytes(frames(tape));
    return out.toByteArray();
  }

  /// MP3 frames and nothing else.
  static byte[] frames(Tape tape) {
    var format = new AudioFormat(Tape.RATE, 16, 1, true, false);
    var encoder =
        new LameEncoder(
            format, BITRATE, LameEncoder.CHANNEL_MODE_MONO, LameEncoder.QUALITY_LOWEST, false);
    byte[] pcm = tape.pcm();
    var out = new ByteArrayOutputStream();
    byte[] buffer = new byte[encoder.getMP3BufferSize()];
    int step = encoder.getPCMBufferSize();
    for (int at = 0; at < pcm.length; at += step) {
      int written = encoder.encodeBuffer(pcm, at, Math.min(step, pcm.length - at), buffer);
      out.write(buffer, 0, written);
    }
    out.write(buffer, 0, encoder.encodeFinish(buffer));
    encoder.close();
    return out.toByteArray();
  }

  /// A WAV file: 16 bit, mono.
  static byte[] wave(Tape tape) {
    byte[] pcm = tape.pcm();
    return ByteBuffer.allocate(WAVE_HEADER + pcm.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(WAVE_HEADER - 8 + pcm.length)
        .put("WAVEfmt ".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) 1)
        .putInt(Tape.RATE)
        .putInt(Tape.RATE * 2)
        .putShort((short) 2)
        .putShort((short) 16)
        .put("data".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(pcm.length)
        .put(pcm)
        .array();
  }
}
