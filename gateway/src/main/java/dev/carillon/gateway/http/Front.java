package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Ids;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes each request from its head to its last byte: path, route, handler, answer. The one place
/// where exceptions become answers.
final class Front implements io.helidon.webserver.http.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);
  private static final String NO_ROUTE = "none";

  private final HttpConfig config;
  private final Routes routes;
  private final Ids traceIds;
  private final Function<Throwable, Optional<Problem>> translate;
  private final RequestListener listener;
  private final JsonReader json;

  Front(
      HttpConfig config,
      Routes routes,
      Ids traceIds,
      Function<Throwable, Optional<Problem>> translate,
      RequestListener listener) {
    this.config = config;
    this.routes = routes;
    this.traceIds = traceIds;
    this.translate = translate;
    this.listener = listener;
    this.json = new JsonReader(config.limits());
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    long began = System.nanoTime();
    var call = new HelidonCall(request, config, json, traceIds.next().toString());
    if (!request.content().hasEntity()) {
      Line.current().ifPresent(Line::arrived);
    }
    var answer = answer(call);
    Line.current().ifPresent(Line::arrived);
    boolean cut = answer.last() || call.muchUnread();
    boolean last = cut || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    response.header(Wire.TRACE, call.traceId());
    call.more().forEach((name, value) -> response.header(name, Wire.oneLine(value)));
    if (last) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    try {
      send(call, answer.reply(), response);
    } finally {
      listener.answered(answer.route(), answer.reply().status(), System.nanoTime() - began);
    }
    if (cut) {
      Line.current().ifPresent(Line::linger);
    }
    if (last) {
      throw new CloseConnectionException("the answer was the last one of its connection");
    }
  }

  private record Answer(String route, Reply reply, boolean last) {}

  private record Target(String route, Handler handler) {}

  private Answer answer(HelidonCall call) {
    String route = NO_ROUTE;
    try {
      var target = target(call);
      route = target.route();
      return new Answer(route, target.handler().handle(call), false);
    } catch (Problem problem) {
      return new Answer(route, Envelope.reply(problem, call.traceId()), false);
    } catch (InterruptedException closing) {
      return new Answer(route, Envelope.reply(closing(), call.traceId()), true);
    } catch (RequestException
        | CloseConnectionException
        | DataReader.InsufficientDataAvailableException brokenRequest) {
      throw brokenRequest;
    } catch (RuntimeException | StackOverflowError unexpected) {
      return new Answer(route, Envelope.reply(translated(call, unexpected), call.traceId()), false);
    }
  }

  private Target target(HelidonCall call) {
    String path = call.readPath();
    var found = routes.match(path);
    if (found.isEmpty()) {
      var fallback = routes.fallback().orElseThrow(() -> Problem.of(ErrorCode.NO_API));
      return new Target(fallback.name().apply(call), fallback.handler());
    }
    var match = found.get();
    call.matched(match.parameters());
    var route = match.route();
    String method = call.method();
    var handler =
        route
            .handler(method)
            .or(() -> method.equals("HEAD") ? route.handler("GET") : Optional.empty());
    return new Target(
        route.pattern(), handler.orElseGet(() -> _ -> Routes.otherMethod(method, route.allow())));
  }

  private Problem translated(HelidonCall call, Throwable unexpected) {
    var known = translate.apply(unexpected);
    if (known.isPresent()) {
      return known.get();
    }
    LOG.error(
        "request.failed trace_id={} {} {}",
        call.traceId(),
        call.method(),
        Wire.oneLine(call.path()),
        unexpected);
    return Problem.of(ErrorCode.API_ERROR);
  }

  private static void send(HelidonCall call, Reply reply, ServerResponse response) {
    try {
      new ReplyWriter(response, call.method().equals("HEAD")).write(reply);
    } catch (InterruptedException closing) {
      throw new CloseConnectionException("the server closes", closing);
    } catch (CloseConnectionException | RequestException known) {
      throw known;
    } catch (RuntimeException unexpected) {
      LOG.error("reply.failed trace_id={}", call.traceId(), unexpected);
      throw new CloseConnectionException("the answer broke off", unexpected);
    }
  }

  private static Problem closing() {
    return new Problem(ErrorCode.UNAVAILABLE, "The gateway is being restarted, please try again.")
        .retryAfter(Duration.ofSeconds(1));
  }
}
