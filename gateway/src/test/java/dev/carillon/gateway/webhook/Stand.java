package dev.carillon.gateway.webhook;

import dev.carillon.gateway.NativeServer;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import dev.carillon.gateway.http.Routes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The room behind a server. What sends is far away: a URL with `inside` is refused, keys are
/// numbered, a test call is answered 204.
final class Stand {
  private Stand() {}

  static NativeServer open(Path folder) {
    return new NativeServer(folder, Stand::routes);
  }

  private static Routes routes(NativeServer server) {
    var made = new AtomicInteger();
    var sending =
        new Sending(
            url ->
                url.contains("inside")
                    ? Optional.of("this address is not public")
                    : Optional.empty(),
            kind -> {
              String text = "secret number " + made.incrementAndGet();
              String prefix = kind == Kind.HMAC ? "whsec_" : "whsk_";
              return new SigningSecret(
                  kind, prefix + base64(text), server.clock.instant(), Optional.empty());
            },
            new Sending.PublicKeys() {
              @Override
              public String text(SigningSecret secret) {
                return "whpk_" + secret.text().hashCode();
              }

              @Override
              public Map<String, String> jwk(SigningSecret secret) {
                return Map.of("kty", "OKP", "kid", text(secret), "use", "sig");
              }
            },
            endpoint ->
                new Sending.Tested(
                    Map.of(
                        "webhook-id",
                        "msg_test",
                        "X-Team",
                        endpoint.headers().getOrDefault("X-Team", "")),
                    "{\"type\":\"endpoint.test\"}",
                    new Receipt(
                        server.clock.instant(),
                        Duration.ofMillis(12),
                        204,
                        Optional.empty(),
                        "thanks",
                        new Receipt.Next.Delivered())));
    return new Webhooks(
            new Webhooks.Parts(
                WebhookLimits.DEFAULTS,
                server.access,
                server.store,
                sending,
                server.clock,
                server.ids))
        .addTo(new Routes());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
