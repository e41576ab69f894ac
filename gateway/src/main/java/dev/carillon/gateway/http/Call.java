package dev.carillon.gateway.http;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// One HTTP request as rooms see it. Belongs to its request's thread.
public interface Call {

  /// The method in upper case, such as `POST`.
  String method();

  /// The normalised path: doubled slashes collapsed, all leading `/v1` segments removed,
  /// percent-decoded, without a trailing slash; `/` alone stays (contract section 1.1).
  String path();

  /// What stands in a route pattern's `{name}`; empty when the pattern has no such name.
  Optional<String> pathParameter(String name);

  /// The first value of a query parameter, percent-decoded.
  Optional<String> query(String name);

  /// The names of all query parameters, percent-decoded.
  Set<String> queryNames();

  /// All values of a query parameter in order, percent-decoded; empty when it is not there.
  List<String> queryAll(String name);

  /// The first value of a header; names are case-insensitive.
  Optional<String> header(String name);

  /// All values of a header in order; empty when it is not there.
  List<String> headers(String name);

  /// The id of this request in answers and logs: a UUID (version 7) with dashes.
  String traceId();

  /// Where callers reach this gateway, without a trailing slash: the configured public URL, else
  /// `http://` and what the `Host` header says.
  String baseUrl();

  /// The caller's IP address as text; of the nearest proxy that is not a trusted one.
  String remoteAddress();

  /// The body as sent; empty when there is none. Read once and kept.
  ///
  /// @throws Problem `request_too_large` beyond [HttpLimits#bodyBytes]
  byte[] body();

  /// The body as it comes, for one too large to hold; read once, and instead of [#body].
  ///
  /// @param limit how many bytes may come
  /// @param time how long it may take to arrive; then the connection is cut
  /// @return a stream that throws [Problem] `request_too_large` beyond the limit
  InputStream stream(long limit, Duration time);

  /// The body as one JSON object.
  ///
  /// @throws Problem with a message that says what to change when the body is no such thing
  JsonObject json();

  /// Best effort: true when the client is known to have hung up, or has closed its sending side.
  /// The first question starts a thread that waits for the client's next byte, so it is for calls
  /// that wait long; asking again is cheap. Read the body before. False tells nothing.
  boolean gone();

  /// Begins to watch whether the client hangs up, and gives a question that any thread may ask for
  /// as long as this call is not answered; best effort, as [#gone].
  BooleanSupplier hangUp();

  /// Gives headers for the answer, whatever it will be. They are asked for right before it is
  /// written, so that they tell of that moment; headers of the answer itself win. Must not block.
  void answerWith(Supplier<Map<String, String>> headers);

  /// Sends an interim `103` answer with these headers before the final one. Only for callers that
  /// asked for it: some HTTP libraries (Python's `http.client` for one) take it for the final
  /// answer.
  void hint(Map<String, String> headers);
}
