package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.upstream.UpstreamListener;
import dev.carillon.gateway.upstream.http.Definition.Auth;
import dev.carillon.gateway.upstream.http.Definition.Form;
import dev.carillon.gateway.upstream.http.Definition.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import okhttp3.FormBody;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.ByteString;

/// Makes a request of a step and sends it in the name of a key.
final class Talk {
  private static final int SHOWN = 4_000;

  private final Definition definition;
  private final Reply.Sender wire;
  private final InstantSource clock;
  private final SteadyClock steady;
  private final UpstreamListener listener;

  Talk(Definition definition, HttpProvider.Tools tools) {
    this.definition = definition;
    this.wire = tools.wire();
    this.clock = tools.clock();
    this.steady = tools.sleeper();
    this.listener = tools.listener();
  }

  /// One request.
  ///
  /// @param name of the step, such as `submit`
  /// @param once whether it must not happen twice
  /// @param more headers besides the step's
  /// @param mayGo asked at the last moment; where it says no, nothing is sent
  record Said(
      String name, Step step, boolean once, Map<String, String> more, BooleanSupplier mayGo) {
    /// Whether it is a part of a task's turn; cancelling goes on beside one.
    boolean isTurn() {
      return !name.startsWith("cancel");
    }

    static Said again(String name, Step step) {
      return new Said(name, step, false, Map.of(), Wire.ALWAYS);
    }
  }

  /// Sends a step.
  ///
  /// @throws Expression.Failure when the definition does not fit the job; nothing was sent
  Reply send(Said said, ProviderKey key, Map<String, ?> input) throws InterruptedException {
    Step step = said.step();
    Map<String, Object> all = new HashMap<>(input);
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, String> query = new LinkedHashMap<>();
    step.query().forEach((name, value) -> query.put(name, value.plain(all)));
    query.values().removeIf(String::isEmpty);
    step.headers().forEach((name, value) -> headers.put(name, value.plain(all)));
    headers.putAll(said.more());
    URI plain = address(step, all);
    if (!definition.hosts().allowCall(plain)) {
      return new Reply.NotSent("the host " + plain.getHost() + " is not listed in the definition");
    }
    URI shown = withQuery(plain, query);
    signIn(key, headers, query);
    Optional<Wire.Content> body = body(step, all);
    Wire.Ask ask =
        new Wire.Ask(
            step.method(),
            withQuery(plain, query),
            headers,
            body,
            definition.timeout(),
            new Wire.Manner(said.once(), false, said.isTurn() ? owner(input) : "", said.mayGo()));
    Duration began = steady.elapsed();
    Reply reply = wire.send(ask);
    tell(said, shown, body, reply, steady.elapsed().minus(began));
    return reply;
  }

  /// Whose turn a request belongs to; empty for one about many tasks.
  static String owner(Map<String, ?> input) {
    return input.get("task") instanceof Map<?, ?> task ? String.valueOf(task.get("id")) : "";
  }

  /// Fetches a result from where the provider says that it stands, without any key; one hop. Behind
  /// the guard, unless it is the provider's own server, which the operator named.
  Reply fetch(String location, Map<String, ?> input) throws InterruptedException {
    URI address;
    try {
      address = new URI(location);
    } catch (URISyntaxException wrong) {
      return new Reply.NotSent("the result has no address");
    }
    if (!definition.hosts().allowResult(address)) {
      return new Reply.NotSent(
          "the host " + address.getHost() + " is not listed in the definition");
    }
    boolean guarded = !definition.hosts().isBase(address);
    return wire.send(
        new Wire.Ask(
            "GET",
            address,
            Map.of(),
            Optional.empty(),
            definition.timeout(),
            new Wire.Manner(false, guarded, owner(input), Wire.ALWAYS)));
  }

