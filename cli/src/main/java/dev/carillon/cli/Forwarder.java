package dev.carillon.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// POSTs webhooks to a receiver on this machine, signed as the gateway signs them (Standard
/// Webhooks 1.0.0).
final class Forwarder implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final String SECRET_PREFIX = "whsec_";
  private static final String HMAC = "HmacSHA256";

  private final URI receiver;
  private final InstantSource clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  Forwarder(URI receiver, InstantSource clock) {
    this.receiver = receiver;
    this.clock = clock;
  }

  /// What came back.
  ///
  /// @param failure why it does not count as taken; empty for a 2xx
  record Answer(String shown, Duration took, Optional<String> failure) {}

  /// Sends one webhook.
  ///
  /// @param secret in its wire form
  Answer send(String id, FeedMessage event, String secret) throws InterruptedException {
    byte[] bytes = event.data().getBytes(StandardCharsets.UTF_8);
    String timestamp = String.valueOf(clock.instant().getEpochSecond());
    HttpRequest request =
        HttpRequest.newBuilder(receiver)
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .header("User-Agent", "carillon-listen")
            .header("webhook-event-type", event.type())
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature(id, timestamp, bytes, secret))
            .POST(BodyPublishers.ofByteArray(bytes))
            .build();
    long began = System.nanoTime();
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      return status / 100 == 2
          ? new Answer(String.valueOf(status), took, Optional.empty())
          : new Answer(String.valueOf(status), took, Optional.of("it answered " + status));
    } catch (IOException failed) {
      String why = GatewayApi.reason(failed);
      return new Answer("no answer", Duration.ofNanos(System.nanoTime() - began), Optional.of(why));
    }
  }

  static String signature(String id, String timestamp, byte[] body, String secret) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + HMAC, impossible);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
