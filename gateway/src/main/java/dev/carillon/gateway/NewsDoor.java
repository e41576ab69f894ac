package dev.carillon.gateway;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.engine.Engine;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.upstream.News;
import dev.carillon.gateway.upstream.http.HttpProviders;
import java.util.Map;

/// Where providers tell news: `POST /upstream/{provider}/{token}`. What they tell only makes the
/// gateway look; whoever guesses or replays an address gains nothing.
record NewsDoor(HttpProviders providers, Engine engine) {
  Reply heard(Call call) throws InterruptedException {
    News news =
        providers
            .heard(
                call.pathParameter("provider").orElse(""),
                call.pathParameter("token").orElse(""),
                call::header,
                call.body())
            .orElseThrow(() -> Problem.of(ErrorCode.NO_API));
    engine.heard(news.task(), news.job());
    return new Reply.Empty(204, Map.of());
  }
}
