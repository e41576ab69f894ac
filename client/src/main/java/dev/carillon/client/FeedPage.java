package dev.carillon.client;

import dev.carillon.client.json.Trees;
import dev.carillon.client.webhook.InboxEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A page of the feed. The bytes of each event are cut out of the answer as they stand there, so
/// the application gets the same ones as by callback.
///
/// @param next the place after all that was looked at for this page; empty when the answer names
///   none
/// @param more whether there is more to read at once
record FeedPage(List<Item> items, Optional<String> next, boolean more) {

  /// @param cursor the place after this item
  record Item(String cursor, InboxEvent event) {}

  /// @throws AnswerException when it is no page, or an item lacks its cursor or id: nothing may be
  ///   skipped, so nothing of it is used
  static FeedPage of(byte[] answer) {
    try (JsonParser parser = Trees.parser(answer)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "no object");
      List<Item> items = new ArrayList<>();
      Optional<String> next = Optional.empty();
      Optional<Boolean> more = Optional.empty();
      boolean complete = false;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("items") && value == JsonToken.START_ARRAY) {
          complete = true;
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            items.add(item(parser, answer));
          }
        } else if (name.equals("next") && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
          next = Optional.of(parser.getString());
        } else if (name.equals("more") && value.isBoolean()) {
          more = Optional.of(value == JsonToken.VALUE_TRUE);
        } else {
          parser.skipChildren();
        }
      }
      require(complete, "no items");
      return new FeedPage(List.copyOf(items), next, more.orElse(!items.isEmpty()));
    } catch (JacksonException e) {
      throw new AnswerException("the feed's answer is no JSON: " + e.getOriginalMessage());
    }
  }

  private static Item item(JsonParser parser, byte[] answer) {
    Optional<String> cursor = Optional.empty();
    Optional<InboxEvent> event = Optional.empty();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("cursor") && value.isScalarValue()) {
        cursor = Optional.of(parser.getString());
      } else if (name.equals("event") && value == JsonToken.START_OBJECT) {
        event = Optional.of(event(parser, answer));
      } else {
        parser.skipChildren();
      }
    }
    return new Item(
        cursor.orElseThrow(() -> new AnswerException("an item of the feed has no cursor")),
        event.orElseThrow(() -> new AnswerException("an item of the feed has no event")));
  }

  private static InboxEvent event(JsonParser parser, byte[] answer) {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    Optional<String> id = Optional.empty();
    Optional<String> type = Optional.empty();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("id") && value == JsonToken.VALUE_STRING) {
        id = Optional.of(parser.getString());
      } else if (name.equals("type") && value == JsonToken.VALUE_STRING) {
        type = Optional.of(parser.getString());
      } else {
        parser.skipChildren();
      }
    }
    int to = (int) parser.currentLocation().getByteOffset();
    return new InboxEvent(
        id.orElseThrow(() -> new AnswerException("an event of the feed has no id")),
        type,
        Arrays.copyOfRange(answer, from, to));
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AnswerException("the feed's answer has " + what);
    }
  }
}
