package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Ids;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/// Answers requests that are too broken to become a [Call], in the same envelope as all others. The
/// connection ends after each.
final class LowAnswers implements DirectHandler {
  private final HttpLimits limits;
  private final Ids traceIds;
  private final RequestListener listener;

  LowAnswers(HttpLimits limits, Ids traceIds, RequestListener listener) {
    this.limits = limits;
    this.traceIds = traceIds;
    this.listener = listener;
  }

  DirectHandlers handlers() {
    var handlers = DirectHandlers.builder();
    for (var type : EventType.values()) {
      handlers.addHandler(type, this);
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    boolean encoded =
        status.code() == 400 && request.headers().contains(HeaderNames.CONTENT_ENCODING);
    int code = encoded ? 415 : status.code();
    String trace = traceIds.next().toString();
    var problem = problem(code);
    Line.current().ifPresent(Line::linger);
    listener.answered("none", code, 0);
    headers.set(Wire.JSON);
    headers.set(Wire.TRACE, trace);
    return TransportResponse.builder()
        .status(Status.create(code))
        .headers(headers)
        .entity(Envelope.bytes(problem, trace))
        .keepAlive(false)
        .build();
  }

  private Problem problem(int status) {
    return switch (status) {
      case 413 -> Problem.of(ErrorCode.REQUEST_TOO_LARGE);
      case 415 ->
          new Problem(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "Compressed bodies are not taken: send the body without Content-Encoding.");
      case 503 -> Problem.of(ErrorCode.UNAVAILABLE);
      case 505 ->
          new Problem(
              ErrorCode.BAD_REQUEST,
              "Only HTTP/1.1 is spoken here; a proxy in between may need a setting, such as nginx's"
                  + " proxy_http_version 1.1.");
      default ->
          status >= 500
              ? Problem.of(ErrorCode.API_ERROR)
              : new Problem(
                  ErrorCode.BAD_REQUEST,
                  "The request is not valid HTTP/1.1: check its request line and headers (each at most "
                      + limits.headBytes()
                      + " bytes) and its framing.");
    };
  }
}
