package dev.carillon.gateway;

import dev.carillon.gateway.asset.AssetKeeper;
import dev.carillon.gateway.asset.MediaRoute;
import dev.carillon.gateway.domain.MediaSource.Media;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.openai.Artifacts;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Supplier;

/// What tasks made, for the OpenAI-shaped API: files that this gateway has are given from where it
/// keeps them, all others are passed on from their provider. A caller is sent nowhere else, as
/// OpenAI's clients expect the bytes.
///
/// @param baseUrl what addresses of this gateway begin with
/// @param keeper files that were copied
record MediaArtifacts(Studio studio, AssetKeeper keeper, Pages pages, Supplier<String> baseUrl)
    implements Artifacts {
  private static final long MOST_BYTES = 64L << 20;

  /// The file's name, where this gateway serves it.
  private Optional<String> own(String url, String folder) {
    String start = baseUrl.get() + folder;
    return url.startsWith(start) ? Optional.of(url.substring(start.length())) : Optional.empty();
  }

  @Override
  public byte[] bytes(String url) throws IOException, InterruptedException {
    Optional<byte[]> kept = keeper.bytes(url, MOST_BYTES);
    if (kept.isPresent()) {
      return kept.get();
    }
    String name =
        own(url, Studio.PATH)
            .orElseThrow(() -> new IOException("it lies elsewhere; ask with response_format url"));
    int dot = name.lastIndexOf('.');
    Media found =
        dot < 0
            ? new Media.Missing()
            : studio.open(name.substring(0, dot), name.substring(dot + 1));
    if (!(found instanceof Media.Ready file)) {
      throw new IOException("it cannot be made now");
    }
    if (file.length() > MOST_BYTES) {
      throw new IOException("it is larger than " + MOST_BYTES + " bytes");
    }
    return Files.readAllBytes(file.path());
  }

  @Override
  public Reply content(Call call, String url) throws InterruptedException {
    Optional<String> name = own(url, Studio.PATH);
    return name.isPresent()
        ? pages.media(new MediaRoute(studio), call, name.get())
        : keeper.content(call, url);
  }
}
