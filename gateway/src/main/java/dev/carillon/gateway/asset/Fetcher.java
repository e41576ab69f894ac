package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.AssetFault.Word;
import dev.carillon.gateway.delivery.GuardedClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/// Fetches one file from where a provider put it, through the guard, under one deadline. It sends
/// no credentials, unpacks nothing, and follows a few redirects, each through the guard again.
final class Fetcher {
  private static final int MOST_REDIRECTS = 5;
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private final GuardedClient guarded;
  private final Staging staging;
  private final long maxBytes;

  Fetcher(GuardedClient guarded, Staging staging, long maxBytes) {
    this.guarded = guarded;
    this.staging = staging;
    this.maxBytes = maxBytes;
  }

  /// A complete copy on our disk.
  ///
  /// @param limit how long it may take with all redirects
  /// @throws AssetFault why there is none
  Staged fetch(String url, Duration limit) throws AssetFault, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    return followed(
        url,
        (client, at) -> {
          Call call = client.newCall(request(at, Optional.empty()));
          call.timeout().timeout(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
          try (Response response = call.execute()) {
            return response.isRedirect()
                ? new Step.Moved<>(header(response, "Location"))
                : new Step.There<>(staged(call, response));
          }
        });
  }

  /// The file as it comes, to be passed on and closed. It may be of any length, as nothing of it is
  /// kept here; a source that is silent for long is given up.
  ///
  /// @param range what to ask for; the answer's status tells whether that was understood
  /// @throws AssetFault why there is none; never for a range that the file does not have
  Response open(String url, Optional<String> range) throws AssetFault, InterruptedException {
    return followed(
        url,
        (client, at) -> {
          OkHttpClient patient = client.newBuilder().readTimeout(SILENCE).build();
          Response response = patient.newCall(request(at, range)).execute();
          boolean wanted = false;
          try {
            if (response.isRedirect()) {
              return new Step.Moved<>(header(response, "Location"));
            }
            boolean ranged = response.code() == 206 || response.code() == 416;
            if (range.isEmpty() || !ranged) {
              refuse(response);
            }
            if (response.code() == 206) {
              refuseEncoded(response);
            }
            wanted = true;
            return new Step.There<>(response);
          } finally {
            if (!wanted) {
              response.close();
            }
          }
        });
  }

  /// What one request came to.
  private sealed interface Step<T> {
    record There<T>(T file) implements Step<T> {}

    record Moved<T>(String location) implements Step<T> {}
  }

  private interface Ask<T> {
    Step<T> at(OkHttpClient client, HttpUrl url) throws IOException;
  }

  private <T> T followed(String url, Ask<T> ask) throws AssetFault, InterruptedException {
    HttpUrl at = checked(url);
    try {
      for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
        OkHttpClient client = hops == 0 ? guarded.client(at) : guarded.client();
        switch (ask.at(client, at)) {
          case Step.There<T>(T file) -> {
            return file;
          }
          case Step.Moved<T>(String location) -> at = next(at, location);
        }
      }
    } catch (AssetFault told) {
      throw told;
    } catch (IOException failure) {
      throw fault(failure);
    }
    throw new AssetFault(Word.REDIRECT, "more than " + MOST_REDIRECTS + " redirects");
  }

  private HttpUrl checked(String url) throws AssetFault {
    int fragment = url.indexOf('#');
    return guarded
        .check(fragment < 0 ? url : url.substring(0, fragment))
        .orElseThrow(() -> new AssetFault(Word.BLOCKED, "this address is not taken"));
  }

  private static Request request(HttpUrl url, Optional<String> range) {
    Request.Builder request =
        new Request.Builder()
            .url(url)
            .header("User-Agent", "Carillon")
            .header("Accept", "*/*")
            .header("Accept-Encoding", "identity");
    range.ifPresent(part -> request.header("Range", part));
    return request.build();
  }

  /// Where a redirect leads: never from https to http, as the address may be a secret.
  private HttpUrl next(HttpUrl from, String location) throws AssetFault {
    HttpUrl to = from.resolve(location);
    if (to == null || (from.isHttps() && !to.isHttps())) {
      throw new AssetFault(Word.REDIRECT, "a redirect that leads nowhere");
    }
    // Where the operator's own server sends us is not the operator's word any more.
    return guarded
        .checkGuarded(to.toString())
        .orElseThrow(() -> new AssetFault(Word.BLOCKED, "this address is not taken"));
  }

  private Staged staged(Call call, Response response) throws IOException {
    refuse(response);
    long told = response.body().contentLength();
    if (told > maxBytes) {
      call.cancel();
      throw new AssetFault(Word.TOO_LARGE, "it says it has " + told + " bytes");
    }
    if (told > 0 && !staging.hasRoom(told)) {
      call.cancel();
      throw new AssetFault(Word.STORAGE, "no room to stage " + told + " bytes");
    }
    try {
      return staging.write(response.body().byteStream(), maxBytes);
    } catch (AssetFault fault) {
      call.cancel(); // else closing would read on
      throw fault;
    }
  }

  private static void refuse(Response response) throws AssetFault {
    int status = response.code();
    String told = "status " + status;
    switch (status) {
      case 200 -> refuseEncoded(response);
      case 401, 403, 404, 410 -> throw new AssetFault(Word.GONE, told);
      case 408, 425, 429 -> throw new AssetFault(Word.SOURCE, told, retryAfter(response));
      default -> {
        Word word = status >= 500 || status / 100 == 2 ? Word.SOURCE : Word.REFUSED;
        throw new AssetFault(word, told, retryAfter(response));
      }
    }
  }

  private static void refuseEncoded(Response response) throws AssetFault {
    String encoding = header(response, "Content-Encoding");
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
      throw new AssetFault(Word.ENCODED, "sent as " + encoding);
    }
  }

  private static Optional<Duration> retryAfter(Response response) {
    String value = header(response, "Retry-After").strip();
    return SECONDS.matcher(value).matches()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
        : Optional.empty();
  }

  private static String header(Response response, String name) {
    return Objects.requireNonNullElse(response.header(name), "");
  }

  private static AssetFault fault(IOException failure) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped while a file was copied");
    }
    String detail = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    if (GuardedClient.isBlocked(failure)) {
      return new AssetFault(Word.BLOCKED, "this address is not taken");
    }
    return new AssetFault(
        failure instanceof InterruptedIOException ? Word.TIMEOUT : Word.SOURCE, detail);
  }
}
