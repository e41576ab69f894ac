package dev.carillon.gateway.upstream.sandbox.media;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds known words in a prompt, English ones at the start of a word, Chinese ones anywhere.
///
/// @param <T> what a word stands for
final class Words<T> {
  private final Map<List<String>, T> meanings = new LinkedHashMap<>();

  /// Teaches words.
  ///
  /// @param words words parted by a space, any of which means `meaning`
  Words<T> when(String words, T meaning) {
    meanings.put(List.of(words.split(" ", -1)), meaning);
    return this;
  }

  int size() {
    return meanings.size();
  }

  /// The meaning told at a place, counted from 0.
  T meaning(int place) {
    return List.copyOf(meanings.values()).get(place);
  }

  /// Where a meaning was told, counted from 0.
  int place(T meaning) {
    return List.copyOf(meanings.values()).indexOf(meaning);
  }

  /// The meaning whose word stands first in the prompt.
  Optional<T> find(String prompt) {
    String text = prompt.toLowerCase(Locale.ROOT);
    int nearest = Integer.MAX_VALUE;
    Optional<T> found = Optional.empty();
    for (var entry : meanings.entrySet()) {
      for (String word : entry.getKey()) {
        int start = start(text, word);
        if (start >= 0 && start < nearest) {
          nearest = start;
          found = Optional.of(entry.getValue());
        }
      }
    }
    return found;
  }

  /// Where a word begins; an English one only where no letter or digit stands before it.
  private static int start(String text, String word) {
    int start = text.indexOf(word);
    while (start > 0 && word.charAt(0) < 128 && isWordPart(text.charAt(start - 1))) {
      start = text.indexOf(word, start + 1);
    }
    return start;
  }

  private static boolean isWordPart(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
