package dev.carillon.gateway.upstream.http;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Parser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A JSONata expression over what is known of a job, compiled once. Free of side effects; ended
/// after [#MOST_STEPS], or where its steps are dear after [#LONGEST]. Safe for many threads.
///
/// A step is a part of the expression that is evaluated; a function of the library, such as a
/// regular expression, is one however long it takes.
final class Expression {
  /// Most steps of one evaluation: twenty for each of very many jobs in a list. They take a second
  /// at most. No shorter time bounds it: who waits for a processor would be taken for one that
  /// never ends.
  static final int MOST_STEPS = 2_000_000;

  static final Duration LONGEST = Duration.ofSeconds(5);

  private static final int DEEPEST = 200;

  /// Names joined by dots, which most expressions are.
  private static final Pattern PATH = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");

  private static final Pattern DOT = Pattern.compile("\\.");
  private static final Set<String> WORDS = Set.of("and", "or", "in", "true", "false", "null");

  private final String text;
  private final List<String> path; // empty where it is more than that
  private final Jsonata compiled;

  private Expression(String text, Jsonata compiled) {
    this.text = text;
    this.path = path(text.strip());
    this.compiled = compiled;
  }

  private static List<String> path(String text) {
    List<String> names = List.of(DOT.split(text));
    boolean plain = PATH.matcher(text).matches() && names.stream().noneMatch(WORDS::contains);
    return plain ? names : List.of();
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
  /// @throws Failure when it cannot be evaluated, or takes too many steps or too long
  Optional<Object> evaluate(Map<String, ?> input) {
    Object value = path.isEmpty() ? input : walk(input);
    // What has several values, or parts, is the library's to tell.
    return value instanceof Map || value instanceof List
        ? evaluated(input)
        : Optional.ofNullable(value);
  }

  /// What stands at the end of the path, or a list on the way to it. The library makes a parser for
  /// each thread that evaluates, one after the other: tens of thousands of looks a second wait for
  /// that.
  private @Nullable Object walk(Map<String, ?> input) {
    Object value = input;
    for (String name : path) {
      if (value instanceof List) {
        return value;
      }
      value = value instanceof Map<?, ?> fields ? fields.get(name) : null;
    }
    return value;
  }

  private Optional<Object> evaluated(Map<String, ?> input) {
    try {
      // Bindings of a frame were seen to reach other expressions of the same thread, so there are
      // none: everything is input.
      Jsonata.Frame frame = compiled.createFrame();
      Steps steps = new Steps();
      frame.setEvaluateEntryCallback(steps);
      frame.setEvaluateExitCallback(steps);
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

  /// Counts the steps of one evaluation. What it throws is the library's own, as it hides others.
  private static final class Steps implements Jsonata.EntryCallback, Jsonata.ExitCallback {
    private static final int BETWEEN_CLOCKS = 1_024;

    private final long began = System.nanoTime();
    private int count;
    private int depth;

    @Override
    public void callback(Parser.Symbol symbol, Object input, Jsonata.Frame frame) {
      if (++count > MOST_STEPS) {
        throw new JException("it takes more than " + MOST_STEPS + " steps", -1);
      }
      if (++depth > DEEPEST) {
        throw new JException("it is nested more than " + DEEPEST + " deep", -1);
      }
      if (count % BETWEEN_CLOCKS == 0 && System.nanoTime() - began > LONGEST.toNanos()) {
        throw new JException("it takes longer than " + LONGEST.toSeconds() + " s", -1);
      }
    }

    @Override
    public void callback(Parser.Symbol symbol, Object input, Jsonata.Frame frame, Object result) {
      depth--;
    }
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
