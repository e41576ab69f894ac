package dev.carillon.gateway.upstream.http;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.Map;
import java.util.Optional;

/// A JSONata expression over what is known of a job, compiled once. Free of side effects; ends
/// within [#MOST_MILLIS]. Safe for many threads.
final class Expression {
  /// Longest time of one evaluation.
  static final long MOST_MILLIS = 500;

  private static final int DEEPEST = 200;

  private final String text;
  private final Jsonata compiled;

  private Expression(String text, Jsonata compiled) {
    this.text = text;
    this.compiled = compiled;
  }

  /// An expression that does not compile.
  static final class Mistake extends Exception {
    private final int offset;

    Mistake(String message, int offset) {
      super(message);
      this.offset = offset;
    }

    /// Where in the text, counted from 0.
    int offset() {
      return offset;
    }
  }

  /// An evaluation that failed on what it was given.
  static final class Failure extends RuntimeException {
    Failure(String message) {
      super(message);
    }
  }

  static Expression compile(String text) throws Mistake {
    try {
      return new Expression(text, Jsonata.jsonata(text));
    } catch (JException wrong) {
      throw new Mistake(words(wrong), Math.clamp(wrong.getLocation(), 0, text.length()));
    }
  }

  /// The value; empty where the expression finds nothing, or null.
  ///
  /// @throws Failure when it cannot be evaluated, or not in time
  Optional<Object> evaluate(Map<String, ?> input) {
    try {
      // Bindings of a frame were seen to reach other expressions of the same thread, so there are
      // none: everything is input.
      Jsonata.Frame frame = compiled.createFrame();
      frame.setRuntimeBounds(MOST_MILLIS, DEEPEST);
      return Optional.ofNullable(compiled.evaluate(input, frame));
    } catch (JException wrong) {
      throw new Failure("'" + shortened() + "': " + words(wrong));
    } catch (ClassCastException | IllegalStateException | IndexOutOfBoundsException odd) {
      throw new Failure("'" + shortened() + "' does not fit the answer: " + odd.getMessage());
    } catch (StackOverflowError deep) {
      throw new Failure("'" + shortened() + "' goes too deep");
    }
  }

  /// A value as text, where it is a text, a number or a truth.
  Optional<String> text(Map<String, ?> input) {
    return evaluate(input).flatMap(Expression::textOf);
  }

  static Optional<String> textOf(Object value) {
    return switch (value) {
      case String text -> Optional.of(text);
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          Optional.of(Long.toString(number.longValue()));
      case Number number -> Optional.of(number.toString());
      case Boolean truth -> Optional.of(truth.toString());
      default -> Optional.empty();
    };
  }

  /// Whether it is true: nothing, false, 0 and the empty text are not.
  boolean holds(Map<String, ?> input) {
    return evaluate(input).filter(Expression::isTrue).isPresent();
  }

  private static boolean isTrue(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case Number number -> number.doubleValue() != 0;
      default -> true;
    };
  }

  private String shortened() {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > 60 ? line.substring(0, 60) + "…" : line;
  }

  private static String words(JException wrong) {
    String message = String.valueOf(wrong.getMessage()).strip();
    return message.isEmpty() ? wrong.getError() : message;
  }

  @Override
  public String toString() {
    return text;
  }
}
