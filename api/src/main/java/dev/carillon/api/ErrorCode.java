package dev.carillon.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A stable error code of the wire contract, with the HTTP status it travels under.
///
/// Source: contract section 5.2. A code never changes its meaning; new ones may be added, so a
/// reader treats an unknown code as [#API_ERROR].
public enum ErrorCode {
  BAD_REQUEST(400, "The request is not valid."),
  NO_TOKEN(400, "No token specified for the request."),
  API_NOT_IMPLEMENTED(400, "The API is not implemented."),
  INVALID_TOKEN(401, "The specified token is invalid or wrong."),
  TOKEN_EXPIRED(401, "token expired."),
  TOKEN_MISMATCHED(401, "token and api does not match."),
  USED_UP(403, "Your balance is not sufficient for current request, please add credit."),
  DISABLED(403, "Your application has been disabled, please contact the operator of this gateway."),
  FORBIDDEN(
      403, "Sorry! Our Al moderators feel your prompt might be against our community standards."),
  NO_API(404, "API does not exist, please make sure url is correct."),
  NOT_FOUND(404, "task not found"),
  NO_TASK(404, "task not found"),
  METHOD_NOT_ALLOWED(405, "The method is not allowed here."),
  CONFLICT(409, "The state of the task does not allow this."),
  CANCELLED(409, "The task was cancelled."),
  GONE(410, "The task was deleted, or the time for which it is kept is over."),
  REQUEST_TOO_LARGE(413, "Request body is too large."),
  UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported."),
  IDEMPOTENCY_KEY_REUSED(
      422, "This idempotency key was used for another request; use a new key for a new request."),
  MAX_COST_EXCEEDED(422, "The price is above the most this request may cost."),
  TOO_MANY_REQUESTS(429, "You have exceeded the rate limit."),
  API_ERROR(500, "Internal server error."),
  BUSY(500, "api was throttled from upstream and is currently busy, please try again later."),
  UNAVAILABLE(503, "The gateway cannot take this request now, please try again later."),
  TIMEOUT(504, "Timeout to generate the result.");

  private static final Map<String, ErrorCode> BY_WIRE =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(ErrorCode::wire, Function.identity()));

  private final String wire;
  private final int status;
  private final String message;

  ErrorCode(int status, String message) {
    this.wire = name().toLowerCase(Locale.ROOT);
    this.status = status;
    this.message = message;
  }

  /// The word in the JSON field `error.code`.
  public String wire() {
    return wire;
  }

  /// The HTTP status of an answer with this code.
  public int status() {
    return status;
  }

  /// The message used when nothing more exact is known.
  public String message() {
    return message;
  }

  /// The code with this wire word, or empty for a word this version does not know.
  public static Optional<ErrorCode> ofWire(String wire) {
    return Optional.ofNullable(BY_WIRE.get(wire));
  }
}
