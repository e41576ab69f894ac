package dev.carillon.gateway.upstream.sandbox.media;

import java.util.SplittableRandom;

/// What a picture shows and in which light, read from the words of its prompt and, where they say
/// nothing, drawn from its seed.
record Mood(Place place, Light light, Hue tint, float tintShare, Subject subject) {

  enum Place {
    PEAKS,
    SEA,
    LAKE,
    FOREST,
    DUNES,
    CITY,
    HILLS,
    MEADOW,
    SPACE,
    ABSTRACT
  }

  enum Light {
    DAY,
    SUNSET,
    DAWN,
    NIGHT,
    STORM,
    NEON
  }

  enum Subject {
    NONE,
    CAT,
    DOG,
    BIRD,
    TREE,
    HOUSE,
    BOAT,
    LIGHTHOUSE,
    BALLOON,
    PERSON,
    CASTLE,
    ROBOT,
    FLOWER,
    ROCKET
  }

  /// A colour a prompt may name.
  enum Tint {
    RED(0xd8343c),
    ORANGE(0xf08a2c),
    YELLOW(0xf2c83c),
    GREEN(0x3fae6a),
    TEAL(0x2bb5b8),
    BLUE(0x3568d4),
    PURPLE(0x8a52c8),
    PINK(0xee6fa0),
    BROWN(0x8d6242),
    WHITE(0xf0efe8),
    BLACK(0x23242a);

    @SuppressWarnings("ImmutableEnumChecker") // A record of three floats.
    private final Hue hue;

    Tint(int rgb) {
      this.hue = Hue.of(rgb);
    }
  }

  private static final int PLACE_AT = 0;
  private static final int LIGHT_AT = 4;
  private static final int SUBJECT_AT = 7;
  private static final int TINT_AT = 11;
  private static final long FIELD = 15;
  private static final long LIGHT_FIELD = 7;

  /// The bits of a theme that hold what the prompt said.
  static final long SAID = (1L << 15) - 1;

  private static final Words<Place> PLACES =
      new Words<Place>()
          .when("lake pond reflection river fjord 湖 河", Place.LAKE)
          .when(
              "ocean sea beach coast wave water island harbor harbour boat ship sail 海", Place.SEA)
          .when("mountain alp peak snow ice cliff summit volcano 山 雪", Place.PEAKS)
          .when("forest tree wood jungle pine redwood 森林 树", Place.FOREST)
          .when("desert dune sand canyon mars 沙", Place.DUNES)
          .when("city street tokyo skyline town urban cyberpunk building new.york 城 街", Place.CITY)
          .when("space galaxy planet nebula cosmos star.?ship universe astronaut 星 宇宙", Place.SPACE)
          .when("flower garden meadow field spring lavender tulip 花 草", Place.MEADOW)
          .when("hill valley farm countryside landscape village 田", Place.HILLS)
          .when("abstract pattern swirl marble fluid geometric logo texture 抽象", Place.ABSTRACT);

  private static final Words<Light> LIGHTS =
      new Words<Light>()
          .when("sunset dusk evening golden autumn fire lava 日落 黄昏 夕阳", Light.SUNSET)
          .when("sunrise dawn morning pastel spring blossom 日出 早", Light.DAWN)
          .when("neon cyberpunk synthwave vaporwave club 霓虹", Light.NEON)
          .when("night moon midnight star dark galaxy space 夜 月 星", Light.NIGHT)
          .when("storm rain fog mist gr[ae]y winter dramatic thunder 雨 雾", Light.STORM)
          .when("day noon summer sunny bright clear 白天 夏", Light.DAY);

