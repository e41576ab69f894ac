package dev.carillon.gateway;

import dev.carillon.gateway.delivery.AddressGuard;
import dev.carillon.gateway.delivery.Courier;
import dev.carillon.gateway.delivery.SigningKeys;
import dev.carillon.gateway.delivery.TestCall;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.webhook.Sending;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Joins the room that shows callbacks to the one that sends them.
final class Outgoing {
  private Outgoing() {}

  static Sending sending(
      AddressGuard guard, Courier courier, RandomGenerator secrets, InstantSource clock) {
    TestCall test = courier.testCall();
    return new Sending(
        guard::refusal,
        kind -> SigningKeys.fresh(kind, secrets, clock.instant()),
        new Sending.PublicKeys() {
          @Override
          public String text(SigningSecret secret) {
            return SigningKeys.publicKey(secret);
          }

          @Override
          public Map<String, String> jwk(SigningSecret secret) {
            return SigningKeys.jwk(secret);
          }
        },
        endpoint -> tested(test.send(endpoint)));
  }

  private static Sending.Tested tested(TestCall.Result result) {
    var receipt =
        new Receipt(
            result.sentAt(),
            result.took(),
            result.status(),
            result.failure(),
            result.excerpt(),
            new Receipt.Next.Exhausted());
    return new Sending.Tested(result.headers(), result.body(), receipt);
  }
}
