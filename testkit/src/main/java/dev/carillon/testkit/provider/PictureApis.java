package dev.carillon.testkit.provider;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.provider.Jobs.Job;
import dev.carillon.testkit.provider.Jobs.Stage;
import java.util.Base64;
import java.util.Optional;

/// APIs that make pictures as jobs.
final class PictureApis {
  private PictureApis() {}

  record Replicate() implements Api {
    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/v1/models/[^/]+/[^/]+/predictions");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        Job job = jobs.begin(request.text(), "");
        return Api.json(201, prediction(job, "starting", "null", "null"));
      }
      Optional<Job> stopped =
          Api.part(request, "/v1/predictions/([^/]+)/cancel").flatMap(jobs::find);
      if (stopped.isPresent()) {
        jobs.cancel(stopped.get());
        return Api.json(200, prediction(stopped.get(), "canceled", "null", "null"));
      }
      return Api.part(request, "/v1/predictions/([^/]+)")
          .flatMap(jobs::find)
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(Api::missing);
    }

    private static String seen(Job job, Stage stage) {
      String word = Api.word(stage, "starting processing succeeded failed canceled");
      String error =
          switch (stage) {
            case FAILED -> "\"CUDA out of memory\"";
            case MODERATED -> "\"NSFW content detected. Try running it again.\"";
            default -> "null";
          };
      String output =
          stage == Stage.DONE ? "[\"https://replicate.delivery/xezq/abc/out-0.webp\"]" : "null";
      return prediction(job, word, output, error);
    }

    private static String prediction(Job job, String status, String output, String error) {
      return "{\"id\":\"%s\",\"status\":\"%s\",\"output\":%s,\"error\":%s}"
          .formatted(job.id(), status, output, error);
    }
  }

  record Fal() implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return request.path().equals(FalNews.KEYS)
          || request.header("authorization").filter("Key test-key"::equals).isPresent();
    }

    @Override
    public boolean submits(Received request) {
      return request.method().equals("POST");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (request.path().equals(FalNews.KEYS)) {
        return Api.json(200, FalNews.ofStandIn().keySet());
      }
      if (submits(request)) {
        Job job = jobs.begin(request.text(), "");
        String at = base + "/fal-ai/flux/requests/" + job.id();
        return Api.json(
            200,
            "{\"request_id\":\"%s\",\"status\":\"IN_QUEUE\",\"response_url\":\"%s\",\"status_url\":\"%s/status\",\"cancel_url\":\"%s/cancel\"}"
                .formatted(job.id(), at, at, at));
      }
      Optional<Job> job =
          Api.part(request, "/fal-ai/flux/requests/([^/]+)(?:/\\w+)?").flatMap(jobs::find);
      if (job.isEmpty()) {
        return Api.missing();
      }
      if (request.path().endsWith("/cancel")) {
        // One that a worker has goes on, and is billed when it ends all the same.
        return jobs.cancelQueued(job.get())
            ? Api.json(200, "{\"status\":\"OK\"}")
            : Api.json(202, "{\"status\":\"CANCELLATION_REQUESTED\"}");
      }
      Stage stage = jobs.look(job.get());
      if (request.path().endsWith("/status")) {
        String word = Api.word(stage, "IN_QUEUE IN_PROGRESS COMPLETED COMPLETED COMPLETED");
        return Api.json(word.equals("COMPLETED") ? 200 : 202, "{\"status\":\"" + word + "\"}");
      }
      return result(stage);
    }

    private static Reaction result(Stage stage) {
      return switch (stage) {
        case DONE ->
            Api.json(
                200,
                "{\"images\":[{\"url\":\"https://v3.fal.media/files/a/b.png\",\"width\":1024,\"height\":768}],\"seed\":7}");
        case MODERATED ->
            Api.json(
                422,
                "{\"detail\":[{\"msg\":\"flagged by a content checker\",\"type\":\"content_policy_violation\"}]}");
        default ->
            Api.json(
                422, "{\"detail\":[{\"msg\":\"no face found\",\"type\":\"no_media_generated\"}]}");
      };
    }
  }

  record Bfl() implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return request.header("x-key").filter("test-key"::equals).isPresent();
    }

    @Override
    public boolean submits(Received request) {
      return request.method().equals("POST");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        Job job = jobs.begin(request.text(), "");
        return Api.json(
            200,
            "{\"id\":\"%s\",\"polling_url\":\"%s/v1/get_result?id=%s\"}"
                .formatted(job.id(), base, job.id()));
      }
      return jobs.find(Api.query(request, "id"))
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(Api::missing);
    }

    private static String seen(Job job, Stage stage) {
      String word =
          switch (stage) {
            case MODERATED -> "Content Moderated";
            default -> Api.word(stage, "Pending Pending Ready Error Error");
          };
      String result =
          stage == Stage.DONE
              ? "{\"sample\":\"https://delivery-eu1.bfl.ai/results/a/sample.jpeg\",\"seed\":9}"
              : "null";
      return "{\"id\":\"%s\",\"status\":\"%s\",\"progress\":0.5,\"result\":%s}"
          .formatted(job.id(), word, result);
    }
  }

  record Comfy() implements Api {
    @Override
    public boolean isSignedIn(Received request) {
      return true;
    }

    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/prompt");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        String own = Api.body(request).path("prompt_id").asString("");
        if (request.text().contains("MODERATE")) {
          return Api.json(
              400,
              "{\"error\":{\"type\":\"prompt_no_outputs\",\"message\":\"Prompt has no outputs\"}}");
        }
        jobs.begin(request.text(), own);
        return Api.json(
            200, "{\"prompt_id\":\"%s\",\"number\":1,\"node_errors\":{}}".formatted(own));
      }
      if (Api.posts(request, "/interrupt")) {
        jobs.byReference(Api.body(request).path("prompt_id").asString("")).ifPresent(jobs::cancel);
        return Api.json(200, "{}");
      }
      if (request.path().equals("/view")) {
        return Api.bytes("image/png", Base64.getDecoder().decode(PNG));
      }
      return Api.part(request, "/history/([^/]+)")
          .flatMap(jobs::byReference)
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(() -> Api.json(200, "{}"));
    }

    private static String seen(Job job, Stage stage) {
      String inner =
          switch (stage) {
            case QUEUED, RUNNING -> "";
            case DONE ->
                "{\"outputs\":{\"9\":{\"images\":[{\"filename\":\"c_1.png\",\"subfolder\":\"\",\"type\":\"output\"}]}},"
                    + "\"status\":{\"status_str\":\"success\",\"completed\":true,\"messages\":[]}}";
            case FAILED, MODERATED -> error("execution_error");
            case CANCELLED -> error("execution_interrupted");
          };
      return inner.isEmpty() ? "{}" : "{\"%s\":%s}".formatted(job.reference(), inner);
    }

    private static String error(String message) {
      return "{\"outputs\":{},\"status\":{\"status_str\":\"error\",\"completed\":false,\"messages\":[[\"execution_start\",{}],[\"%s\",{\"exception_message\":\"out of memory\"}]]}}"
          .formatted(message);
    }
  }

  record RunPod() implements Api {
    @Override
    public boolean submits(Received request) {
      return Api.posts(request, "/run");
    }

    @Override
    public Reaction answer(Received request, Jobs jobs, String base) {
      if (submits(request)) {
        Job job = jobs.begin(request.text(), "");
        return Api.json(200, "{\"id\":\"%s\",\"status\":\"IN_QUEUE\"}".formatted(job.id()));
      }
      Optional<Job> stopped = Api.part(request, "/cancel/([^/]+)").flatMap(jobs::find);
      if (stopped.isPresent()) {
        jobs.cancel(stopped.get());
        return Api.json(
            200, "{\"id\":\"%s\",\"status\":\"CANCELLED\"}".formatted(stopped.get().id()));
      }
      return Api.part(request, "/status/([^/]+)")
          .flatMap(jobs::find)
          .map(job -> Api.json(200, seen(job, jobs.look(job))))
          .orElseGet(Api::missing);
    }

    private static String seen(Job job, Stage stage) {
      String word = Api.word(stage, "IN_QUEUE RUNNING COMPLETED FAILED CANCELLED");
      String more =
          switch (stage) {
            case DONE -> ",\"output\":{\"image_url\":\"https://store.example.com/a.png\"}";
            case FAILED -> ",\"error\":\"worker exited\"";
            case MODERATED -> ",\"error\":\"nsfw content\"";
            default -> "";
          };
      return "{\"id\":\"%s\",\"status\":\"%s\"%s}".formatted(job.id(), word, more);
    }
  }
}
