package dev.carillon.gateway.asset;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/// The addresses of files in the text of a JSON object: texts that begin with `http` under a key
/// `url` or `urls`, or one that ends in `_url` or `_urls` (contract section 0, rule 3). Everything
/// else of the text stays as it is, to the letter.
final class Urls {
  private static final JsonFactory JSON = new JsonFactory();

  private Urls() {}

  /// One place of an address.
  ///
  /// @param pointer where it stands, as a JSON pointer
  /// @param from the place of its opening quote in the text
  /// @param to the place behind its closing quote
  record Place(String pointer, String url, int from, int to) {}

  /// All places in the order of the text; an address may stand at several.
  static List<Place> in(String json) {
    var places = new ArrayList<Place>();
    if (!json.contains("http")) {
      return places;
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          int from = (int) parser.currentTokenLocation().getCharOffset();
          String text = parser.getString();
          TokenStreamContext at = parser.streamReadContext();
          if (isWeb(text) && isFile(nameOf(at))) {
            int to = (int) parser.currentLocation().getCharOffset();
            places.add(new Place(at.pathAsPointer().toString(), text, from, to));
          }
        }
      }
    }
    return places;
  }

  /// All texts of a JSON object that begin with `http`, wherever they stand.
  static Set<String> anywhere(String json) {
    var found = new HashSet<String>();
    if (!json.contains("http")) {
      return found;
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING && isWeb(parser.getString())) {
          found.add(parser.getString());
        }
      }
    }
    return found;
  }

  /// The places of each address, in the order in which the addresses first stand.
  static Map<String, List<Place>> byUrl(List<Place> places) {
    var byUrl = new LinkedHashMap<String, List<Place>>();
    places.forEach(place -> byUrl.computeIfAbsent(place.url(), _ -> new ArrayList<>()).add(place));
    return byUrl;
  }

  /// The text with other addresses at these places.
  ///
  /// @param instead the new address by the old one; one without stays
  static String replaced(String json, List<Place> places, Map<String, String> instead) {
    var text = new StringBuilder(json.length() + 128 * places.size());
    int done = 0;
    for (Place place : places) {
      String url = instead.get(place.url());
      if (url != null) {
        text.append(json, done, place.from()).append('"');
        JsonStringEncoder.getInstance().quoteAsString(url, text);
        text.append('"');
        done = place.to();
      }
    }
    return text.append(json, done, json.length()).toString();
  }

  private static boolean isWeb(String text) {
    return text.startsWith("http://") || text.startsWith("https://");
  }

  /// The key a value stands under, also through lists.
  private static String nameOf(TokenStreamContext at) {
    TokenStreamContext context = at;
    while (context != null && context.inArray()) {
      context = context.getParent();
    }
    String name = context == null ? null : context.currentName();
    return name == null ? "" : name;
  }

  private static boolean isFile(String name) {
    return name.equals("url")
        || name.equals("urls")
        || name.endsWith("_url")
        || name.endsWith("_urls");
  }
}
