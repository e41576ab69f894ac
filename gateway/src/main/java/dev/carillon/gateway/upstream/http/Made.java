package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Task;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns what a provider's answer says was made into works: bytes become files of ours, and
/// addresses are let through only on hosts the definition lists, and never on another provider's
/// server, which the operator named for that one alone.
record Made(Hosts hosts, HttpProvider.Keeping keeping, Task task) {
  private static final int MOST_WORKS = 64;

  /// The works of an answer; at least one.
  ///
  /// @throws Expression.Failure when there is none, or one stands where it must not
  /// @throws IOException when its bytes cannot be kept
  List<Map<String, Object>> works(Expression expression, Map<String, ?> input)
      throws IOException, InterruptedException {
    List<Map<String, Object>> works = new ArrayList<>();
    Optional<Object> value = expression.evaluate(input);
    for (Object one : value.map(Made::listed).orElse(List.of())) {
      if (one instanceof Map<?, ?> fields && !fields.isEmpty() && works.size() < MOST_WORKS) {
        works.add(work(fields, works.size()));
      }
    }
    if (works.isEmpty()) {
      throw new Expression.Failure("the answer names nothing that was made");
    }
    return List.copyOf(works);
  }

  /// The whole answer, whose addresses are checked at any depth.
  ///
  /// @throws Expression.Failure when there is none, or a result stands where it must not
  /// @throws IOException when a text in it is too long
  Answer answer(Expression expression, Map<String, ?> input)
      throws IOException, InterruptedException {
    if (!(expression.evaluate(input).orElse("") instanceof Map<?, ?> fields)) {
      throw new Expression.Failure("the answer names nothing that was made");
    }
    checkAll(fields);
    return new Answer(Reply.Json.MAPPER.writeValueAsString(inlined(fields)));
  }

  /// The value with the texts that marks stand for.
  private Object inlined(Object value) throws IOException, InterruptedException {
    return switch (value) {
      case Map<?, ?> fields -> {
        var whole = new LinkedHashMap<String, Object>();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
          if (field.getValue() != null) {
            whole.put(String.valueOf(field.getKey()), inlined(field.getValue()));
          }
        }
        yield whole;
      }
      case List<?> list -> {
        var whole = new ArrayList<Object>();
        for (Object one : list) {
          whole.add(one == null ? "" : inlined(one));
        }
        yield whole;
      }
      case String text -> keeping.spool().inlined(owner(), text);
      default -> value;
    };
  }

  private String owner() {
    return task.id().toString();
  }

  private void checkAll(Object value) {
    switch (value) {
      case Map<?, ?> fields ->
          fields.forEach((key, one) -> {
            if (one instanceof String || one instanceof List<?>) {
              check(String.valueOf(key), one);
            }
            if (one != null) {
              checkAll(one);
            }
          });
      case List<?> list -> list.forEach(one -> checkAll(one == null ? "" : one));
      default -> {
        // A text or number by itself is no address.
      }
    }
  }

  private static List<?> listed(Object value) {
    return value instanceof List<?> list ? list : List.of(value);
  }

  private Map<String, Object> work(Map<?, ?> fields, int index)
      throws IOException, InterruptedException {
    Map<String, Object> work = new LinkedHashMap<>();
    fields.forEach((key, value) -> {
      if (value != null && !key.equals("bytes") && !key.equals("type") && !key.equals("into")) {
        work.put(String.valueOf(key), value);
      }
    });
    checkAll(work);
    for (Map.Entry<String, Object> one : work.entrySet()) {
      one.setValue(inlined(one.getValue()));
    }
    if (fields.get("bytes") instanceof String bytes) {
      Object into = fields.get("into");
      work.put(into == null ? "url" : String.valueOf(into), kept(bytes, index));
    }
    return work;
  }

  private String kept(String bytes, int index) throws IOException, InterruptedException {
    try (InputStream in = keeping.spool().bytes(owner(), bytes)) {
      return keeping.inlet().keep(task, index, in);
    }
  }

  private void check(String key, Object value) {
    boolean addresses =
        key.equals("url") || key.equals("urls") || key.endsWith("_url") || key.endsWith("_urls");
    if (addresses) {
      listed(value).stream()
          .filter(one -> one instanceof String text && !text.isEmpty())
          .forEach(one -> check(String.valueOf(one)));
    }
  }

  private void check(String address) {
    try {
      URI uri = new URI(address);
      if (!hosts.allowResult(uri)) {
        throw new Expression.Failure(
            "the result stands on " + uri.getHost() + ", which the definition does not list");
      }
      if (!hosts.isBase(uri) && keeping.named().test(uri)) {
        throw new Expression.Failure("the result stands on another provider's server");
      }
    } catch (URISyntaxException wrong) {
      throw new Expression.Failure("the result has no address: " + wrong.getReason());
    }
  }
}
