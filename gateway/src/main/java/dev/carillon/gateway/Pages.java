package dev.carillon.gateway;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.asset.FileSlice;
import dev.carillon.gateway.asset.MediaAnswer;
import dev.carillon.gateway.asset.MediaAsk;
import dev.carillon.gateway.asset.MediaRoute;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.DocsPage;
import dev.carillon.gateway.catalog.OpenApi;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is served without a token: media files, the OpenAPI document and the page that shows it.
final class Pages {
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final int BUSY = 503;

  private final OpenApi openApi;
  private final DocsPage docs = new DocsPage();

  Pages(Catalog catalog) {
    this.openApi = new OpenApi(catalog);
  }

  Reply openApi(Call call) {
    return Reply.json(openApi.bytes()).withHeader("Access-Control-Allow-Origin", "*");
  }

  private static boolean isHead(Call call) {
    return call.method().equals("HEAD");
  }

  Reply home(Call call) {
    return new Reply.Empty(302, Map.of("Location", "/docs"));
  }

  Reply docs(Call call) {
    DocsPage.Content content =
        docs.asset(call.pathParameter("asset").orElse(""))
            .orElseThrow(() -> Problem.of(ErrorCode.NO_API));
    return new Reply.Content(200, content.contentType(), content.bytes(), DocsPage.HEADERS);
  }

  /// A media file or a part of it. HEAD is answered as GET, whose body the front door leaves out;
  /// it has no ranges (RFC 9110, section 14.2).
  Reply media(MediaRoute media, Call call) throws InterruptedException {
    return media(media, call, call.pathParameter("name").orElse(""));
  }

  /// The same for a file that the call's path does not name.
  Reply media(MediaRoute media, Call call, String name) throws InterruptedException {
    MediaAnswer answer =
        media.answer(
            new MediaAsk(
                "GET",
                name,
                isHead(call) ? Optional.empty() : call.header("Range"),
                call.header("If-None-Match"),
                call.header("If-Range")));
    Map<String, String> headers = new LinkedHashMap<>(answer.headers());
    String type = headers.getOrDefault(CONTENT_TYPE, "application/octet-stream");
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
    if (answer.body().isPresent()) {
      FileSlice slice = answer.body().get();
      var part = new Reply.Slice(slice.file(), slice.from(), slice.length());
      return new Reply.FilePart(answer.status(), type, part, headers);
    }
    return switch (answer.status()) {
      case 404 -> throw new Problem(ErrorCode.NOT_FOUND, "There is no such file.");
      case BUSY ->
          throw new Problem(ErrorCode.UNAVAILABLE, "The file is being made, ask again soon.")
              .retryAfter(Duration.ofSeconds(Long.parseLong(headers.get("Retry-After"))));
      default -> new Reply.Empty(answer.status(), headers);
    };
  }
}
