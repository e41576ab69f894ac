package dev.carillon.testkit.provider;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import java.nio.charset.StandardCharsets;

/// APIs whose answer to the request is the result.
final class PromptApis {
  private PromptApis() {}

  record OpenAiImages() implements Api {
    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1/images/generations");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (!submits(request)) {
        return Api.missing();
      }
      return switch (Jobs.end(request.text())) {
        case FAILS ->
            Api.json(400, "{\"error\":{\"code\":\"invalid_size\",\"message\":\"Invalid size.\"}}");
        case MODERATED ->
            Api.json(
                400,
                "{\"error\":{\"code\":\"moderation_blocked\",\"message\":\"Rejected by the safety system.\"}}");
        case SUCCEEDS -> {
          jobs.begin(request.text(), "");
          yield Api.json(200, "{\"created\":1,\"data\":[{\"b64_json\":\"" + PNG + "\"}]}");
        }
      };
    }
  }

  record Imagen() implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return request.header("x-goog-api-key").filter("test-key"::equals).isPresent();
    }

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1beta/models/[^/]+:predict");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (!submits(request)) {
        return Api.missing();
      }
      return switch (Jobs.end(request.text())) {
        case FAILS ->
            Api.json(
                400,
                "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\",\"message\":\"Bad aspect ratio.\"}}");
        case MODERATED -> Api.json(200, "{\"predictions\":[{\"raiFilteredReason\":\"58061214\"}]}");
        case SUCCEEDS -> {
          jobs.begin(request.text(), "");
          yield Api.json(
              200,
              "{\"predictions\":[{\"mimeType\":\"image/png\",\"bytesBase64Encoded\":\""
                  + PNG
                  + "\"}]}");
        }
      };
    }
  }

  record Stability() implements Api {
    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v2beta/stable-image/generate/\\w+");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      boolean form =
          request
              .header("content-type")
              .filter(type -> type.startsWith("multipart/form-data;"))
              .isPresent();
      if (!submits(request) || !form || !request.text().contains("name=\"prompt\"")) {
        return Api.json(400, "{\"name\":\"bad_request\",\"errors\":[\"prompt: is required\"]}");
      }
      return switch (Jobs.end(request.text())) {
        case FAILS ->
            Api.json(
                400, "{\"id\":\"a\",\"name\":\"bad_request\",\"errors\":[\"seed: too large\"]}");
        case MODERATED ->
            Api.json(
                403,
                "{\"name\":\"content_moderation\",\"errors\":[\"Your request was flagged.\"]}");
        case SUCCEEDS -> {
          jobs.begin(request.text(), "");
          yield Api.json(
              200, "{\"image\":\"" + PNG + "\",\"finish_reason\":\"SUCCESS\",\"seed\":343940597}");
        }
      };
    }
  }

  record ElevenLabs() implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return request.header("xi-api-key").filter("test-key"::equals).isPresent();
    }

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1/text-to-speech/[^/]+");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (!submits(request)) {
        return Api.missing();
      }
      return switch (Jobs.end(request.text())) {
        case FAILS ->
            Api.json(
                400,
                "{\"detail\":{\"type\":\"validation_error\",\"code\":\"invalid_parameters\","
                    + "\"message\":\"No such voice.\",\"status\":\"invalid_parameters\"}}");
        case MODERATED ->
            Api.json(
                400,
                "{\"detail\":{\"status\":\"content_against_policy\",\"message\":\"Against our terms.\"}}");
        case SUCCEEDS -> {
          jobs.begin(request.text(), "");
          yield Api.bytes("audio/mpeg", "ID3 not really sound".getBytes(StandardCharsets.US_ASCII));
        }
      };
    }
  }
}
