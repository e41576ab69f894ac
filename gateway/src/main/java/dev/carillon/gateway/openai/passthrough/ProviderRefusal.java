package dev.carillon.gateway.openai.passthrough;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.openai.passthrough.RefusedException.Said;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a caller is told when a provider refuses. What is wrong with the request is passed on in
/// the provider's words; what is wrong with the provider, or with our key there, is ours to tell.
final class ProviderRefusal {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<Integer> OF_THE_REQUEST = Set.of(400, 404, 409, 413, 415, 422);
  private static final int TOO_MANY = 429;
  private static final int LONGEST = 2_000;

  private ProviderRefusal() {}

  static RefusedException of(int status, byte[] body, Optional<String> retryAfter) {
    if (OF_THE_REQUEST.contains(status)) {
      JsonNode error = error(body);
      return new RefusedException(
          status,
          ErrorCode.BAD_REQUEST,
          new Said(
              cut(error.path("message").asString("The provider refused the request.")),
              error.path("type").asString("invalid_request_error"),
              text(error.path("code")),
              text(error.path("param"))));
    }
    if (status == TOO_MANY) {
      RefusedException busy =
          new RefusedException(
              TOO_MANY,
              ErrorCode.TOO_MANY_REQUESTS,
              new Said(
                  "The provider has too much to do, please try again later.",
                  "requests",
                  Optional.of("rate_limit_exceeded"),
                  Optional.empty()));
      return retryAfter.map(wait -> busy.header("Retry-After", wait)).orElse(busy);
    }
    boolean key = status == 401 || status == 403;
    return new RefusedException(
        ErrorCode.API_ERROR.status(),
        ErrorCode.API_ERROR,
        new Said(
            key ? "The provider does not accept this gateway's key." : "The provider failed.",
            "server_error",
            Optional.of(ErrorCode.API_ERROR.wire()),
            Optional.empty()));
  }

  private static JsonNode error(byte[] body) {
    try {
      return JSON.readTree(new String(body, StandardCharsets.UTF_8)).path("error");
    } catch (JacksonException notJson) {
      return JSON.createObjectNode();
    }
  }

  private static Optional<String> text(JsonNode node) {
    String text = node.asString("");
    return text.isEmpty() ? Optional.empty() : Optional.of(cut(text));
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
