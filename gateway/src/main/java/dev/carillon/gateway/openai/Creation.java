package dev.carillon.gateway.openai;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.openai.MediaModel.Way;
import dev.carillon.gateway.openai.passthrough.RefusedException;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Finds what stands behind a request's model and lets intake accept it.
///
/// @param accepted told the service of each new task
record Creation(ModelTable models, Catalog catalog, Intake intake, Accepted accepted) {

  /// Hears of new tasks, for figures.
  @FunctionalInterface
  interface Accepted {
    void of(String service);
  }

  /// @param usual the model where the request names none
  MediaModel model(Medium medium, Request request, String usual) {
    String name = request.text("model").orElse(usual);
    MediaModel model = models.find(medium, name).orElseThrow(() -> RefusedException.model(name));
    int most = model.most();
    if (request.number("n", 1) > most) {
      throw RefusedException.field("n", "'n' must be at most " + most + " for " + name + ".");
    }
    request.sent().put("model", name);
    return model;
  }

  /// @param more fields that the endpoint does not know, kept with the task
  Translated translated(Call call, Way way, Request request, Map<String, ObjectNode> more) {
    ObjectNode made = way.request(request.sent());
    more.forEach(made::set);
    for (String ours : new String[] {"carillon", "max_cost", "callback_url", "trace_id"}) {
      Optional.ofNullable(request.sent().get(ours)).ifPresent(value -> made.set(ours, value));
    }
    return new Translated(call, made);
  }

  Catalog.Match match(Way way) {
    return catalog
        .find("POST", way.endpoint().path())
        .orElseThrow(() -> Problem.of(ErrorCode.NO_API));
  }

  Intake.Taken take(Translated call, Way way) {
    Intake.Taken taken = intake.take(call, match(way));
    if (taken.fresh()) {
      accepted.of(taken.task().order().service());
    }
    return taken;
  }
}
