package dev.carillon.gateway.upstream.sandbox.media;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Makes the bytes of a file from its recipe; the same bytes each time.
final class Renderer {
  private static final float JPEG_QUALITY = 0.9f;

  private Renderer() {}

  /// Makes a file.
  ///
  /// @throws IOException when the image writers fail
  static byte[] render(Recipe recipe, Format format) throws IOException {
    return switch (format) {
      case PNG, JPG -> image(Painter.picture(recipe), format);
      case MP4 -> Clip.film(recipe);
      case MP3 -> Sounds.mp3(tape(recipe));
      case WAV -> Sounds.wave(tape(recipe));
      case MID -> Song.score(recipe);
    };
  }

  private static Tape tape(Recipe recipe) {
    if (recipe.kind() == Recipe.Kind.SONG) {
      return Song.play(recipe);
    }
    int samples = (int) (recipe.length().toMillis() * Tape.RATE / 1000);
    return Voice.speak(recipe.caption(), recipe.theme(), Math.max(Tape.RATE / 2, samples));
  }

  private static byte[] image(BufferedImage picture, Format format) throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = ImageIO.getImageWritersByFormatName(format.extension()).next();
    // The memory stream keeps ImageIO from writing temporary files.
    try (var stream = new MemoryCacheImageOutputStream(out)) {
      var parameters = writer.getDefaultWriteParam();
      if (format == Format.JPG) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(JPEG_QUALITY);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }
}
