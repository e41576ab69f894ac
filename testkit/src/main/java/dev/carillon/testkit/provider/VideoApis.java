package dev.carillon.testkit.provider;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.provider.Jobs.Job;
import dev.carillon.testkit.provider.Jobs.Stage;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// APIs that make videos as jobs.
final class VideoApis {
  private static final byte[] FILM = "not really a film".getBytes(StandardCharsets.US_ASCII);

  private VideoApis() {}

  record Kling() implements Api {
    /// A token of the issuer `test-key`, signed with the secret of the same name.
    @Override
    public boolean isSignedIn(Received request) {
      String[] parts =
          request.header("authorization").orElse("").replaceFirst("^Bearer ", "").split("\\.", -1);
      if (parts.length != 3) {
        return false;
      }
      String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      return claims.contains("\"iss\":\"test-key\"")
          && claims.contains("\"exp\":")
          && parts[2].equals(signature(parts[0] + "." + parts[1]));
    }

    private static String signature(String signed) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("test-key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] raw = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1/videos/(text|image)2video");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        Job job =
            jobs.begin(request.text(), Api.body(request).path("external_task_id").asString(""));
        return Api.json(200, data(job, "submitted", "", ""));
      }
      Optional<String> id = Api.part(request, "/v1/videos/(?:text|image)2video/([^/]+)");
      return id.flatMap(jobs::find)
          .or(() -> id.flatMap(jobs::byReference))
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(() ->
              Api.json(
                  404, "{\"code\":1203,\"message\":\"The requested resource does not exist\"}"));
    }

    private static String seen(Job job, Stage stage) {
      String message =
          switch (stage) {
            case FAILED -> "internal failure";
            case MODERATED -> "Failure to pass the risk control system";
            default -> "";
          };
      String result =
          stage == Stage.DONE
              ? ",\"task_result\":{\"videos\":[{\"id\":\"v-1\",\"url\":\"https://cdn.klingai.com/a.mp4\",\"duration\":\"5.1\"}]}"
              : "";
      String word = Api.word(stage, "submitted processing succeed failed failed");
      return data(job, word, message, result);
    }

    private static String data(Job job, String status, String message, String more) {
      return "{\"code\":0,\"message\":\"SUCCEED\",\"data\":{\"task_id\":\"%s\",\"task_status\":\"%s\",\"task_status_msg\":\"%s\"%s}}"
          .formatted(job.id(), status, message, more);
    }
  }

  record Runway() implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return Api.super.isSignedIn(request)
          && request.header("x-runway-version").filter("2024-11-06"::equals).isPresent();
    }

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1/image_to_video");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        return Api.json(200, "{\"id\":\"%s\"}".formatted(jobs.begin(request.text(), "").id()));
      }
      Optional<Job> job = Api.part(request, "/v1/tasks/([^/]+)").flatMap(jobs::find);
      if (job.isPresent() && request.method().equals("DELETE")) {
        jobs.cancel(job.get());
        return Reaction.status(204);
      }
      return job.map(one -> shown(one, jobs.look(one))).orElseGet(Api::missing);
    }

    /// What was deleted cannot be fetched.
    private static Reaction shown(Job job, Stage stage) {
      return stage == Stage.CANCELLED ? Api.missing() : Api.json(200, seen(job, stage));
    }

    private static String seen(Job job, Stage stage) {
      String word = Api.word(stage, "THROTTLED RUNNING SUCCEEDED FAILED CANCELLED");
      String more =
          switch (stage) {
            case RUNNING -> ",\"progress\":0.42";
            case DONE -> ",\"output\":[\"https://dnznrvs05pmza.cloudfront.net/a.mp4\"]";
            case FAILED ->
                ",\"failure\":\"An unexpected error\",\"failureCode\":\"INTERNAL.BAD_OUTPUT.CODE01\"";
            case MODERATED -> ",\"failure\":\"Blocked\",\"failureCode\":\"SAFETY.INPUT.TEXT\"";
            default -> "";
          };
      return "{\"id\":\"%s\",\"status\":\"%s\"%s}".formatted(job.id(), word, more);
    }
  }

  record Luma() implements Api {
    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/dream-machine/v1/generations/video");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        Job job = jobs.begin(request.text(), "");
        return Api.json(201, "{\"id\":\"%s\",\"state\":\"queued\"}".formatted(job.id()));
      }
      Optional<Job> job =
          Api.part(request, "/dream-machine/v1/generations/([^/]+)").flatMap(jobs::find);
      if (job.isPresent() && request.method().equals("DELETE")) {
        jobs.cancel(job.get());
        return Reaction.status(204);
      }
      return job.map(one -> shown(one, jobs.look(one))).orElseGet(Api::missing);
    }

    private static Reaction shown(Job job, Stage stage) {
      return stage == Stage.CANCELLED ? Api.missing() : Api.json(200, seen(job, stage));
    }

    private static String seen(Job job, Stage stage) {
      String word = Api.word(stage, "queued dreaming completed failed failed");
      String more =
          switch (stage) {
            case DONE ->
                ",\"assets\":{\"video\":\"https://storage.cdn-luma.com/a.mp4\",\"image\":\"https://storage.cdn-luma.com/a.jpg\"}";
            case FAILED -> ",\"failure_reason\":\"Generation failed\"";
            case MODERATED ->
                ",\"failure_reason\":\"Prompt not allowed because advanced moderation failed\"";
            default -> "";
          };
      return "{\"id\":\"%s\",\"state\":\"%s\"%s}".formatted(job.id(), word, more);
    }
  }

  record MiniMax() implements Api {
    private static final String FINE =
        "\"base_resp\":{\"status_code\":0,\"status_msg\":\"success\"}";

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1/video_generation");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        if (request.text().contains("MODERATE")) {
          return Api.json(
              200,
              "{\"task_id\":\"\",\"base_resp\":{\"status_code\":1026,\"status_msg\":\"prompt sensitive\"}}");
        }
        Job job = jobs.begin(request.text(), "");
        return Api.json(200, "{\"task_id\":\"%s\",%s}".formatted(job.id(), FINE));
      }
      if (request.path().equals("/v1/files/retrieve")) {
        return Api.json(
            200,
            "{\"file\":{\"file_id\":\"%s\",\"download_url\":\"https://cdn.hailuoai.video/a.mp4\"},%s}"
                .formatted(Api.query(request, "file_id"), FINE));
      }
      return jobs.find(Api.query(request, "task_id"))
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(Api::missing);
    }

    private static String seen(Job job, Stage stage) {
      String word = Api.word(stage, "Queueing Processing Success Fail Fail");
      return "{\"task_id\":\"%s\",\"status\":\"%s\",\"file_id\":\"%s\",%s}"
          .formatted(job.id(), word, stage == Stage.DONE ? "205258526306433" : "", FINE);
    }
  }

  record OpenAiVideos() implements Api {
    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1/videos");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        String seconds = Api.body(request).path("seconds").asString("4");
        if (!List.of("4", "8", "12").contains(seconds)) {
          return Api.json(
              400, "{\"error\":{\"code\":\"invalid_value\",\"message\":\"Invalid seconds.\"}}");
        }
        Job job = jobs.begin(request.text(), "");
        return Api.json(200, "{\"id\":\"%s\",\"status\":\"queued\"}".formatted(job.id()));
      }
      if (Api.part(request, "/v1/videos/([^/]+)/content").flatMap(jobs::find).isPresent()) {
        return Api.bytes("video/mp4", FILM);
      }
      return Api.part(request, "/v1/videos/([^/]+)")
          .flatMap(jobs::find)
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(Api::missing);
    }

    private static String seen(Job job, Stage stage) {
      String word = Api.word(stage, "queued in_progress completed failed failed");
      String error =
          switch (stage) {
            case FAILED -> "{\"code\":\"internal\",\"message\":\"Something broke.\"}";
            case MODERATED -> "{\"code\":\"moderation_blocked\",\"message\":\"Blocked.\"}";
            default -> "null";
          };
      return "{\"id\":\"%s\",\"status\":\"%s\",\"progress\":33,\"error\":%s}"
          .formatted(job.id(), word, error);
    }
  }

  record Veo() implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return request.path().startsWith("/elsewhere/")
          || request.header("x-goog-api-key").filter("test-key"::equals).isPresent();
    }

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1beta/models/[^/]+:predictLongRunning");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        Job job = jobs.begin(request.text(), "");
        return Api.json(200, "{\"name\":\"models/veo/operations/%s\"}".formatted(job.id()));
      }
      if (request.path().startsWith("/v1beta/files/")) {
        return new Reaction.Answer(302, Map.of("Location", base + "/elsewhere/film"), "");
      }
      if (request.path().startsWith("/elsewhere/")) {
        return request.header("x-goog-api-key").isPresent()
            ? Api.json(400, "{\"error\":{\"message\":\"the key went elsewhere\"}}")
            : Api.bytes("video/mp4", FILM);
      }
      return Api.part(request, "/v1beta/models/veo/operations/([^/]+)")
          .flatMap(jobs::find)
          .map(job -> Api.json(200, seen(job, jobs.look(job), base)))
          .orElseGet(Api::missing);
    }

    private static String seen(Job job, Stage stage, String base) {
      String name = "\"name\":\"models/veo/operations/" + job.id() + "\"";
      return switch (stage) {
        case QUEUED, RUNNING -> "{" + name + "}";
        case DONE ->
            "{%s,\"done\":true,\"response\":{\"generateVideoResponse\":{\"generatedSamples\":[{\"video\":{\"uri\":\"%s/v1beta/files/f1:download?alt=media\"}}]}}}"
                .formatted(name, base);
        case MODERATED ->
            "{%s,\"done\":true,\"response\":{\"generateVideoResponse\":{\"raiMediaFilteredCount\":1,\"raiMediaFilteredReasons\":[\"no\"]}}}"
                .formatted(name);
        default ->
            "{%s,\"done\":true,\"error\":{\"code\":13,\"status\":\"INTERNAL\",\"message\":\"broke\"}}"
                .formatted(name);
      };
    }
  }
}
