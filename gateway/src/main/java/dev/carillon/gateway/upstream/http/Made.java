package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.upstream.ResultFolder;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns what a provider's answer says was made into works: bytes become files of ours, and
/// addresses are let through only on hosts the definition lists.
///
/// @param media what addresses of kept files begin with
record Made(Hosts hosts, ResultFolder folder, String media) {
  private static final int MOST_WORKS = 64;

  /// The works of an answer; at least one.
  ///
  /// @throws Expression.Failure when there is none, or one stands where it must not
  List<Map<String, Object>> works(Expression expression, Map<String, ?> input) {
    List<Map<String, Object>> works = new ArrayList<>();
    Optional<Object> value = expression.evaluate(input);
    for (Object one : value.map(Made::listed).orElse(List.of())) {
      if (one instanceof Map<?, ?> fields && !fields.isEmpty() && works.size() < MOST_WORKS) {
        works.add(work(fields));
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
  Answer answer(Expression expression, Map<String, ?> input) {
    if (!(expression.evaluate(input).orElse("") instanceof Map<?, ?> fields)) {
      throw new Expression.Failure("the answer names nothing that was made");
    }
    checkAll(fields);
    return new Answer(Reply.Json.MAPPER.writeValueAsString(fields));
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

  private Map<String, Object> work(Map<?, ?> fields) {
    Map<String, Object> work = new LinkedHashMap<>();
    fields.forEach((key, value) -> {
      if (value != null) {
        work.put(String.valueOf(key), value);
      }
    });
    if (work.remove("bytes") instanceof String bytes) {
      String type = String.valueOf(work.getOrDefault("type", "application/octet-stream"));
      String into = String.valueOf(work.getOrDefault("into", "url"));
      work.put(into, media + folder.keep(type, decoded(bytes)));
    }
    work.remove("type");
    work.remove("into");
    work.forEach(this::check);
    return work;
  }

  private static byte[] decoded(String bytes) {
    try {
      return Base64.getMimeDecoder().decode(bytes.replaceFirst("^data:[^,]*,", ""));
    } catch (IllegalArgumentException wrong) {
      throw new Expression.Failure("the answer's bytes are no base64");
    }
  }

  private void check(String key, Object value) {
    boolean addresses = key.equals("url") || key.endsWith("_url") || key.endsWith("_urls");
    if (addresses) {
      listed(value).stream()
          .filter(one -> one instanceof String text && !text.isEmpty())
          .forEach(one -> check(String.valueOf(one)));
    }
  }

  private void check(String address) {
    if (address.startsWith(media)) {
      return;
    }
    try {
      URI uri = new URI(address);
      if (!hosts.allowResult(uri)) {
        throw new Expression.Failure(
            "the result stands on " + uri.getHost() + ", which the definition does not list");
      }
    } catch (URISyntaxException wrong) {
      throw new Expression.Failure("the result has no address: " + wrong.getReason());
    }
  }
}
