package dev.carillon.client.webhook;

import dev.carillon.client.webhook.WebhookVerificationException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// Tells callbacks of the gateway from everybody else's, by Standard Webhooks 1.0.0: `v1`
/// (HMAC-SHA256) with secrets, `v1a` (Ed25519) with public keys. Safe for many threads.
///
/// Give it the body as it came over the wire, byte by byte; JSON that was read and written again
/// does not fit its signature. While a secret is being rotated give both; one fitting signature is
/// enough.
public final class WebhookVerifier {
  /// How far a timestamp may be from this machine's clock unless told otherwise.
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  /// How many signatures of a request are looked at; rotation needs a handful.
  private static final int MOST_SIGNATURES = 16;

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private final List<SigningKey> keys;
  private final Duration tolerance;
  private final InstantSource clock;
  private final JsonMapper json = new JsonMapper();

  private WebhookVerifier(Builder builder) {
    if (builder.keys.isEmpty()) {
      throw new WebhookKeyException("a verifier needs a secret or a public key");
    }
    this.keys = List.copyOf(builder.keys);
    this.tolerance = builder.tolerance;
    this.clock = builder.clock;
  }

  /// Begins a verifier with no keys.
  public static Builder builder() {
    return new Builder();
  }

  /// Checks a request.
  ///
  /// @param body the bytes as they came
  /// @param headers values by name; the names' case does not matter, other headers neither
  /// @throws WebhookVerificationException when it is not to be believed
  public Verified verify(byte[] body, Map<String, List<String>> headers)
      throws WebhookVerificationException {
    String id = header("webhook-id", headers);
    String seconds = header("webhook-timestamp", headers);
    String signatures = header("webhook-signature", headers);
    Instant timestamp = timestamp(seconds);
    byte[] head = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
    check(signatures, head, body);
    return new Verified(id, timestamp, type(body), body);
  }

  private static String header(String name, Map<String, List<String>> headers)
      throws WebhookVerificationException {
    var values = new ArrayList<String>();
    headers.forEach((key, value) -> {
      // The map of HttpURLConnection has its status line under null.
      if (name.equalsIgnoreCase(key)) {
        values.addAll(value);
      }
    });
    if (values.size() > 1) {
      throw new WebhookVerificationException(
          Reason.DUPLICATE_HEADER, name + " came " + values.size() + " times");
    }
    if (values.isEmpty() || values.get(0).isBlank()) {
      throw new WebhookVerificationException(Reason.MISSING_HEADER, "no " + name);
    }
    return values.get(0);
  }

  private Instant timestamp(String seconds) throws WebhookVerificationException {
    if (!SECONDS.matcher(seconds).matches()) {
      throw new WebhookVerificationException(
          Reason.BAD_TIMESTAMP, "webhook-timestamp is no number of seconds since 1970");
    }
    Instant timestamp = Instant.ofEpochSecond(Long.parseLong(seconds));
    Duration age = Duration.between(timestamp, clock.instant());
    if (age.compareTo(tolerance) > 0) {
      throw new WebhookVerificationException(
          Reason.TOO_OLD, "signed " + age.toSeconds() + " s ago; is this machine's clock right?");
    }
    if (age.negated().compareTo(tolerance) > 0) {
      throw new WebhookVerificationException(
          Reason.TOO_NEW,
          "signed " + -age.toSeconds() + " s in the future; is this machine's clock right?");
    }
    return timestamp;
  }

  private void check(String signatures, byte[] head, byte[] body)
      throws WebhookVerificationException {
    boolean understood = false;
    String[] items = signatures.split(" ", MOST_SIGNATURES + 1);
    for (String item : Arrays.asList(items).subList(0, Math.min(items.length, MOST_SIGNATURES))) {
      int comma = item.indexOf(',');
      String version = comma < 0 ? item : item.substring(0, comma);
      Optional<byte[]> signature = decoded(item.substring(comma + 1));
      for (SigningKey key : keys) {
        if (!key.version().equals(version)) {
          continue;
        }
        understood = true;
        if (signature.isPresent() && key.fits(signature.get(), head, body)) {
          return;
        }
      }
    }
    if (understood) {
      throw new WebhookVerificationException(
          Reason.NO_MATCH,
          "no signature fits: another secret, or a body that was changed on its way here");
    }
    throw new WebhookVerificationException(
        Reason.UNKNOWN_VERSION_ONLY,
        "no signature of a version there is a key for; v1 needs a secret, v1a a public key");
  }

  private static Optional<byte[]> decoded(String base64) {
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The `type` of the outermost object; its other fields are skipped, not built.
  private Optional<String> type(byte[] body) {
    try (var parser = json.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean isType = parser.currentName().equals("type");
        JsonToken value = parser.nextToken();
        if (isType) {
          return value == JsonToken.VALUE_STRING
              ? Optional.of(parser.getString())
              : Optional.empty();
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty(); // What is signed need not be JSON.
    }
  }

  /// The keys and limits of a verifier to be.
  public static final class Builder {
    private final List<SigningKey> keys = new ArrayList<>();
    private Duration tolerance = TOLERANCE;
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /// Adds a secret, `whsec_…`, as the gateway showed it.
    ///
    /// @throws WebhookKeyException when it is in another form
    public Builder secret(String secret) {
      keys.add(SigningKey.ofSecret(secret));
      return this;
    }

    /// Adds a public key, `whpk_…`.
    ///
    /// @throws WebhookKeyException when it is in another form
    public Builder publicKey(String publicKey) {
      keys.add(SigningKey.ofPublicKey(publicKey));
      return this;
    }

    /// How far a timestamp may be from this machine's clock, in both directions. This is against
    /// others who repeat a request they saw; against repeats of the gateway there is the [Inbox].
    public Builder tolerance(Duration tolerance) {
      if (tolerance.isNegative() || tolerance.isZero()) {
        throw new IllegalArgumentException("the tolerance must be more than nothing");
      }
      this.tolerance = tolerance;
      return this;
    }

    /// The clock that timestamps are compared with.
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /// The verifier.
    ///
    /// @throws WebhookKeyException when there is no key
    public WebhookVerifier build() {
      return new WebhookVerifier(this);
    }
  }
}
