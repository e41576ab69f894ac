package dev.carillon.gateway.upstream.sandbox.media;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// All that is needed to make one media file, and make it the same again. It travels inside the
/// file's URL, so nothing about a file need be stored.
///
/// @param kind what is made
/// @param theme the seed of composition, light, key and tempo
/// @param detail the seed of what differs between relatives: clouds, textures, melodies
/// @param strength 0 to 100: how far a relative may depart from its theme
/// @param view where the camera looks
/// @param width in pixels; 0 for sounds
/// @param height in pixels; 0 for sounds
/// @param length how long a video or sound lasts; zero for pictures
/// @param sound whether a video sounds, or a song is sung
/// @param caption the beginning of the prompt, at most [#CAPTION] bytes of UTF-8
public record Recipe(
    Kind kind,
    long theme,
    long detail,
    int strength,
    View view,
    int width,
    int height,
    Duration length,
    boolean sound,
    String caption) {

  /// How much of a prompt a recipe keeps, in bytes of UTF-8; with it an id stays under 200
  /// characters.
  public static final int CAPTION = 94;

  /// The longest a video or sound lasts.
  public static final Duration LONGEST = Duration.ofMinutes(4);

  private static final Pattern BLANKS = Pattern.compile("[\\p{Cntrl}\\s]+");
  private static final int SMALLEST_SIDE = 64;
  private static final int LARGEST_SIDE = 2048;
  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 1 + 1 + 8 + 8 + 1 + 12 + 2 + 2 + 4 + 1;

  /// What a recipe makes.
  public enum Kind {
    PICTURE,
    GRID,
    CLIP,
    SONG,
    SPEECH
  }

  public Recipe {
    boolean seen = kind != Kind.SONG && kind != Kind.SPEECH;
    width = seen ? Math.clamp(width, SMALLEST_SIDE, LARGEST_SIDE) & ~1 : 0;
    height = seen ? Math.clamp(height, SMALLEST_SIDE, LARGEST_SIDE) & ~1 : 0;
    length = length.compareTo(LONGEST) > 0 ? LONGEST : length.isNegative() ? Duration.ZERO : length;
    length = Duration.ofMillis(length.toMillis());
    strength = Math.clamp(strength, 0, 100);
    caption = cut(caption);
  }

  /// A new picture.
  public static Recipe picture(String prompt, long seed, int width, int height) {
    return ofTheme(Kind.PICTURE, Mood.theme(prompt, seed), seed)
        .sized(width, height)
        .captioned(prompt);
  }

  /// Four new pictures of one prompt, two by two.
  public static Recipe grid(String prompt, long seed, int width, int height) {
    return picture(prompt, seed, width, height).as(Kind.GRID).strength(100);
  }

  /// A new silent clip.
  public static Recipe clip(String prompt, long seed, int width, int height, Duration length) {
    return picture(prompt, seed, width, height).as(Kind.CLIP).lasting(length);
  }

  /// A new song.
  ///
  /// @param words what it is about and how it shall sound
  /// @param sung whether a voice sings
  public static Recipe song(String words, long seed, Duration length, boolean sung) {
    return ofTheme(Kind.SONG, Song.theme(words, seed), seed)
        .lasting(length)
        .sounding(sung)
        .captioned(words);
  }

  /// A new speech.
  public static Recipe speech(String text, long seed, Duration length) {
    return ofTheme(Kind.SPEECH, seed, seed).lasting(length).captioned(text);
  }

  /// A plain recipe of seeds alone, such as an id gives back.
  public static Recipe ofTheme(Kind kind, long theme, long detail) {
    return new Recipe(kind, theme, detail, 0, View.PLAIN, 0, 0, Duration.ZERO, false, "");
  }

  /// Another theme that shows the same things.
  private static long sibling(long theme, long number) {
    return (Seeds.mix(theme, number) & ~Mood.SAID) | (theme & Mood.SAID);
  }

  /// One of the four pictures of a grid, alone and large.
  ///
  /// A grid of full strength holds four different themes; a weaker one holds relatives of one
  /// theme, the first of which is the theme's own picture.
  ///
  /// @param number 1 to 4: top left, top right, bottom left, bottom right
  public Recipe quadrant(int number) {
    if (kind != Kind.GRID) {
      return this;
    }
    boolean strangers = strength == 100;
    long ownTheme = strangers ? sibling(theme, number) : theme;
    long ownDetail = strangers ? ownTheme : number == 1 ? detail : Seeds.mix(detail, number);
    return new Recipe(
        Kind.PICTURE, ownTheme, ownDetail, strength, view, width, height, length, sound, caption);
  }

  /// A grid of relatives of this picture.
  public Recipe relatives(long newDetail, int newStrength) {
    return new Recipe(
        Kind.GRID,
        theme,
        newDetail,
        Math.min(newStrength, 99),
        view,
        width,
        height,
        length,
        sound,
        caption);
  }

  /// The same as another kind of file.
  public Recipe as(Kind newKind) {
    return new Recipe(
        newKind, theme, detail, strength, view, width, height, length, sound, caption);
  }

  /// The same in another size.
  public Recipe sized(int newWidth, int newHeight) {
    return new Recipe(
        kind, theme, detail, strength, view, newWidth, newHeight, length, sound, caption);
  }

  /// The same from another place.
  public Recipe seenFrom(View newView) {
    return new Recipe(
        kind, theme, detail, strength, newView, width, height, length, sound, caption);
  }

  /// The same, shorter or longer.
  public Recipe lasting(Duration newLength) {
    return new Recipe(
        kind, theme, detail, strength, view, width, height, newLength, sound, caption);
  }

  /// The same with or without sound.
  public Recipe sounding(boolean newSound) {
    return new Recipe(
        kind, theme, detail, strength, view, width, height, length, newSound, caption);
  }

  /// A close relative.
  public Recipe detailed(long newDetail) {
    return new Recipe(
        kind, theme, newDetail, strength, view, width, height, length, sound, caption);
  }

  /// The same under other words.
  public Recipe captioned(String newCaption) {
    return new Recipe(
        kind, theme, detail, strength, view, width, height, length, sound, newCaption);
  }

  private Recipe strength(int newStrength) {
    return new Recipe(
        kind, theme, detail, newStrength, view, width, height, length, sound, caption);
  }

  /// The recipe as bytes, equal recipes as equal bytes.
  @SuppressWarnings("EnumOrdinal") // Part of the format: constants are only ever added at the end.
  byte[] toBytes() {
    byte[] words = caption.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIXED_BYTES + words.length)
        .put((byte) VERSION)
        .put((byte) kind.ordinal())
        .putLong(theme)
        .putLong(detail)
        .put((byte) strength)
        .putFloat(view.x())
        .putFloat(view.y())
        .putFloat(view.scale())
        .putShort((short) width)
        .putShort((short) height)
        .putInt((int) length.toMillis())
        .put((byte) (sound ? 1 : 0))
        .put(words)
        .array();
  }

  /// Reads [#toBytes]; empty for anything else, such as a recipe of a later version.
  static Optional<Recipe> ofBytes(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    try {
      if (in.get() != VERSION) {
        return Optional.empty();
      }
      int kind = in.get();
      if (kind < 0 || kind >= Kind.values().length) {
        return Optional.empty();
      }
      return Optional.of(
          new Recipe(
              Kind.values()[kind],
              in.getLong(),
              in.getLong(),
              in.get(),
              new View(in.getFloat(), in.getFloat(), in.getFloat()),
              in.getShort(),
              in.getShort(),
              Duration.ofMillis(in.getInt()),
              in.get() == 1,
              words(in).toString()));
    } catch (BufferUnderflowException | CharacterCodingException notARecipe) {
      return Optional.empty();
    }
  }

  private static CharBuffer words(ByteBuffer in) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(in);
  }

  /// The beginning of a text, on one line, not cut within a character.
  private static String cut(String text) {
    if (isKeptAsItIs(text)) {
      return text;
    }
    String head = text.length() > 2 * CAPTION ? text.substring(0, 2 * CAPTION) : text;
    String line = BLANKS.matcher(head).replaceAll(" ").strip();
    var kept = new StringBuilder();
    int room = CAPTION;
    for (int point : line.codePoints().toArray()) {
      // A lone surrogate, which JSON can carry, is no character and has no bytes of its own.
      int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (size > room) {
        break;
      }
      room -= size;
      kept.appendCodePoint(point >= 0xD800 && point < 0xE000 ? '?' : point);
    }
    return kept.toString().strip();
  }

  /// Most captions are, as each change of a recipe has that of the one before.
  private static boolean isKeptAsItIs(String text) {
    if (text.length() > CAPTION) {
      return false;
    }
    boolean wasBlank = true;
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      boolean blank = letter == ' ';
      if (letter < ' ' || letter > '~' || (blank && wasBlank)) {
        return false;
      }
      wasBlank = blank;
    }
    return text.isEmpty() || !wasBlank;
  }
}
