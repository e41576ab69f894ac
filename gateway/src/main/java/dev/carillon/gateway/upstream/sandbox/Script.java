package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.CancelAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a caller told the sandbox to do, by words such as `[[sandbox fail=forbidden after=1s]]` in
/// a text of the request.
///
/// @param take how long it takes, exactly; otherwise as the endpoint usually does
/// @param end what happens at the end
/// @param after when the end comes, if sooner
/// @param progress at how many percent the end comes, if sooner
/// @param good how many works come, where more were ordered
/// @param cancel what is said to the wish to cancel
record Script(
    Optional<Duration> take,
    End end,
    Optional<Duration> after,
    OptionalInt progress,
    OptionalInt good,
    CancelAnswer cancel) {
  static final Script NONE =
      new Script(
          Optional.empty(),
          new Works(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          CancelAnswer.CONFIRMED);

  private static final Pattern BRACKETS =
      Pattern.compile("\\[\\[\\s*sandbox\\b([^\\]]{0,400})\\]\\]");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(ms|s|m|h)?");
  private static final Duration LONGEST = Duration.ofHours(24);

  /// What happens when the time is over.
  sealed interface End {}

  /// It is made.
  record Works() implements End {}

  /// It fails.
  record Fails(ErrorCode code) implements End {}

  /// Nothing happens, for ever.
  record Hangs() implements End {}

  /// The answer is lost on its way.
  record Lost() implements End {}

  /// A word that is no word of the sandbox.
  static final class Mistake extends Exception {
    private final String told;

    Mistake(String message) {
      super(message);
      this.told = message;
    }

    /// What to tell the caller.
    String told() {
      return told;
    }
  }

  /// The text without script words.
  static String stripped(String text) {
    return text.contains("[[")
        ? BRACKETS.matcher(text).replaceAll(" ").replaceAll(" {2,}", " ").strip()
        : text;
  }

  /// Adds what all brackets in a text say.
  Script plusText(String text) throws Mistake {
    Script script = this;
    if (text.contains("[[")) {
      Matcher found = BRACKETS.matcher(text);
      while (found.find()) {
        script = script.plusWords(found.group(1));
      }
    }
    return script;
  }

  /// Adds words without brackets. A later word stands for an earlier one of the same kind.
  Script plusWords(String words) throws Mistake {
    Script script = this;
    for (String word : words.strip().split("[\\s,;]+", -1)) {
      script = word.isEmpty() ? script : script.plusWord(word);
    }
    return script;
  }

  private Script plusWord(String word) throws Mistake {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    String value = equals < 0 ? "" : word.substring(equals + 1);
    return switch (name) {
      case "take" -> new Script(Optional.of(span(word, value)), end, after, progress, good, cancel);
      case "after" -> new Script(take, end, Optional.of(span(word, value)), progress, good, cancel);
      case "progress" ->
          new Script(take, end, after, OptionalInt.of(percent(word, value)), good, cancel);
      case "good" ->
          new Script(take, end, after, progress, OptionalInt.of(whole(word, value)), cancel);
      case "cancel" -> new Script(take, end, after, progress, good, answer(word, value));
      case "fail" -> ending(new Fails(ErrorCode.ofWire(value).orElse(ErrorCode.API_ERROR)));
      case "moderated" -> ending(new Fails(ErrorCode.FORBIDDEN));
      case "hang" -> ending(new Hangs());
      case "lost" -> ending(new Lost());
      default ->
          throw new Mistake(
              "prompt: the sandbox does not know the word '"
                  + shown(word)
                  + "'; it knows take, after, progress, good, fail, moderated, hang, lost, cancel");
    };
  }

  private Script ending(End newEnd) {
    return new Script(take, newEnd, after, progress, good, cancel);
  }

  private static CancelAnswer answer(String word, String value) throws Mistake {
    return switch (value) {
      case "confirmed" -> CancelAnswer.CONFIRMED;
      case "refused" -> CancelAnswer.REFUSED;
      case "unsupported" -> CancelAnswer.UNSUPPORTED;
      default ->
          throw new Mistake(
              "prompt: '" + shown(word) + "' needs confirmed, refused or unsupported");
    };
  }

  private static Duration span(String word, String value) throws Mistake {
    Matcher parts = SPAN.matcher(value);
    if (!parts.matches()) {
      throw new Mistake("prompt: '" + shown(word) + "' needs a time such as 3s, 250ms or 2m");
    }
    String unit = parts.group(2) == null ? "s" : parts.group(2);
    double millis =
        Double.parseDouble(parts.group(1))
            * switch (unit) {
              case "ms" -> 1;
              case "m" -> 60_000;
              case "h" -> 3_600_000;
              default -> 1_000;
            };
    return Duration.ofMillis((long) Math.min(millis, (double) LONGEST.toMillis()));
  }

  private static int percent(String word, String value) throws Mistake {
    String digits = value.endsWith("%") ? value.substring(0, value.length() - 1) : value;
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > 100) {
      throw new Mistake("prompt: '" + shown(word) + "' needs a percentage from 0 to 100");
    }
    return Integer.parseInt(digits);
  }

  private static int whole(String word, String value) throws Mistake {
    if (!value.matches("[1-9]\\d{0,2}")) {
      throw new Mistake("prompt: '" + shown(word) + "' needs a whole number from 1");
    }
    return Integer.parseInt(value);
  }

  private static String shown(String word) {
    return word.length() > 40 ? word.substring(0, 40) + "…" : word;
  }
}
