package dev.carillon.gateway.openai;

import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// A call whose request was written anew in the words of an endpoint of the catalog.
record Translated(Call call, ObjectNode request) implements Call {
  private static final String TYPE = "content-type";
  private static final String JSON = "application/json";

  @Override
  public JsonObject json() {
    return new JsonObject(request.toString(), request);
  }

  @Override
  public byte[] body() {
    return request.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public InputStream stream(long limit, Duration time) {
    return new ByteArrayInputStream(body());
  }

  @Override
  public Optional<String> header(String name) {
    return name.equalsIgnoreCase(TYPE) ? Optional.of(JSON) : call.header(name);
  }

  @Override
  public List<String> headers(String name) {
    return name.equalsIgnoreCase(TYPE) ? List.of(JSON) : call.headers(name);
  }

  @Override
  public String method() {
    return call.method();
  }

  @Override
  public String path() {
    return call.path();
  }

  @Override
  public Optional<String> pathParameter(String name) {
    return call.pathParameter(name);
  }

  @Override
  public Optional<String> query(String name) {
    return call.query(name);
  }

  @Override
  public Set<String> queryNames() {
    return call.queryNames();
  }

  @Override
  public List<String> queryAll(String name) {
    return call.queryAll(name);
  }

  @Override
  public String traceId() {
    return call.traceId();
  }

  @Override
  public String baseUrl() {
    return call.baseUrl();
  }

  @Override
  public String remoteAddress() {
    return call.remoteAddress();
  }

  @Override
  public boolean gone() {
    return call.gone();
  }

  @Override
  public BooleanSupplier hangUp() {
    return call.hangUp();
  }

  @Override
  public void answerWith(Supplier<Map<String, String>> headers) {
    call.answerWith(headers);
  }

  @Override
  public void hint(Map<String, String> headers) {
    call.hint(headers);
  }
}
