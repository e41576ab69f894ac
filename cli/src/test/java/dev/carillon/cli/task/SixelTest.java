package dev.carillon.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class SixelTest {
  private static final Pattern TOKEN =
      Pattern.compile("#(\\d+);2;(\\d+);(\\d+);(\\d+)|#(\\d+)|!(\\d+)([?-~])|([?-~])|([$-])");

  @Test
  void the_picture_comes_out_of_its_sixels_again() throws IOException {
    var picture = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setColor(Color.RED);
    pen.fillRect(0, 0, 40, 20);
    pen.setColor(Color.BLUE);
    pen.fillRect(10, 5, 7, 13);
    pen.dispose();

    int[][] shown = shown(Sixel.of(png(picture)).orElseThrow(), 40, 20);

    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 40; x++) {
        assertThat(shown[y][x]).as("%d, %d", x, y).isEqualTo(picture.getRGB(x, y) & 0xffffff);
      }
    }
  }

  @Test
  void a_color_between_the_steps_is_mixed_of_dots() throws IOException {
    var picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setColor(new Color(128, 128, 128));
    pen.fillRect(0, 0, 64, 64);
    pen.dispose();

    int[][] shown = shown(Sixel.of(png(picture)).orElseThrow(), 64, 64);

    long sum = 0;
    for (int[] line : shown) {
      for (int dot : line) {
        sum += dot & 0xff;
      }
    }
    assertThat(sum / (64.0 * 64)).isBetween(118.0, 138.0);
  }

  @Test
  void a_wide_picture_is_made_smaller_and_a_broken_one_is_not_shown() throws IOException {
    var picture = new BufferedImage(1280, 2, BufferedImage.TYPE_INT_RGB);

    assertThat(Sixel.of(png(picture)).orElseThrow()).contains("\"1;1;640;1");
    assertThat(Sixel.of(new byte[] {1, 2, 3})).isEmpty();
  }

  @Test
  void terminals_are_known_by_name() {
    assertThat(Pictures.of(Map.of("TERM", "foot-extra"))).isEqualTo(Pictures.SIXEL);
    assertThat(Pictures.of(Map.of("TERM", "xterm-256color", "WT_SESSION", "1")))
        .isEqualTo(Pictures.SIXEL);
    assertThat(Pictures.of(Map.of("TERM", "tmux-256color", "WT_SESSION", "1")))
        .isEqualTo(Pictures.NONE);
    assertThat(Pictures.of(Map.of("TERM", "xterm-256color"))).isEqualTo(Pictures.NONE);
  }

  private static byte[] png(BufferedImage picture) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", bytes);
    return bytes.toByteArray();
  }

  /// Reads sixels as a terminal does.
  private static int[][] shown(String sixels, int width, int height) {
    var shown = new int[height][width];
    var colors = new HashMap<Integer, Integer>();
    int color = 0;
    int x = 0;
    int top = 0;
    String body = sixels.substring(sixels.indexOf('#'), sixels.indexOf("\u001b\\"));
    Matcher token = TOKEN.matcher(body);
    while (token.find()) {
      if (token.group(1) != null) {
        colors.put(number(token, 1), rgb(token));
      } else if (token.group(5) != null) {
        color = number(token, 5);
      } else if (token.group(9) != null) {
        x = 0;
        top += token.group(9).equals("-") ? 6 : 0;
      } else {
        int times = token.group(6) == null ? 1 : number(token, 6);
        String sixel = token.group(6) == null ? token.group(8) : token.group(7);
        for (int i = 0; i < times; i++, x++) {
          for (int bit = 0; bit < 6; bit++) {
            if ((((sixel.charAt(0) - '?') >> bit) & 1) == 1) {
              shown[top + bit][x] = colors.getOrDefault(color, -1);
            }
          }
        }
      }
    }
    return shown;
  }

  private static int number(Matcher token, int group) {
    return Integer.parseInt(token.group(group));
  }

  private static int rgb(Matcher token) {
    return ((number(token, 2) * 255 / 100) << 16)
        | ((number(token, 3) * 255 / 100) << 8)
        | number(token, 4) * 255 / 100;
  }
}
