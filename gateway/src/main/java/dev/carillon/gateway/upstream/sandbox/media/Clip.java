package dev.carillon.gateway.upstream.sandbox.media;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.jcodec.codecs.h264.H264Encoder;
import org.jcodec.codecs.h264.encode.RateControl;
import org.jcodec.codecs.h264.io.model.SliceType;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Picture;
import org.jcodec.common.model.Size;

/// Films a scene: a camera moves slowly over a picture wider than what it sees.
final class Clip {
  private static final int RATE = 8;
  private static final int MOST_FRAMES = 72;
  private static final int QUALITY = 27;
  private static final int SEARCH = 8;
  private static final float MARGIN = 1.3f;

  private Clip() {}

  /// The MP4 file of a CLIP recipe. Long clips have fewer pictures for each second, so that every
  /// clip costs about the same work.
  static byte[] film(Recipe recipe) {
    double seconds = Math.max(1, recipe.length().toMillis() / 1000.0);
    int count = Math.clamp(Math.round(seconds * RATE), RATE, MOST_FRAMES);
    var set = new Plane(recipe);
    var encoder = new H264Encoder(new SameQuality());
    encoder.setKeyInterval(count / 2 + 1);
    encoder.setMotionSearchRange(SEARCH);
    var frames = new ArrayList<Mp4.Frame>();
    var buffer = ByteBuffer.allocate(encoder.estimateBufferSize(set.frame(0)) * 2);
    for (int i = 0; i < count; i++) {
      buffer.clear();
      var coded = encoder.encodeFrame(set.frame(i / (float) count), buffer);
      byte[] bytes = new byte[coded.getData().remaining()];
      coded.getData().get(bytes);
      frames.add(new Mp4.Frame(bytes, coded.isKeyFrame()));
    }
    var video = new Mp4.Video(recipe.width(), recipe.height(), frames, seconds * 1000 / count);
    return Mp4.write(video, recipe.sound() ? sound(recipe) : new byte[0]);
  }

  private static byte[] sound(Recipe recipe) {
    var song = Recipe.song(recipe.caption(), recipe.theme(), recipe.length(), false);
    return Sounds.frames(Song.play(song));
  }

  private static final class SameQuality implements RateControl {
    @Override
    public int startPicture(Size size, int bytes, SliceType type) {
      return QUALITY;
    }

    @Override
    public int initialQpDelta() {
      return 0;
    }

    @Override
    public int accept(int bits) {
      return 0;
    }
  }

  /// The wide picture as luma and chroma, with the camera's path over it and the footer under it.
  private static final class Plane {
    private final int width;
    private final int height;
    private final int wide;
    private final float[][] planes;
    private final float[][] footer;
    private final int strip;
    private final float fromX;
    private final float toX;
    private final float fromY;
    private final float toY;
    private final float fromZoom;
    private final float toZoom;

    Plane(Recipe recipe) {
      this.width = recipe.width();
      this.height = recipe.height();
      this.wide = (int) (width * MARGIN) & ~1;
      int high = (int) (height * MARGIN) & ~1;
      this.planes = planesOf(Painter.scene(recipe, wide, high));
      this.strip = Footer.height(height);
      var foot = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Footer.draw(foot, recipe.caption());
      this.footer = planesOf(foot);
      SplittableRandom dice = Seeds.stream(Seeds.mix(recipe.detail(), 81));
      boolean right = dice.nextBoolean();
      boolean nearer = dice.nextBoolean();
      this.fromX = right ? 0.05f : 0.95f;
      this.toX = 1 - fromX;
      this.fromY = 0.35f + 0.3f * (float) dice.nextDouble();
      this.toY = 0.35f + 0.3f * (float) dice.nextDouble();
      this.fromZoom = nearer ? MARGIN * 0.86f : 1;
      this.toZoom = nearer ? 1 : MARGIN * 0.86f;
    }

    /// What the camera sees at a moment from 0 to 1.
    Picture frame(float moment) {
      float t = moment * moment * (3 - 2 * moment);
      float zoom = fromZoom + (toZoom - fromZoom) * t;
      float left = (MARGIN - zoom) * width * (fromX + (toX - fromX) * t);
      float top = (MARGIN - zoom) * height * (fromY + (toY - fromY) * t);
      Picture picture = Picture.create(width, height, ColorSpace.YUV420J);
      for (int plane = 0; plane < 3; plane++) {
        int half = plane == 0 ? 1 : 2;
        shoot(picture.getPlaneData(plane), plane, left / half, top / half, zoom);
      }
      return picture;
    }

    private void shoot(byte[] out, int plane, float left, float top, float zoom) {
      int half = plane == 0 ? 1 : 2;
      int columns = width / half;
      int rows = height / half;
      int stride = wide / half;
      int ground = (height - strip) / half;
      float[] from = planes[plane];
      for (int y = 0; y < rows; y++) {
        if (y >= ground) {
          copyFooter(out, plane, y, columns);
          continue;
        }
        float sy = Math.min(top + y * zoom, from.length / stride - 2);
        int iy = (int) sy;
        float fy = sy - iy;
        for (int x = 0; x < columns; x++) {
          float sx = Math.min(left + x * zoom, stride - 2);
          int at = iy * stride + (int) sx;
          float fx = sx - (int) sx;
          float upper = from[at] + (from[at + 1] - from[at]) * fx;
          float lower = from[at + stride] + (from[at + stride + 1] - from[at + stride]) * fx;
          out[y * columns + x] = (byte) Math.round(upper + (lower - upper) * fy);
        }
      }
    }

    private void copyFooter(byte[] out, int plane, int y, int columns) {
      for (int x = 0; x < columns; x++) {
        out[y * columns + x] = (byte) Math.round(footer[plane][y * columns + x]);
      }
    }

    /// BT.601 with the limited range players assume, less 128 as the encoder wants it; chroma for
    /// each four pixels.
    private static float[][] planesOf(BufferedImage image) {
      int width = image.getWidth();
      int height = image.getHeight();
      float[][] planes = {
        new float[width * height], new float[width * height / 4], new float[width * height / 4]
      };
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int rgb = image.getRGB(x, y);
          float red = rgb >> 16 & 255;
          float green = rgb >> 8 & 255;
          float blue = rgb & 255;
          planes[0][y * width + x] = 16 - 128 + 0.257f * red + 0.504f * green + 0.098f * blue;
          int quarter = y / 2 * (width / 2) + x / 2;
          planes[1][quarter] += (-0.148f * red - 0.291f * green + 0.439f * blue) / 4;
          planes[2][quarter] += (0.439f * red - 0.368f * green - 0.071f * blue) / 4;
        }
      }
      return planes;
    }
  }
}