  private void tell(
      Said said, URI address, Optional<Wire.Content> body, Reply reply, Duration took) {
    String sent = body.map(content -> cut(content.bytes())).orElse("");
    String line = said.step().method() + " " + address;
    listener.asked(
        definition.name(),
        switch (reply) {
          case Reply.Answered answered ->
              new UpstreamListener.Call(
                  said.name(),
                  line,
                  sent,
                  Integer.toString(answered.status()),
                  answered.spooled().orElseGet(() -> cut(answered.body())),
                  took);
          case Reply.NotSent(var reason) ->
              new UpstreamListener.Call(said.name(), line, sent, "not sent", reason, took);
          case Reply.Lost(var reason) ->
              new UpstreamListener.Call(said.name(), line, sent, "lost", reason, took);
          case Reply.TooLarge(var reason) ->
              new UpstreamListener.Call(said.name(), line, sent, "too large", reason, took);
        });
  }

  /// The beginning, and no more: the whole may be large.
  private static String cut(ByteString text) {
    return text.size() > SHOWN ? text.substring(0, SHOWN).utf8() + "…" : text.utf8();
  }

  private URI address(Step step, Map<String, ?> input) {
    try {
      if (step.path().isPresent()) {
        return new URI(definition.base() + step.path().get().path(input));
      }
      Optional<String> given = step.url().flatMap(url -> url.text(input));
      return new URI(given.orElseThrow(() -> new Expression.Failure("the address has no value")));
    } catch (URISyntaxException wrong) {
      throw new Expression.Failure("no address: " + wrong.getMessage());
    }
  }

  private static URI withQuery(URI address, Map<String, String> query) {
    StringBuilder text = new StringBuilder(address.toString());
    query.forEach((name, value) ->
        text.append(text.indexOf("?") < 0 ? '?' : '&')
            .append(encoded(name))
            .append('=')
            .append(encoded(value)));
    return URI.create(text.toString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void signIn(ProviderKey key, Map<String, String> headers, Map<String, String> query) {
    Map<String, Object> input = Map.of("key", key.values());
    switch (definition.auth()) {
      case Auth.None() -> {}
      case Auth.Header(var name, var value) -> headers.put(name, value.plain(input));
      case Auth.Query(var name, var value) -> query.put(name, value.plain(input));
      case Auth.Jwt(var issuer, var secret, var lifetime) ->
          headers.put(
              "Authorization",
              "Bearer "
                  + Jwt.hs256(
                      key.values().getOrDefault(issuer, ""),
                      key.values().getOrDefault(secret, ""),
                      clock.instant(),
                      lifetime));
    }
  }

  private static Optional<Wire.Content> body(Step step, Map<String, ?> input) {
    Optional<Object> value = step.body().flatMap(body -> body.evaluate(input));
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (step.form() == Form.JSON) {
      byte[] json = Reply.Json.MAPPER.writeValueAsBytes(value.get());
      return Optional.of(new Wire.Content("application/json", ByteString.of(json)));
    }
    if (!(value.get() instanceof Map<?, ?> fields)) {
      throw new Expression.Failure("a form's body must be an object");
    }
    return Optional.of(written(step.form() == Form.FORM ? form(fields) : multipart(fields)));
  }

  private static RequestBody form(Map<?, ?> fields) {
    FormBody.Builder form = new FormBody.Builder();
    fields.forEach((name, value) ->
        Expression.textOf(value).ifPresent(text -> form.add(String.valueOf(name), text)));
    return form.build();
  }

  /// Texts are fields; an object with `bytes` in base64, `type` and `name` is a file.
  private static RequestBody multipart(Map<?, ?> fields) {
    MultipartBody.Builder parts = new MultipartBody.Builder().setType(MultipartBody.FORM);
    fields.forEach((name, value) -> {
      if (value instanceof Map<?, ?> file && file.get("bytes") instanceof String bytes) {
        MediaType type = MediaType.parse(String.valueOf(file.get("type")));
        byte[] content = Base64.getDecoder().decode(bytes);
        parts.addFormDataPart(
            String.valueOf(name),
            String.valueOf(file.get("name")),
            RequestBody.create(content, type));
      } else {
        Expression.textOf(value)
            .ifPresent(text -> parts.addFormDataPart(String.valueOf(name), text));
      }
    });
    return parts.build();
  }

  private static Wire.Content written(RequestBody body) {
    try (Buffer buffer = new Buffer()) {
      body.writeTo(buffer);
      return new Wire.Content(String.valueOf(body.contentType()), buffer.readByteString());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
