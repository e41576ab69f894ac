package dev.carillon.gateway.upstream.sandbox.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.imageio.ImageIO;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MidiSystem;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.JCodecException;
import org.jcodec.common.io.ByteBufferSeekableByteChannel;
import org.jcodec.common.model.Picture;
import org.jcodec.containers.mp4.demuxer.MP4Demuxer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RendererTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a cat at sunset by the sea",
        "snowy mountains",
        "neon city",
        "purple galaxy",
        "abstract",
        "flower meadow",
        "forest",
        "desert",
        "a boat on a lake at night",
        "a robot",
        "a rocket",
        "a castle",
        "a balloon",
        "a bird",
        "a dog",
        "a house",
        "a tree",
        "a lighthouse",
        "a knight"
      })
  void every_kind_of_picture_can_be_painted(String prompt) throws IOException {
    byte[] png = Renderer.render(Recipe.picture(prompt, 3, 96, 64), Format.PNG);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));

    assertThat(image.getWidth()).isEqualTo(96);
    assertThat(image.getHeight()).isEqualTo(64);
    assertThat(image.getRGB(0, 0, 96, 60, null, 0, 96)).as("more than one colour").isNotEmpty();
    assertThat(java.util.Arrays.stream(image.getRGB(0, 0, 96, 60, null, 0, 96)).distinct().count())
        .isGreaterThan(100);
  }

  @Test
  void the_same_recipe_gives_the_same_bytes_and_another_prompt_does_not() throws IOException {
    var cat = Recipe.picture("a cat", Seeds.of("a cat"), 128, 128);
    var dog = Recipe.picture("a dog", Seeds.of("a dog"), 128, 128);

    assertThat(Renderer.render(cat, Format.PNG)).isEqualTo(Renderer.render(cat, Format.PNG));
    assertThat(Renderer.render(cat, Format.PNG)).isNotEqualTo(Renderer.render(dog, Format.PNG));
    assertThat(Renderer.render(cat, Format.JPG)).startsWith(0xFF, 0xD8);
  }

  @Test
  void each_part_of_a_grid_looks_like_its_upscale_and_unlike_the_others() {
    var grid = Recipe.grid("mountains", 11, 256, 256);
    BufferedImage whole = Painter.picture(grid);
    for (int number = 1; number <= 4; number++) {
      int x = number % 2 == 1 ? 0 : 130;
      int y = number <= 2 ? 0 : 130;
      BufferedImage part = whole.getSubimage(x, y, 126, 110);
      double own = difference(part, shrunk(Painter.scene(grid.quadrant(number), 256, 256)));
      double other =
          difference(part, shrunk(Painter.scene(grid.quadrant(number % 4 + 1), 256, 256)));
      assertThat(own).as("picture %d", number).isLessThan(8).isLessThan(other / 2);
    }
  }

  @Test
  void a_wider_view_shows_the_earlier_picture_smaller() {
    var near = Recipe.picture("mountains", 5, 256, 256);
    var far = near.seenFrom(View.PLAIN.wider(2));
    BufferedImage middle = Painter.scene(far, 256, 256).getSubimage(64, 64, 128, 110);

    assertThat(difference(middle, shrunk(Painter.scene(near, 256, 256)))).isLessThan(22);
  }

  @Test
  void a_clip_has_the_asked_size_and_length_and_can_be_decoded()
      throws IOException, JCodecException {
    var recipe = Recipe.clip("a boat at sunset", 9, 160, 96, Duration.ofSeconds(4));
    byte[] mp4 = Renderer.render(recipe, Format.MP4);
    var demuxer =
        MP4Demuxer.createMP4Demuxer(
            ByteBufferSeekableByteChannel.readFromByteBuffer(ByteBuffer.wrap(mp4)));
    var video = demuxer.getVideoTrack().getMeta();

    assertThat(video.getTotalDuration()).isEqualTo(4.0);
    assertThat(video.getTotalFrames()).isEqualTo(32);
    Picture frame =
        FrameGrab.createFrameGrab(
                ByteBufferSeekableByteChannel.readFromByteBuffer(ByteBuffer.wrap(mp4)))
            .seekToFramePrecise(20)
            .getNativeFrame();
    assertThat(frame.getCroppedWidth()).isEqualTo(160);
    assertThat(frame.getCroppedHeight()).isEqualTo(96);
    assertThat(luma(frame)).as("not black, not white").isBetween(-90.0, 90.0);
  }

  @Test
  void a_sounding_clip_holds_as_much_sound_as_picture() throws IOException {
    var recipe = Recipe.clip("a boat", 9, 64, 64, Duration.ofSeconds(2)).sounding(true);
    byte[] mp4 = Renderer.render(recipe, Format.MP4);

    assertThat(Mp3.frames(mp4).size() * (double) Mp3.SAMPLES / Tape.RATE).isBetween(1.9, 2.3);
    assertThat(new String(mp4, StandardCharsets.ISO_8859_1)).contains("avc1", "mp4a", "esds");
  }

  @Test
  void a_song_is_as_long_as_asked_and_sounds() throws IOException {
    var song = Recipe.song("happy pop", 4, Duration.ofSeconds(12), true);
    byte[] mp3 = Renderer.render(song, Format.MP3);
    double seconds = Mp3.frames(mp3).size() * (double) Mp3.SAMPLES / Tape.RATE;
    double loudness = loudness(Song.play(song));

    assertThat(seconds).isBetween(11.9, 12.3);
    assertThat(loudness).isBetween(0.05, 0.6);
    assertThat(mp3).isEqualTo(Renderer.render(song, Format.MP3));
    assertThat(mp3).isNotEqualTo(Renderer.render(song.detailed(5), Format.MP3));
  }

  @Test
  void a_wave_file_has_every_sample() throws IOException {
    var speech = Recipe.speech("Good morning, world.", 4, Duration.ofSeconds(2));
    byte[] wave = Renderer.render(speech, Format.WAV);

    assertThat(wave).hasSize(44 + 2 * Tape.RATE * 2).startsWith('R', 'I', 'F', 'F');
  }

  @Test
  void the_notes_of_a_song_are_a_midi_file() throws IOException, InvalidMidiDataException {
    byte[] midi =
        Renderer.render(Recipe.song("rock", 4, Duration.ofSeconds(20), false), Format.MID);
    var sequence = MidiSystem.getSequence(new ByteArrayInputStream(midi));

    assertThat(sequence.getMicrosecondLength() / 1e6).isBetween(18.0, 26.0);
    assertThat(sequence.getTracks()[0].size()).isGreaterThan(100);
  }

  @Test
  void longer_texts_are_spoken_longer() {
    assertThat(Speech.seconds("one two three four five six seven"))
        .isGreaterThan(2 * Speech.seconds("one two"));
    assertThat(Speech.seconds("")).isPositive();
    assertThat(Speech.seconds("你好世界")).isBetween(0.8, 2.0);
    assertThat(Speech.seconds("a, b. ".repeat(1_000_000))).isLessThan(2000);
  }

  private static BufferedImage shrunk(BufferedImage image) {
    var small = new BufferedImage(126, 126, BufferedImage.TYPE_INT_RGB);
    var graphics = small.createGraphics();
    graphics.drawImage(image.getScaledInstance(126, 126, Image.SCALE_AREA_AVERAGING), 0, 0, null);
    graphics.dispose();
    return small;
  }

  /// The mean difference of two pictures' channels over the smaller height, 0 to 255.
  private static double difference(BufferedImage a, BufferedImage b) {
    long sum = 0;
    int width = Math.min(a.getWidth(), b.getWidth());
    int height = Math.min(a.getHeight(), b.getHeight());
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          sum += Math.abs((a.getRGB(x, y) >> shift & 255) - (b.getRGB(x, y) >> shift & 255));
        }
      }
    }
    return sum / (3.0 * width * height);
  }

  private static double luma(Picture frame) {
    long sum = 0;
    for (byte each : frame.getPlaneData(0)) {
      sum += each;
    }
    return sum / (double) frame.getPlaneData(0).length;
  }

  private static double loudness(Tape tape) {
    double sum = 0;
    for (float each : tape.samples()) {
      sum += each * each;
    }
    return Math.sqrt(sum / tape.length());
  }
}
