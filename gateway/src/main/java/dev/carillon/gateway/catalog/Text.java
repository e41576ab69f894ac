package dev.carillon.gateway.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A text, free or of a closed set.
///
/// @param max how many characters at most
/// @param words the set by lower-case word; empty for a free text
/// @param families what else the set takes: words of these families ([#family]); empty when it is
///   closed
record Text(int max, Map<String, String> words, Set<String> families) implements Rule {
  private static final int SHOWN = 40;

  /// How many characters a word has at most that an open set does not know.
  static final int WORD_MAX = 200;

  static Text of(int max, List<String> words) {
    var index = new LinkedHashMap<String, String>();
    words.forEach(word -> index.put(word.toLowerCase(Locale.ROOT), word));
    return new Text(max, index, Set.of());
  }

  /// The same set, open to every other word of a family that one of its words belongs to.
  Text open() {
    return new Text(
        max, words, words.keySet().stream().map(Text::family).collect(Collectors.toSet()));
  }

  /// The letters a word begins with, in lower case: `chirp` of `chirp-v5`, `wan` of `wan2.6-t2v`;
  /// `0` for words that begin with a digit.
  private static String family(String word) {
    String lower = word.strip().toLowerCase(Locale.ROOT);
    int end = 0;
    while (end < lower.length() && Character.isLetter(lower.charAt(end))) {
      end++;
    }
    boolean number = end == 0 && !lower.isEmpty() && Character.isDigit(lower.charAt(0));
    return number ? "0" : lower.substring(0, end);
  }

  @Override
  public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
    String text;
    if (value.isString()) {
      text = value.stringValue();
    } else if (value.isNumber() && !Rule.isNeutral(value)) {
      text = value.asString();
    } else {
      return Rule.wrongType(this, value, at, faults);
    }
    if (text.isBlank()) {
      return Rule.absent();
    }
    return words.isEmpty() ? free(value, text, at, faults) : word(text, at, faults);
  }

  private JsonNode free(JsonNode value, String text, String at, List<Fault> faults) {
    if (text.length() > max) {
      faults.add(
          new Fault(
              at,
              at
                  + " is too long: "
                  + text.length()
                  + " characters were sent; at most "
                  + max
                  + " are taken."));
      return Rule.absent();
    }
    return value.isString() ? value : NODES.stringNode(text);
  }

  private JsonNode word(String text, String at, List<Fault> faults) {
    String known = words.get(text.strip().toLowerCase(Locale.ROOT));
    if (known != null) {
      return NODES.stringNode(known);
    }
    if (families.contains(family(text)) && text.length() <= WORD_MAX) {
      return NODES.stringNode(text.strip());
    }
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    faults.add(
        new Fault(
            at,
            at
                + " is invalid. '"
                + shown
                + "' is not one of: "
                + String.join(", ", words.values())
                + "."));
    return Rule.absent();
  }

  @Override
  public String wanted() {
    return "a text";
  }
}
