package dev.carillon.gateway.openai;

import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import java.io.IOException;

/// What tasks made, by its address.
public interface Artifacts {

  /// The bytes, for an answer that holds them itself.
  ///
  /// @throws IOException when they cannot be had, or are too many
  byte[] bytes(String url) throws IOException, InterruptedException;

  /// An answer that gives the bytes, or a part of them as the call's `Range` asks.
  Reply content(Call call, String url) throws InterruptedException;
}
