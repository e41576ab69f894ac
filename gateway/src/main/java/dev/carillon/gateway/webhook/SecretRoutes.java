package dev.carillon.gateway.webhook;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import dev.carillon.gateway.domain.callback.SigningSecret.Owner;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.strict.Fields;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.http.strict.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/// `/v1/webhook-secret`: what an application's `callback_url`s are signed with, and the public keys
/// of all applications.
final class SecretRoutes {
  private static final Logger log = LoggerFactory.getLogger(SecretRoutes.class);
  private static final String JWKS = "/.well-known/webhook-keys/";
  private static final String JSON = ".json";

  /// Shown of a secret, so that its owner can tell which one a receiver still has.
  private static final int PREFIX_CHARS = "whsec_".length() + 4;

  private static final Map<String, String> PRIVATE = Map.of("Cache-Control", "no-store");
  private static final Map<String, String> FOR_A_DAY =
      Map.of("Cache-Control", "public, max-age=86400", "Access-Control-Allow-Origin", "*");

  private final Webhooks room;
  private final Secrets secrets;

  SecretRoutes(Webhooks room) {
    this.room = room;
    this.secrets = room.secrets();
  }

  /// The current secret in full: callers have to know it, and it is made by itself on first use, so
  /// there is no other moment to show it.
  Reply reveal(Call call) {
    Caller caller = room.admit(call);
    Access.requireWriting(caller);
    List<SigningSecret> all = secrets.of(new Owner.OfApplication(caller.application()));
    SigningSecret current =
        all.stream()
            .filter(secret -> secret.kind() == Kind.HMAC)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("an application without a secret"));
    logged("revealed", caller, Kind.HMAC);
    return Reply.json(
        200,
        Written.object(json -> {
          json.writeStringProperty("secret", current.text());
          Written.time(json, "created_at", current.createdAt());
          json.writeArrayPropertyStart("secrets");
          all.stream()
              .filter(secret -> secret.kind() == Kind.HMAC)
              .forEach(secret -> listed(json, secret));
          json.writeEndArray();
          keys(json, caller.application(), all);
        }),
        PRIVATE);
  }

  private static void listed(JsonGenerator json, SigningSecret secret) {
    json.writeStartObject();
    json.writeStringProperty(
        "prefix", secret.text().substring(0, Math.min(PREFIX_CHARS, secret.text().length())));
    Written.time(json, "created_at", secret.createdAt());
    Written.time(json, "expires_at", secret.expiresAt());
    json.writeEndObject();
  }

  private void keys(JsonGenerator json, ApplicationId application, List<SigningSecret> all) {
    json.writeArrayPropertyStart("public_keys");
    pairs(all).map(room.parts().sending().keys()::text).forEach(json::writeString);
    json.writeEndArray();
    json.writeStringProperty("jwks_url", JWKS + application + JSON);
  }

  /// A new secret, or a new key pair; the private key is never shown.
  Reply rotate(Call call) {
    Caller caller = room.admit(call);
    Fields fields = Fields.orNone(call, List.of("overlap", "kind"));
    Duration overlap = room.overlap(fields);
    Kind kind =
        fields
            .text("kind", 20)
            .map(word -> Strict.oneOf("kind", word, Kind.values(), SecretRoutes::word))
            .orElse(Kind.HMAC);
    var owner = new Owner.OfApplication(caller.application());
    SigningSecret made = secrets.rotate(owner, kind, overlap);
    logged("rotated", caller, kind);
    Instant until = made.createdAt().plus(overlap);
    String body =
        kind == Kind.HMAC
            ? EndpointView.rotated(made, Optional.of(until))
            : Written.object(json -> {
              json.writeStringProperty("public_key", room.parts().sending().keys().text(made));
              Written.time(json, "created_at", made.createdAt());
              Written.time(json, "previous_until", until);
              keys(json, caller.application(), secrets.of(owner));
            });
    return Reply.json(200, body, PRIVATE);
  }

  private static void logged(String act, Caller caller, Kind kind) {
    log.info(
        "webhook_secret.{} application={} credential={} kind={}",
        act,
        caller.application(),
        caller.owner().credential(),
        word(kind));
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /// The public keys of an application as a JWK set, for anybody.
  Reply jwks(Call call) {
    String name = call.pathParameter("name").orElse("");
    ApplicationId application =
        Optional.of(name)
            .filter(file -> file.endsWith(JSON))
            .map(file -> file.substring(0, file.length() - JSON.length()))
            .flatMap(ApplicationId::parse)
            .filter(id -> room.parts().store().access().application(id).isPresent())
            .orElseThrow(
                () -> new Problem(ErrorCode.NOT_FOUND, "There are no webhook keys of this name."));
    var all = secrets.of(new Owner.OfApplication(application));
    return Reply.json(
        200,
        Written.object(json -> {
          json.writeArrayPropertyStart("keys");
          pairs(all).map(room.parts().sending().keys()::jwk).forEach(jwk -> member(json, jwk));
          json.writeEndArray();
        }),
        FOR_A_DAY);
  }

  private static void member(JsonGenerator json, Map<String, String> jwk) {
    json.writeStartObject();
    jwk.forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  private static Stream<SigningSecret> pairs(List<SigningSecret> all) {
    return all.stream().filter(secret -> secret.kind() == Kind.ED25519);
  }
}
