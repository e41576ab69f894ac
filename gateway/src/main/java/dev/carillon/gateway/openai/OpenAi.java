package dev.carillon.gateway.openai;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.feed.FeedConfig;
import dev.carillon.gateway.feed.Waiting;
import dev.carillon.gateway.http.Handler;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.intake.Retention;
import dev.carillon.gateway.openai.passthrough.Passthrough;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.upstream.passthrough.Modality;
import dev.carillon.gateway.upstream.passthrough.Switchboard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/// The routes of the API that OpenAI's clients speak.
public final class OpenAi {
  private final Passthrough passthrough;
  private final ImageDoor images;
  private final VideoDoor videos;
  private final Models models;

  /// Builds the doors.
  ///
  /// @throws dev.carillon.gateway.catalog.CatalogException with every mistake in the user's table
  public OpenAi(Parts parts, Passthrough passthrough, Switchboard switchboard) {
    this.passthrough = passthrough;
    ModelTable table = ModelTable.load(parts.catalog, parts.table);
    var creation =
        new Creation(table, parts.catalog, parts.intake, service -> parts.accepted.accept(service));
    this.images =
        new ImageDoor(parts.access, creation, parts.waiting, parts.artifacts, parts.patience);
    this.videos =
        new VideoDoor(
            new VideoDoor.Parts(
                parts.access,
                creation,
                parts.store.tasks(),
                parts.retention,
                parts.artifacts,
                new VideoView(parts.kept)));
    this.models = new Models(parts.access, table, switchboard);
  }

  /// What it stands on.
  ///
  /// @param table the user's table of models; may be absent
  /// @param patience how long a request for pictures waits
  /// @param accepted told the service of each new task
  public record Parts(
      Catalog catalog,
      Access access,
      Store store,
      Intake intake,
      Retention retention,
      Waiting waiting,
      Artifacts artifacts,
      FeedConfig.Kept kept,
      Path table,
      Duration patience,
      Consumer<String> accepted) {}

  /// Adds the routes; those under `/openai` are the compatible API's, with its error envelope.
  public Routes addTo(Routes routes) {
    for (Modality modality : Modality.values()) {
      Handler handler = call -> passthrough.answer(call, modality);
      routes
          .post(modality.path(), Errors.inOpenAiWords(handler))
          .post(modality.endpoint(), Errors.inCompatibleWords(handler));
    }
    return routes
        .get("/models", Errors.inOpenAiWords(models::list))
        .get("/models/{id...}", Errors.inOpenAiWords(models::get))
        .post("/images/generations", Errors.inOpenAiWords(images::generate))
        .post("/images/edits", Errors.inOpenAiWords(images::edit))
        .post("/videos", Errors.inOpenAiWords(videos::create))
        .get("/videos", Errors.inOpenAiWords(videos::list))
        .get("/videos/{id}", Errors.inOpenAiWords(videos::get))
        .delete("/videos/{id}", Errors.inOpenAiWords(videos::delete))
        .get("/videos/{id}/content", Errors.inOpenAiWords(videos::content));
  }
}
