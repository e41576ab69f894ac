package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EventBody;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import dev.carillon.gateway.domain.callback.SigningSecret.Owner;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RequestWriterTest {
  private static final Instant NOW = Tasks.END.plusMillis(1999);
  private static final String URL = "https://hooks.example.com/";

  private final SplittableRandom random = new SplittableRandom(11);
  private final EndpointShelf shelf = new EndpointShelf();
  private final RequestWriter writer = new RequestWriter(shelf, _ -> true, random);
  private final Owner application = new Owner.OfApplication(Tasks.APPLICATION);
  private final SigningSecret hmac = SigningKeys.fresh(Kind.HMAC, random, Tasks.END);
  private final SigningSecret pair = SigningKeys.fresh(Kind.ED25519, random, Tasks.END);

  @Test
  void an_endpoint_gets_the_event_signed_with_its_own_secret() {
    WebhookEndpoint endpoint = endpoint(false);
    shelf.give(application, pair);
    Dispatch dispatch = Tasks.dispatch(endpoint);

    var written = writer.write(dispatch, NOW);

    assertThat(written.body()).isEqualTo(EventBody.of(dispatch.event(), dispatch.task()));
    assertThat(written.headers())
        .containsEntry("webhook-id", dispatch.event().id())
        .containsEntry("webhook-timestamp", Long.toString(Tasks.END.getEpochSecond() + 1))
        .containsEntry("webhook-event-type", "task.succeeded")
        .containsEntry("webhook-delivery-id", dispatch.id().toString())
        .containsEntry("webhook-attempt", "1");
    assertSigned(written, hmac);
  }

  @Test
  void an_asymmetric_endpoint_gets_the_applications_signature_too() {
    WebhookEndpoint endpoint = endpoint(true);
    SigningSecret applicationsOwn = SigningKeys.fresh(Kind.HMAC, random, Tasks.END);
    shelf.give(application, applicationsOwn, pair);

    assertSigned(writer.write(Tasks.dispatch(endpoint), NOW), hmac, pair);
  }

  @Test
  void a_callback_url_gets_the_result_signed_with_the_applications_secrets() {
    shelf.give(application, hmac, pair);
    Dispatch dispatch = Tasks.dispatch(URL);

    var written = writer.write(dispatch, NOW);

    assertThat(written.body()).isEqualTo(CallbackBody.of(dispatch.task(), true));
    assertSigned(written, hmac, pair);
  }

  @Test
  void an_application_without_a_secret_gets_one_that_stays() {
    var first = writer.write(Tasks.dispatch(URL), NOW);

    List<SigningSecret> made = shelf.secrets(application, NOW, List::of);
    assertThat(made).hasSize(1);
    assertThat(made.getFirst().kind()).isEqualTo(Kind.HMAC);
    assertSigned(first, made.getFirst());
  }

  @Test
  void during_a_rotation_both_secrets_sign_the_newest_first_and_later_the_new_one_alone() {
    Instant overlapEnds = NOW.plus(Duration.ofHours(24));
    SigningSecret fresh = SigningKeys.fresh(Kind.HMAC, random, NOW);
    shelf.give(application, hmac);
    shelf.rotate(application, fresh, overlapEnds);

    assertSigned(writer.write(Tasks.dispatch(URL), overlapEnds.minusMillis(1)), fresh, hmac);
    assertSigned(writer.write(Tasks.dispatch(URL), overlapEnds), fresh);
  }

  @Test
  void a_copy_has_an_id_of_its_own_and_an_attempt_the_time_of_its_own() {
    shelf.give(application, hmac);
    Dispatch copy = Tasks.dispatch(URL, new Dispatch.Tries(7, 3, Tasks.END, 2));

    var written = writer.write(copy, NOW);

    assertThat(written.headers())
        .containsEntry("webhook-id", copy.event().id() + "_2")
        .containsEntry("webhook-attempt", "7");
    assertThat(writer.write(copy, NOW.plusSeconds(5)).headers())
        .containsEntry("webhook-timestamp", Long.toString(NOW.getEpochSecond() + 5));
  }

  @Test
  void an_endpoints_own_headers_are_sent_and_never_in_the_place_of_ours() {
    Map<String, String> own =
        Map.of(
            "Authorization", "Bearer t",
            "X-Tenant", "a b",
            "Webhook-Id", "forged",
            "webhook-signature", "v1,forged",
            "Content-Length", "1",
            "Host", "inside",
            "X-Forwarded-For", "127.0.0.1",
            "X-Line", "a\r\nX-Injected: b",
            "bad name", "x");
    WebhookEndpoint endpoint = shelf.put(Tasks.endpoint(URL, own, false));
    shelf.give(new Owner.OfEndpoint(endpoint.id()), hmac);

    var written = writer.write(Tasks.dispatch(endpoint), NOW);

    assertThat(written.headers())
        .containsOnlyKeys(
            "Authorization",
            "X-Tenant",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature",
            "webhook-event-type",
            "webhook-delivery-id",
            "webhook-attempt");
    assertSigned(written, hmac);
  }

  private WebhookEndpoint endpoint(boolean asymmetric) {
    WebhookEndpoint endpoint = shelf.put(Tasks.endpoint(URL, Map.of(), asymmetric));
    shelf.give(new Owner.OfEndpoint(endpoint.id()), hmac);
    return endpoint;
  }

  private static void assertSigned(RequestWriter.Written written, SigningSecret... secrets) {
    String id = written.headers().getOrDefault("webhook-id", "");
    long seconds = Long.parseLong(written.headers().getOrDefault("webhook-timestamp", ""));
    String expected = new Signer().sign(id, seconds, written.body(), Stream.of(secrets).toList());
    assertThat(written.headers()).containsEntry("webhook-signature", expected);
  }
}
