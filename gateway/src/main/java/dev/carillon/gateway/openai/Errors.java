package dev.carillon.gateway.openai;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Handler;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.openai.passthrough.RefusedException;
import dev.carillon.gateway.openai.passthrough.RefusedException.Said;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tells what is refused in OpenAI's error object,
/// `{"error":{"message","type","param","code"},"trace_id"}`. The code is ours where OpenAI has none
/// that says the same.
final class Errors {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration STORE_PAUSE = Duration.ofSeconds(1);

  /// OpenAI's clients repeat some refusals by themselves unless this header forbids it; here
  /// another attempt would be another task.
  private static final String RETRY = "x-should-retry";

  private static final Set<ErrorCode> NOT_AGAIN =
      Set.of(ErrorCode.TIMEOUT, ErrorCode.CONFLICT, ErrorCode.CANCELLED);

  private Errors() {}

  /// A handler whose refusals are told in OpenAI's words.
  static Handler inOpenAiWords(Handler handler) {
    return call -> {
      try {
        return handler.handle(call);
      } catch (Problem problem) {
        return reply(call, refused(problem));
      } catch (RefusedException refused) {
        return reply(call, refused);
      } catch (StoreUnavailableException later) {
        return reply(call, refused(Problem.of(ErrorCode.UNAVAILABLE).retryAfter(STORE_PAUSE)));
      }
    };
  }

  /// A handler whose refusals are told in the compatible API's words.
  static Handler inCompatibleWords(Handler handler) {
    return call -> {
      try {
        return handler.handle(call);
      } catch (RefusedException refused) {
        Problem problem = new Problem(refused.code(), refused.said().message());
        for (var header : refused.headers().entrySet()) {
          problem = problem.header(header.getKey(), header.getValue());
        }
        throw problem;
      }
    };
  }

  private static RefusedException refused(Problem problem) {
    RefusedException refused =
        new RefusedException(
            status(problem.code()),
            problem.code(),
            new Said(
                problem.text(),
                type(problem.code()),
                Optional.of(word(problem.code())),
                Optional.empty()));
    for (var header : problem.headers().entrySet()) {
      refused = refused.header(header.getKey(), header.getValue());
    }
    return refused;
  }

  private static int status(ErrorCode code) {
    return switch (code) {
      case NO_TOKEN -> 401;
      case FORBIDDEN -> 400;
      default -> code.status();
    };
  }

  private static String type(ErrorCode code) {
    return switch (code) {
      case USED_UP -> "insufficient_quota";
      case TOO_MANY_REQUESTS -> "requests";
      case FORBIDDEN -> "image_generation_user_error";
      default -> code.status() >= 500 ? "server_error" : "invalid_request_error";
    };
  }

  private static String word(ErrorCode code) {
    return switch (code) {
      case NO_TOKEN, INVALID_TOKEN, TOKEN_EXPIRED -> "invalid_api_key";
      case TOO_MANY_REQUESTS -> "rate_limit_exceeded";
      case FORBIDDEN -> "moderation_blocked";
      default -> code.wire();
    };
  }

  private static Reply reply(Call call, RefusedException refused) {
    Map<String, String> headers = new TreeMap<>(refused.headers());
    if (refused.status() == 401) {
      headers.put("WWW-Authenticate", "Bearer");
    }
    if (NOT_AGAIN.contains(refused.code())) {
      headers.put(RETRY, "false");
    }
    ObjectNode tree = JSON.createObjectNode();
    Said said = refused.said();
    ObjectNode error =
        tree.putObject("error").put("message", said.message()).put("type", said.type());
    error.put("param", said.param().orElse(null));
    error.put("code", said.code().orElse(null));
    tree.put("trace_id", call.traceId());
    return Reply.json(refused.status(), JSON.writeValueAsString(tree), headers);
  }
}
