package dev.carillon.gateway.openai.passthrough;

import dev.carillon.api.ErrorCode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A call that is refused with more to say than a [dev.carillon.gateway.http.Problem] can: OpenAI's
/// error object names a parameter, and its codes are not ours. It has no stack trace, since it
/// tells the caller about the request.
public final class RefusedException extends RuntimeException {
  private final int status;
  private final ErrorCode code;
  private final transient Said said;
  private final transient Map<String, String> headers;

  /// What the error object says.
  ///
  /// @param type such as `invalid_request_error`
  /// @param code such as `model_not_found`; empty for `null`
  /// @param param the request's field; empty for `null`
  public record Said(String message, String type, Optional<String> code, Optional<String> param) {}

  /// A refusal without headers of its own.
  ///
  /// @param code the nearest of the codes that the compatible API knows
  public RefusedException(int status, ErrorCode code, Said said) {
    this(status, code, said, Map.of());
  }

  private RefusedException(int status, ErrorCode code, Said said, Map<String, String> headers) {
    super(said.message(), null, false, false);
    this.status = status;
    this.code = code;
    this.said = said;
    this.headers = headers;
  }

  /// A field that cannot be used.
  public static RefusedException field(String param, String message) {
    return new RefusedException(
        400,
        ErrorCode.BAD_REQUEST,
        new Said(message, "invalid_request_error", Optional.empty(), Optional.of(param)));
  }

  /// A model that nobody here knows.
  public static RefusedException model(String model) {
    String shown = model.length() > 100 ? model.substring(0, 100) + "…" : model;
    return new RefusedException(
        404,
        ErrorCode.BAD_REQUEST,
        new Said(
            "The model '" + shown + "' does not exist here.",
            "invalid_request_error",
            Optional.of("model_not_found"),
            Optional.of("model")));
  }

  /// The same with one more header.
  public RefusedException header(String name, String value) {
    var all = new TreeMap<>(headers);
    all.put(name, value);
    return new RefusedException(status, code, said, Collections.unmodifiableMap(all));
  }

  public int status() {
    return status;
  }

  public ErrorCode code() {
    return code;
  }

  public Said said() {
    return said;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
