package dev.carillon.gateway.upstream.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Spelling;
import dev.carillon.gateway.upstream.http.Definition.Absence;
import dev.carillon.gateway.upstream.http.Definition.Batch;
import dev.carillon.gateway.upstream.http.Definition.Failing;
import dev.carillon.gateway.upstream.http.Definition.Find;
import dev.carillon.gateway.upstream.http.Definition.Form;
import dev.carillon.gateway.upstream.http.Definition.Meaning;
import dev.carillon.gateway.upstream.http.Definition.Plan;
import dev.carillon.gateway.upstream.http.Definition.Reading;
import dev.carillon.gateway.upstream.http.Definition.Step;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the steps of a job.
final class PlanReader {
  static final List<String> KEYS =
      List.of(
          "submit",
          "poll",
          "result",
          "cancel",
          "find",
          "batch",
          "state",
          "words",
          "progress",
          "works",
          "answer",
          "failure");
  private static final List<String> STEP_KEYS =
      List.of("method", "path", "url", "query", "headers", "body", "form");
  private static final List<String> WORDS =
      List.of("running", "done", "failed", "moderated", "cancelled");

  /// The server says itself that it took nothing. Others, such as 500 and 504, leave that open.
  private static final Set<Integer> NOTHING_TAKEN = Set.of(401, 402, 403, 404, 429, 503);

  private final Faults faults;

  PlanReader(Faults faults) {
    this.faults = faults;
  }

  Optional<Plan> plan(Yaml.Fields fields) {
    Optional<Step> submit = step(fields, "submit", "POST", "job", "nothing-taken");
    if (submit.isEmpty()) {
      faults.add(fields.line(), "submit is missing");
      return Optional.empty();
    }
    Optional<Step> poll = step(fields, "poll", "GET", "gone");
    Map<String, Expression> job = expressions(sub(fields, "submit"), "job");
    if (job.isEmpty() == poll.isPresent()) {
      faults.add(
          fields.line(), "a job that is polled needs submit.job and poll, one that is not neither");
    }
    Set<Integer> nothing = new LinkedHashSet<>(NOTHING_TAKEN);
    nothing.addAll(statuses(sub(fields, "submit"), "nothing-taken"));
    Optional<Step> cancel = step(fields, "cancel", "POST", "confirmed");
    return Optional.of(
        new Plan(
            submit.get(),
            job,
            nothing,
            poll,
            statuses(sub(fields, "poll"), "gone"),
            step(fields, "result", "GET"),
            cancel,
            faults.expression(sub(fields, "cancel"), "confirmed"),
            find(fields),
            batch(fields),
            reading(fields)));
  }

  private Yaml.Fields sub(Yaml.Fields fields, String key) {
    return faults.fields(Faults.get(fields, key), key);
  }

  private Optional<Step> step(Yaml.Fields all, String key, String method, String... more) {
    if (Faults.get(all, key).isEmpty()) {
      return Optional.empty();
    }
    Yaml.Fields fields = sub(all, key);
    Set<String> known = new LinkedHashSet<>(STEP_KEYS);
    known.addAll(Arrays.asList(more));
    faults.known(fields, key, known);
    Optional<Template> path =
        Faults.get(fields, "path").flatMap(value -> faults.template(value, key + ".path"));
    Optional<Expression> url = faults.expression(fields, "url");
    if (Faults.get(fields, "path").isPresent() == Faults.get(fields, "url").isPresent()) {
      faults.add(fields.line(), key + " needs either path or url");
    }
    return Optional.of(
        new Step(
            faults.word(fields, "method", List.of("GET", "POST", "PUT", "DELETE", "PATCH"), method),
            path,
            url,
            templates(fields, "query"),
            templates(fields, "headers"),
            faults.expression(fields, "body"),
            Form.valueOf(
                faults
                    .word(fields, "form", List.of("json", "form", "multipart"), "json")
                    .toUpperCase(Locale.ROOT))));
  }

  private Map<String, Template> templates(Yaml.Fields fields, String key) {
    Map<String, Template> templates = new LinkedHashMap<>();
    sub(fields, key)
        .values()
        .forEach((name, value) ->
            faults.template(value, key + "." + name).ifPresent(made -> templates.put(name, made)));
    return templates;
  }

