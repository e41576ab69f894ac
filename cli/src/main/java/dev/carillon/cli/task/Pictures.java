package dev.carillon.cli.task;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/// How a terminal takes pictures.
enum Pictures {
  /// It does not.
  NONE,
  /// The protocol of kitty, which Ghostty knows too. PNG only.
  KITTY,
  /// The protocol of iTerm2, which WezTerm knows too.
  ITERM,
  /// Sixels, by name: foot, mlterm, mintty, contour and Windows Terminal.
  SIXEL;

  private static final Set<String> SIXEL_TERMS = Set.of("foot", "mlterm", "contour");
  private static final Set<String> SIXEL_PROGRAMS = Set.of("mintty", "contour", "mlterm");
  private static final int CHUNK = 4096;
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
  private static final byte[] GIF = {'G', 'I', 'F', '8'};

  /// Told by the names that terminals put into the environment. Inside tmux and screen, which do
  /// not pass pictures on by themselves, none.
  static Pictures of(Map<String, String> environment) {
    String term = environment.getOrDefault("TERM", "");
    String program = environment.getOrDefault("TERM_PROGRAM", "");
    if (term.startsWith("screen") || term.startsWith("tmux")) {
      return NONE;
    }
    if (term.equals("xterm-kitty")
        || term.equals("xterm-ghostty")
        || environment.containsKey("KITTY_WINDOW_ID")) {
      return KITTY;
    }
    if (program.equals("iTerm.app") || program.equals("WezTerm")) {
      return ITERM;
    }
    boolean sixel =
        SIXEL_TERMS.stream().anyMatch(term::startsWith)
            || SIXEL_PROGRAMS.contains(program)
            || environment.containsKey("WT_SESSION");
    return sixel ? SIXEL : NONE;
  }

  /// Whether this terminal shows this file.
  boolean canShow(byte[] file) {
    return switch (this) {
      case NONE -> false;
      case KITTY -> begins(file, PNG);
      case SIXEL -> begins(file, PNG) || begins(file, JPEG);
      case ITERM -> begins(file, PNG) || begins(file, JPEG) || begins(file, GIF);
    };
  }

  private static boolean begins(byte[] file, byte[] magic) {
    return file.length > magic.length
        && Arrays.equals(file, 0, magic.length, magic, 0, magic.length);
  }

  /// What to write to the terminal so that it shows the picture.
  String escaped(byte[] file) {
    String data = Base64.getEncoder().encodeToString(file);
    return switch (this) {
      case NONE -> "";
      case ITERM -> "\u001b]1337;File=inline=1;size=" + file.length + ":" + data + "\u0007\n";
      case KITTY -> kitty(data);
      case SIXEL -> Sixel.of(file).orElse("");
    };
  }

  private static String kitty(String data) {
    var text = new StringBuilder(data.length() + data.length() / 64);
    for (int at = 0; at < data.length(); at += CHUNK) {
      int end = Math.min(data.length(), at + CHUNK);
      text.append("\u001b_G")
          .append(at == 0 ? "a=T,f=100," : "")
          .append(end < data.length() ? "m=1;" : "m=0;")
          .append(data, at, end)
          .append("\u001b\\");
    }
    return text.append('\n').toString();
  }
}
