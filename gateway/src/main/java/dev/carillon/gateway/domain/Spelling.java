package dev.carillon.gateway.domain;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the word somebody probably meant, for messages about words nobody knows. Capitals do not
/// count, and `_` and `.` are as good as `-`.
public final class Spelling {
  private static final int FAR = 3;

  private Spelling() {}

  /// The end of a sentence: `; did you mean 'port'?` when a known word is near, else the empty
  /// string. For sets too long to list.
  public static String didYouMean(String wrong, Collection<String> known) {
    return nearest(wrong, known).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /// The end of a sentence: `; did you mean 'prompt'?` when a known word is near, else all known
  /// words in order.
  public static String hint(String wrong, Collection<String> known) {
    return nearest(wrong, known)
        .map(near -> "; did you mean '" + near + "'?")
        .orElseGet(() -> "; known here: " + String.join(", ", known.stream().sorted().toList()));
  }

  private static Optional<String> nearest(String wrong, Collection<String> known) {
    String wanted = plain(wrong);
    return known.stream()
        .min(Comparator.comparingInt((String word) -> distance(wanted, plain(word))))
        .filter(
            near -> distance(wanted, plain(near)) <= Math.min(FAR, plain(near).length() / 2 + 1));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
  }

  /// Levenshtein's distance, one row at a time.
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
      }
    }
    return row[right.length()];
  }
}
