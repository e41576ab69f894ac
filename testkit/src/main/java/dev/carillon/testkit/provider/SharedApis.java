package dev.carillon.testkit.provider;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.provider.Jobs.Job;
import dev.carillon.testkit.provider.Jobs.Stage;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// APIs that people host themselves, and other gateways.
final class SharedApis {
  private SharedApis() {}

  /// midjourney-proxy.
  ///
  /// @param plus whether it is the fork with buttons and cancelling
  record Midjourney(boolean plus) implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return request.header("mj-api-secret").filter("test-key"::equals).isPresent();
    }

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/mj/submit/\\w+");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        if (request.text().contains("MODERATE")) {
          return Api.json(200, "{\"code\":24,\"description\":\"may contain banned words\"}");
        }
        Job job = jobs.begin(request.text(), Api.body(request).path("state").asString(""));
        return Api.json(200, "{\"code\":1,\"description\":\"ok\",\"result\":\"" + job.id() + "\"}");
      }
      if (request.path().equals("/mj/task/list")) {
        return Api.json(200, all(jobs));
      }
      if (Api.posts(request, "/mj/task/list-by-condition")) {
        StringBuilder found = new StringBuilder();
        for (JsonNode id : Api.body(request).path("ids")) {
          jobs.find(id.asString(""))
              .ifPresent(job ->
                  found.append(found.isEmpty() ? "" : ",").append(seen(job, jobs.look(job))));
        }
        return Api.json(200, "[" + found + "]");
      }
      Optional<Job> stopped = Api.part(request, "/mj/task/([^/]+)/cancel").flatMap(jobs::find);
      if (plus && stopped.isPresent()) {
        jobs.cancel(stopped.get());
        return Api.json(200, "{\"code\":1,\"description\":\"ok\"}");
      }
      return Api.part(request, "/mj/task/([^/]+)/fetch")
          .flatMap(jobs::find)
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(Api::missing);
    }

    private String all(Jobs jobs) {
      String old =
          "{\"id\":\"old\",\"status\":\"SUCCESS\",\"state\":\"\",\"submitTime\":1700000000000}";
      return Stream.concat(Stream.of(old), jobs.all().stream().map(job -> seen(job, Stage.RUNNING)))
          .collect(Collectors.joining(",", "[", "]"));
    }

    private String seen(Job job, Stage stage) {
      String word = Api.word(stage, "SUBMITTED IN_PROGRESS SUCCESS FAILURE CANCEL");
      String url =
          stage == Stage.DONE ? "\"https://cdn.discordapp.com/attachments/1/a.png\"" : "null";
      String reason =
          switch (stage) {
            case FAILED -> "\"timeout\"";
            case MODERATED -> "\"Banned prompt detected\"";
            default -> "null";
          };
      String buttons =
          plus
              ? ",\"buttons\":[{\"customId\":\"MJ::JOB::upsample::1::3dbbd469\",\"label\":\"U1\"}]"
              : "";
      return "{\"id\":\"%s\",\"status\":\"%s\",\"progress\":\"45%%\",\"state\":\"%s\",\"prompt\":\"p\",\"imageUrl\":%s,\"failReason\":%s%s}"
          .formatted(job.id(), word, job.reference(), url, reason, buttons);
    }
  }

  /// suno-api: two songs a request.
  record Suno() implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return true;
    }

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/api/(custom_)?generate");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        Job job = jobs.begin(request.text(), "");
        return Api.json(200, songs(job, Stage.QUEUED));
      }
      return Arrays.stream(Api.query(request, "ids").split(",", -1))
          .map(id -> id.replaceFirst("-[ab]$", ""))
          .findFirst()
          .flatMap(jobs::find)
          .map(job -> Api.json(200, songs(job, jobs.look(job))))
          .orElseGet(Api::missing);
    }

    private static String songs(Job job, Stage stage) {
      return "[" + song(job, stage, "a") + "," + song(job, stage, "b") + "]";
    }

    private static String song(Job job, Stage stage, String which) {
      String word = Api.word(stage, "queued streaming complete error error");
      String error =
          switch (stage) {
            case FAILED -> "\"generation failed\"";
            case MODERATED -> "\"Song lyrics rejected by moderation\"";
            default -> "null";
          };
      return "{\"id\":\"%s-%s\",\"title\":\"Snow\",\"status\":\"%s\",\"lyric\":\"la\",\"tags\":\"folk\",\"duration\":\"123.4\",\"audio_url\":\"https://cdn1.suno.ai/%s.mp3\",\"image_url\":\"https://cdn1.suno.ai/a.png\",\"video_url\":\"\",\"error_message\":%s}"
          .formatted(job.id(), which, word, which, error);
    }
  }

  /// A gateway of the same wire contract.
  ///
  /// @param keys whether it honours idempotency keys and cancels
  record Gateway(boolean keys) implements Api {
    @Override
    public boolean submits(Received request) {
      return request.method().equals("POST")
          && !request.path().endsWith("/tasks")
          && !request.path().contains("/tasks/");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        String trace = Api.body(request).path("trace_id").asString("");
        Optional<String> key = request.header("idempotency-key").filter(_ -> keys);
        Job job =
            key.isPresent()
                ? jobs.beginOnce(key.get(), request.text(), trace)
                : jobs.begin(request.text(), trace);
        return Api.json(
            200,
            "{\"success\":true,\"task_id\":\"%s\",\"trace_id\":\"%s\"}".formatted(job.id(), trace));
      }
      Optional<Job> stopped = Api.part(request, "/v1/tasks/([^/]+)/cancel").flatMap(jobs::find);
      if (keys && stopped.isPresent()) {
        jobs.cancel(stopped.get());
        return Api.json(
            200, "{\"id\":\"%s\",\"state\":\"cancelled\"}".formatted(stopped.get().id()));
      }
      JsonNode body = Api.body(request);
      return jobs.find(body.path("id").asString(""))
          .or(() -> jobs.byReference(body.path("trace_id").asString("?")))
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(() ->
              keys
                  ? Api.json(
                      404, "{\"error\":{\"code\":\"not_found\",\"message\":\"task not found\"}}")
                  : Api.json(200, "{}"));
    }

    private static String seen(Job job, Stage stage) {
      String response =
          switch (stage) {
            case QUEUED, RUNNING -> "";
            case DONE ->
                "{\"success\":true,\"task_id\":\"%s\",\"trace_id\":\"%s\",\"data\":[{\"image_url\":\"https://media.example.com/a.png\"}]}"
                    .formatted(job.id(), job.reference());
            case MODERATED -> failure("forbidden", "against our standards");
            case FAILED, CANCELLED -> failure("api_error", "broke");
          };
      return response.isEmpty()
          ? "{\"id\":\"%s\",\"response\":{}}".formatted(job.id())
          : "{\"id\":\"%s\",\"finished_at\":\"2026-01-01T00:00:00Z\",\"response\":%s}"
              .formatted(job.id(), response);
    }

    private static String failure(String code, String message) {
      return "{\"success\":false,\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}"
          .formatted(code, message);
    }
  }
}