  private static final Words<Tint> TINTS =
      new Words<Tint>()
          .when("crimson red scarlet ruby 红", Tint.RED)
          .when("orange amber copper 橙", Tint.ORANGE)
          .when("yellow gold lemon 黄色 金", Tint.YELLOW)
          .when("green emerald jade mint lime 绿", Tint.GREEN)
          .when("teal turquoise cyan aqua 青", Tint.TEAL)
          .when("blue azure sapphire cobalt indigo 蓝", Tint.BLUE)
          .when("purple violet lavender lilac 紫", Tint.PURPLE)
          .when("pink rose magenta coral 粉", Tint.PINK)
          .when("brown sepia wooden coffee 棕", Tint.BROWN)
          .when("white ivory pale 白色", Tint.WHITE)
          .when("black noir charcoal 黑", Tint.BLACK);

  private static final Words<Subject> SUBJECTS =
      new Words<Subject>()
          .when("cat kitten kitty 猫", Subject.CAT)
          .when("dog puppy wolf fox 狗 狐 狼", Subject.DOG)
          .when("bird eagle crow owl gull 鸟 鹰", Subject.BIRD)
          .when("lighthouse 灯塔", Subject.LIGHTHOUSE)
          .when("house cabin cottage barn home 房 屋", Subject.HOUSE)
          .when("boat ship sail yacht 船", Subject.BOAT)
          .when("balloon 气球", Subject.BALLOON)
          .when("castle palace fortress temple 城堡", Subject.CASTLE)
          .when("robot android mech 机器人", Subject.ROBOT)
          .when("rocket spaceship spacecraft 火箭", Subject.ROCKET)
          .when("flower rose tulip sunflower 花", Subject.FLOWER)
          .when(
              "person man woman girl boy people hero knight astronaut dancer portrait 人 女孩 男孩",
              Subject.PERSON)
          .when("tree oak willow 树", Subject.TREE);

  /// A theme that remembers in its lowest bits what the prompt names, so that a short id is enough
  /// to paint the same again; the other bits come from the seed.
  @SuppressWarnings("EnumOrdinal") // Part of the format: constants are only ever added at the end.
  static long theme(String prompt, long seed) {
    long said = 0;
    said |= PLACES.find(prompt).map(each -> each.ordinal() + 1L).orElse(0L) << PLACE_AT;
    said |= LIGHTS.find(prompt).map(each -> each.ordinal() + 1L).orElse(0L) << LIGHT_AT;
    said |= (long) SUBJECTS.find(prompt).orElse(Subject.NONE).ordinal() << SUBJECT_AT;
    said |= TINTS.find(prompt).map(each -> each.ordinal() + 1L).orElse(0L) << TINT_AT;
    return (seed & ~SAID) | said;
  }

  /// What a theme shows: what its prompt said, all else by its other bits.
  @SuppressWarnings("EnumOrdinal") // Part of the format: constants are only ever added at the end.
  static Mood of(long theme) {
    SplittableRandom dice = Seeds.stream(theme);
    Place anyPlace = dice.nextInt(10) == 0 ? Place.ABSTRACT : Place.values()[dice.nextInt(8)];
    Light anyLight = Light.values()[dice.nextInt(Light.NEON.ordinal())];
    Hue anyTint = Hue.of(java.awt.Color.HSBtoRGB((float) dice.nextDouble(), 0.55f, 0.85f));
    int saidPlace = (int) (theme >>> PLACE_AT & FIELD) - 1;
    int saidLight = (int) (theme >>> LIGHT_AT & LIGHT_FIELD) - 1;
    int saidTint = (int) (theme >>> TINT_AT & FIELD) - 1;
    Place place = pick(Place.values(), saidPlace, anyPlace);
    Light usual = place == Place.SPACE ? Light.NIGHT : anyLight;
    boolean coloured = saidTint >= 0 && saidTint < Tint.values().length;
    return new Mood(
        place,
        pick(Light.values(), saidLight, usual),
        coloured ? Tint.values()[saidTint].hue : anyTint,
        coloured ? 0.5f : 0.14f,
        pick(Subject.values(), (int) (theme >>> SUBJECT_AT & FIELD), Subject.NONE));
  }

  private static <T> T pick(T[] values, int index, T otherwise) {
    return index >= 0 && index < values.length ? values[index] : otherwise;
  }

  boolean dark() {
    return light == Light.NIGHT || light == Light.NEON;
  }
}
