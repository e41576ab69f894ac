package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.upstream.sandbox.media.Recipe;
import dev.carillon.gateway.upstream.sandbox.media.Seal;
import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.util.Optional;
import java.util.UUID;

/// Ids of works, which say themselves what they name.
///
/// A picture's id is the sealed recipe. Songs and videos have ids in the form of a UUID, as clients
/// expect; its free bits hold the recipe's two seeds, which is enough to go on from it.
final class References {
  private static final long SIXTY_BITS = (1L << 60) - 1;
  private static final long VERSION_8 = 0x8000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final Seal seal;

  References(Seal seal) {
    this.seal = seal;
  }

  /// The id of a picture.
  String sealed(Recipe recipe) {
    return seal.token(recipe);
  }

  /// A seed that an id can carry whole.
  static long carried(long seed) {
    return seed & SIXTY_BITS;
  }

  /// The id of a song or video whose seeds are [#carried].
  static String id(Recipe recipe) {
    long theme = recipe.theme() & SIXTY_BITS;
    long detail = recipe.detail() & SIXTY_BITS;
    long high = (theme >>> 12) << 16 | VERSION_8 | (theme & 0xFFF);
    long low = VARIANT | detail;
    return new UUID(high, low).toString();
  }

  /// The recipe an id of [#sealed], or one of our own addresses, names.
  Optional<Recipe> unsealed(String reference) {
    int path = reference.lastIndexOf(Studio.PATH);
    String token = path < 0 ? reference : reference.substring(path + Studio.PATH.length());
    int dot = token.indexOf('.');
    return seal.open(dot < 0 ? token : token.substring(0, dot));
  }

  /// The seeds any reference names: those within it, or, when it is not from here, some made of its
  /// letters. The first is the theme, the second the detail.
  Recipe seeds(Recipe.Kind kind, String reference) {
    Optional<Recipe> known = unsealed(reference);
    if (known.isPresent()) {
      return Recipe.ofTheme(kind, known.get().theme(), known.get().detail());
    }
    if (reference.matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}")) {
      UUID id = UUID.fromString(reference);
      long high = id.getMostSignificantBits();
      return Recipe.ofTheme(
          kind, (high >>> 16) << 12 | (high & 0xFFF), id.getLeastSignificantBits() & SIXTY_BITS);
    }
    long made = carried(Seeds.of(reference));
    return Recipe.ofTheme(kind, made, made);
  }
}
