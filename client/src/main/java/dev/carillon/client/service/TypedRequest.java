package dev.carillon.client.service;

import dev.carillon.client.Submission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// A request under construction, of one of the classes in this package. Not safe for several
/// threads.
///
/// @param <T> the request's own class
public abstract class TypedRequest<T extends TypedRequest<T>> {
  private final String service;
  private final String endpoint;
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /// @param service such as `flux`
  /// @param endpoint such as `images`
  protected TypedRequest(String service, String endpoint) {
    this.service = service;
    this.endpoint = endpoint;
  }

  /// Sets a field that has no method of its own, such as one of another gateway.
  ///
  /// @param value what JSON can say
  public final T with(String field, Object value) {
    return set(field, value);
  }

  /// Where the result is POSTed, too; polling goes on working.
  public final T callbackUrl(String url) {
    return set("callback_url", url);
  }

  /// What the request holds now, with a key of its own: submitting it twice pays once.
  public final Submission submission() {
    return Submission.of(service, endpoint, fields);
  }

  /// Sets a field, replacing what it held.
  protected final T set(String field, Object value) {
    fields.put(field, Objects.requireNonNull(value, field));
    return self();
  }

  /// This, by its own class.
  protected abstract T self();
}
