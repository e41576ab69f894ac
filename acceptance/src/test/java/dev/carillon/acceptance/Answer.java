package dev.carillon.acceptance;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What the gateway answered.
@SuppressWarnings("ArrayRecordComponent")
record Answer(int status, HttpHeaders headers, byte[] body) {

  static Answer of(HttpResponse<byte[]> response) {
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// The body as JSON.
  ///
  /// @throws AssertionError when it is none
  JsonNode json() {
    try {
      return Json.read(text());
    } catch (JacksonException e) {
      throw new AssertionError("no JSON: " + this, e);
    }
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /// The code of an error envelope; empty when there is none.
  String errorCode() {
    return json().at("/error/code").asString("");
  }

  @Override
  public String toString() {
    String text = text();
    return status + " " + headers.map() + " " + text.substring(0, Math.min(2_000, text.length()));
  }
}
