package dev.carillon.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// An error as an answer carries it.
record ServiceError(
    int status, String code, String message, String traceId, Optional<Duration> retryAfter) {
  private static final Set<String> OF_THE_TOKEN =
      Set.of("no_token", "invalid_token", "token_expired", "token_mismatched");

  static ServiceError of(Reply reply) {
    JsonNode json = reply.jsonOrMissing();
    return new ServiceError(
        reply.status(),
        json.at("/error/code").asString("unknown"),
        json.at("/error/message").asString("no message"),
        json.path("trace_id").asString(""),
        reply.retryAfter());
  }

  ServiceException exception() {
    if (OF_THE_TOKEN.contains(code) || status == 401) {
      return new ServiceException.Unauthorized(this);
    }
    if (code.equals("used_up")) {
      return new ServiceException.UsedUp(this);
    }
    return switch (status) {
      case 400, 413, 415 -> new ServiceException.BadRequest(this);
      case 403 -> new ServiceException.Forbidden(this);
      case 404 -> new ServiceException.NotFound(this);
      case 409 -> new ServiceException.Conflict(this);
      case 429 -> new ServiceException.Limited(this);
      default ->
          status >= 500 ? new ServiceException.Unavailable(this) : new ServiceException(this);
    };
  }
}