  Map<String, Expression> expressions(Yaml.Fields fields, String key) {
    Map<String, Expression> expressions = new LinkedHashMap<>();
    sub(fields, key)
        .values()
        .forEach((name, value) ->
            faults
                .expression(value, key + "." + name)
                .ifPresent(made -> expressions.put(name, made)));
    return expressions;
  }

  private Set<Integer> statuses(Yaml.Fields fields, String key) {
    Set<Integer> statuses = new LinkedHashSet<>();
    for (Yaml item : faults.items(fields, key)) {
      if (item instanceof Yaml.Scalar one && one.text().matches("[1-5]\\d\\d")) {
        statuses.add(Integer.valueOf(one.text()));
      } else {
        faults.add(item.line(), key + " must be a list of HTTP statuses");
      }
    }
    return statuses;
  }

  private Optional<Find> find(Yaml.Fields fields) {
    Yaml.Fields find = sub(fields, "find");
    if (Faults.get(find, "settled").isPresent() != Faults.get(find, "absent").isPresent()) {
      faults.add(find.line(), "find needs both absent and settled, or neither");
    }
    Duration settled = faults.time(find, "settled", Duration.ofMinutes(1));
    Optional<Absence> absence =
        faults.expression(find, "absent").map(said -> new Absence(said, settled));
    return step(fields, "find", "GET", "job", "absent", "settled")
        .map(step -> new Find(step, expressions(find, "job"), absence));
  }

  private Optional<Batch> batch(Yaml.Fields fields) {
    Yaml.Fields batch = sub(fields, "batch");
    Optional<Expression> items = faults.expression(batch, "items");
    Optional<Expression> id = faults.expression(batch, "id");
    Optional<Step> step = step(fields, "batch", "POST", "items", "id", "most");
    if (step.isPresent() && (items.isEmpty() || id.isEmpty())) {
      faults.add(batch.line(), "batch needs items and id");
      return Optional.empty();
    }
    int most = (int) Math.clamp(faults.number(batch, "most", 50), 1, 1_000);
    return step.map(made -> new Batch(made, items.orElseThrow(), id.orElseThrow(), most));
  }

  private Reading reading(Yaml.Fields fields) {
    Yaml.Fields words = faults.known(sub(fields, "words"), "words", WORDS);
    Map<String, Meaning> meanings = new HashMap<>();
    for (String word : words.values().keySet()) {
      if (WORDS.contains(word)) {
        Meaning meaning = Meaning.valueOf(word.toUpperCase(Locale.ROOT));
        faults.texts(words, word).forEach(text -> meanings.put(text, meaning));
      }
    }
    Optional<Expression> state = faults.expression(fields, "state");
    boolean done = meanings.containsValue(Meaning.DONE);
    if (state.isPresent() != done) {
      faults.add(fields.line(), "state and words.done belong together");
    }
    Optional<Expression> works = faults.expression(fields, "works");
    Optional<Expression> answer = faults.expression(fields, "answer");
    if (Faults.get(fields, "works").isEmpty() && Faults.get(fields, "answer").isEmpty()) {
      faults.add(fields.line(), "works is missing");
    }
    return new Reading(
        state, meanings, faults.expression(fields, "progress"), works, answer, failing(fields));
  }

  private Failing failing(Yaml.Fields fields) {
    Yaml.Fields failure = sub(fields, "failure");
    faults.known(
        failure,
        "failure",
        List.of("when", "code", "message", "moderated", "codes", "nothing-taken"));
    Map<String, ErrorCode> codes = new LinkedHashMap<>();
    List<String> ours = Arrays.stream(ErrorCode.values()).map(ErrorCode::wire).toList();
    sub(failure, "codes")
        .values()
        .forEach((theirs, value) -> {
          String wire = value instanceof Yaml.Scalar one ? one.text() : "";
          ErrorCode.ofWire(wire)
              .ifPresentOrElse(
                  code -> codes.put(theirs, code),
                  () ->
                      faults.add(
                          value.line(),
                          "codes: unknown error code '" + wire + "'" + Spelling.hint(wire, ours)));
        });
    return new Failing(
        faults.expression(failure, "when"),
        faults.expression(failure, "code"),
        faults.expression(failure, "message"),
        faults.expression(failure, "moderated"),
        codes,
        Set.copyOf(faults.texts(failure, "nothing-taken")));
  }
}
