package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// One thing a service can be asked for (contract section 2).
///
/// @param service the name of its service
/// @param path without a leading `/v1`, such as `/midjourney/imagine`; may hold `{name}` segments
/// @param method `POST`, `GET` or `DELETE`; of the latter two the query parameters are the request
/// @param type the record's `type`
/// @param summary one line for people
/// @param style how it answers when the caller asks for nothing special
/// @param request checks and cleans the body
/// @param response makes the answer from works
/// @param envelope what stands around the answer's fields
/// @param startedAt whether the immediate reply also holds `started_at` (an ISO-8601 text)
/// @param streams whether `accept: application/x-ndjson` gives a stream of progress lines
/// @param headers request headers that stand for request fields: header name to field
/// @param price what success costs
/// @param timing how long it takes
/// @param deadlines the times its tasks are given
/// @param route providers, tried in this order, an entry naming one or several with weights such as
///   `kling:3|fal`; `auto` alone for whoever serves it, else the sandbox; never empty
/// @param make what the sandbox shall make, as a template over the request; see the package's doc
/// @param assets what becomes of the files of results
public record Endpoint(
    String service,
    String path,
    String method,
    String type,
    String summary,
    Style style,
    RequestSchema request,
    Shape response,
    Envelope envelope,
    boolean startedAt,
    boolean streams,
    Map<String, String> headers,
    Price price,
    Timing timing,
    Deadlines deadlines,
    List<String> route,
    Shape make,
    Assets assets) {
  public Endpoint {
    headers = Map.copyOf(headers);
    route = List.copyOf(route);
  }

  /// What tasks remember this endpoint by: the path, with the method before it unless it is POST.
  public String key() {
    return method.equals("POST") ? path : method + " " + path;
  }

  /// The time such a task takes as long as nothing has been learned.
  public Estimate estimate() {
    return new Estimate(timing.typical(), timing.p90());
  }

  /// What a checked request costs when it succeeds.
  public Money price(ObjectNode cleaned) {
    return price.of(cleaned);
  }

  /// The sandbox's instructions for one checked request: `kind`, `count`, `size`, `duration` and so
  /// on, with the request's values put in. Keys are those of the package's doc.
  public Map<String, Object> plan(ObjectNode cleaned) {
    return Trees.map(make.text(Shape.Context.of(cleaned, Instant.EPOCH)));
  }
}
