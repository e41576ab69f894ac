package dev.carillon.gateway.catalog;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The page at `/docs` that shows `/openapi.json`. Everything it needs comes from this gateway; it
/// makes no request to anybody else. Only a short list of files is served.
public final class DocsPage {
  /// The headers to send with each of its files: the browser itself forbids any outside request.
  public static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
              + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer");

  /// The version of the web-jar on the class path; a test holds both together.
  static final String VERSION = "5.34.1";

  private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/" + VERSION + "/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final Map<String, Source> ASSETS =
      Map.of(
          "", new Source("docs.html", "text/html; charset=utf-8"),
          "start.js", new Source("docs.js", SCRIPT),
          "swagger-ui.css", new Source(WEBJAR + "swagger-ui.css", "text/css; charset=utf-8"),
          "swagger-ui-bundle.js", new Source(WEBJAR + "swagger-ui-bundle.js", SCRIPT),
          "favicon-16x16.png", new Source(WEBJAR + "favicon-16x16.png", "image/png"),
          "favicon-32x32.png", new Source(WEBJAR + "favicon-32x32.png", "image/png"));

  private final Map<String, Content> read = new ConcurrentHashMap<>();

  /// A file of the page.
  ///
  /// @param asset what follows `/docs/`; empty for the page itself
  /// @return empty when the list has no such file
  public Optional<Content> asset(String asset) {
    return Optional.ofNullable(ASSETS.get(asset))
        .map(source -> read.computeIfAbsent(asset, _ -> content(source)));
  }

  private static Content content(Source source) {
    return new Content(source.contentType(), Shipped.resource(source.resource()));
  }

  /// A file's bytes, not to be changed, and their content type.
  @SuppressWarnings("ArrayRecordComponent") // served as they are, never compared
  public record Content(String contentType, byte[] bytes) {}

  private record Source(String resource, String contentType) {}
}
