package dev.carillon.gateway.upstream.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.upstream.http.Definition.Failing;
import dev.carillon.gateway.upstream.http.Definition.Meaning;
import dev.carillon.gateway.upstream.http.Definition.Reading;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what an answer means, by the definition's words.
record AnswerReader(Reading reading) {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(\\.\\d+)?");
  private static final int LONGEST = 300;

  /// What an answer means.
  sealed interface Meant {
    /// It goes on.
    ///
    /// @param unknownWord the provider's word where no table has it
    record Running(int progress, Optional<String> unknownWord) implements Meant {}

    record Done() implements Meant {}

    record Refused(Reason reason) implements Meant {}

    /// The provider says by a word that it took nothing.
    record NothingTaken(Reason reason) implements Meant {}

    record Cancelled() implements Meant {}
  }

  /// Reads an answer in the 2xx about a job's state.
  Meant read(Map<String, ?> input) {
    Failing failing = reading.failing();
    if (failing.when().filter(when -> when.holds(input)).isPresent()) {
      return failed(input);
    }
    if (reading.state().isEmpty()) {
      return new Meant.Done();
    }
    String word = reading.state().get().text(input).orElse("");
    Meaning meaning = reading.words().get(word);
    if (meaning == null) {
      return new Meant.Running(progress(input), Optional.of(word));
    }
    return switch (meaning) {
      case RUNNING -> new Meant.Running(progress(input), Optional.empty());
      case DONE -> new Meant.Done();
      case FAILED -> failed(input);
      case MODERATED -> new Meant.Refused(moderated());
      case CANCELLED -> new Meant.Cancelled();
    };
  }

  private Meant failed(Map<String, ?> input) {
    Reason reason = refusal(502, input);
    return code(input).filter(reading.failing().nothingTaken()::contains).isPresent()
        ? new Meant.NothingTaken(reason)
        : new Meant.Refused(reason);
  }

  /// Why a request or a job failed.
  ///
  /// @param status that of the answer
  Reason refusal(int status, Map<String, ?> input) {
    if (isModerated(input)) {
      return moderated();
    }
    ErrorCode usual =
        status == 429
            ? ErrorCode.BUSY
            : status >= 400 && status < 500 && status != 401 && status != 402 && status != 403
                ? ErrorCode.BAD_REQUEST
                : ErrorCode.API_ERROR;
    ErrorCode code = code(input).flatMap(this::ours).orElse(usual);
    if (code == ErrorCode.FORBIDDEN) {
      return moderated();
    }
    return new Reason(code, message(input).orElse(code.message()));
  }

  /// Whether a failure is the provider's word that the request is against its rules.
  boolean isModerated(Map<String, ?> input) {
    return reading.failing().moderated().filter(rule -> rule.holds(input)).isPresent()
        || code(input).flatMap(this::ours).filter(ours -> ours == ErrorCode.FORBIDDEN).isPresent();
  }

  private static Reason moderated() {
    return Reason.of(ErrorCode.FORBIDDEN);
  }

  private Optional<String> code(Map<String, ?> input) {
    return reading.failing().code().flatMap(code -> code.text(input));
  }

  /// The longest known word that the provider's begins with.
  private Optional<ErrorCode> ours(String theirs) {
    Map<String, ErrorCode> codes = reading.failing().codes();
    return codes.keySet().stream()
        .filter(theirs::startsWith)
        .max(Comparator.comparingInt(String::length))
        .map(codes::get);
  }

  /// The provider's sentence in one line, without addresses.
  private Optional<String> message(Map<String, ?> input) {
    return reading
        .failing()
        .message()
        .flatMap(message -> message.text(input))
        .map(text -> text.replaceAll("https?://\\S+", "…").replaceAll("\\s+", " ").strip())
        .filter(text -> !text.isEmpty())
        .map(text -> text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
  }

  private int progress(Map<String, ?> input) {
    String text = reading.progress().flatMap(progress -> progress.text(input)).orElse("");
    Matcher number = NUMBER.matcher(text);
    return number.find() ? Math.clamp((long) Double.parseDouble(number.group()), 0, 99) : 0;
  }

  /// A job's input with an answer's on top.
  static Map<String, Object> joined(Map<String, ?> job, Map<String, ?> answer) {
    Map<String, Object> all = new HashMap<>(job);
    all.putAll(answer);
    return all;
  }
}
