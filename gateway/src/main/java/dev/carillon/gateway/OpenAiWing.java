package dev.carillon.gateway;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.asset.AssetKeeper;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.feed.Waiting;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.intake.Retention;
import dev.carillon.gateway.openai.OpenAi;
import dev.carillon.gateway.openai.passthrough.HangUps;
import dev.carillon.gateway.openai.passthrough.Passthrough;
import dev.carillon.gateway.openai.passthrough.Repeats;
import dev.carillon.gateway.ops.Metrics;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.upstream.passthrough.LiveCalls;
import dev.carillon.gateway.upstream.passthrough.Modality;
import dev.carillon.gateway.upstream.passthrough.SandboxBackend;
import dev.carillon.gateway.upstream.passthrough.Switchboard;
import dev.carillon.gateway.upstream.passthrough.Tariff;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// The rooms of the OpenAI-shaped API, wired: who answers calls at once, and the routes.
final class OpenAiWing implements AutoCloseable {
  private final RoomConfigs configs;
  private final Catalog catalog;
  private final LiveCalls live = new LiveCalls();
  private final HangUps hangUps = new HangUps();
  private final Studio studio;
  private final Switchboard switchboard;

  OpenAiWing(RoomConfigs configs, Catalog catalog, Studio studio, InstantSource clock) {
    this.configs = configs;
    this.catalog = catalog;
    this.studio = studio;
    this.switchboard =
        Switchboard.load(
            configs.data().resolve("passthrough"),
            name -> Optional.ofNullable(System.getenv(name)),
            new Switchboard.Sandboxed(new SandboxBackend(studio, clock), this::tariff));
  }

  /// The calls under way, for the engine.
  LiveCalls live() {
    return live;
  }

  private Tariff tariff(Modality modality) {
    Money price =
        catalog
            .byKey(modality.endpoint())
            .map(endpoint -> endpoint.price(JsonMapper.shared().createObjectNode()))
            .orElse(Money.ZERO);
    return new Tariff(price, Money.ZERO, Money.ZERO, Money.ZERO);
  }

  /// What its routes stand on.
  record Parts(
      Access access,
      Store store,
      Intake intake,
      Retention retention,
      Waiting waiting,
      Pages pages,
      AssetKeeper keeper,
      Metrics metrics,
      Tally tally,
      Sources sources,
      Supplier<String> baseUrl) {}

  /// Where ids and times come from.
  record Sources(Ids ids, InstantSource clock) {}

  Routes addTo(Routes routes, Parts parts) {
    var passthrough =
        new Passthrough(
            new Passthrough.Parts(
                catalog,
                parts.access,
                parts.store,
                switchboard,
                live,
                hangUps,
                ledger(parts),
                new Repeats(parts.waiting, configs.settings().get(Keys.WAIT_INLINE)),
                parts.sources.ids,
                parts.sources.clock));
    return new OpenAi(
            new OpenAi.Parts(
                catalog,
                parts.access,
                parts.store,
                parts.intake,
                parts.retention,
                parts.waiting,
                new MediaArtifacts(studio, parts.keeper, parts.pages, parts.baseUrl),
                configs.feed(parts.sources.clock).kept(),
                configs.data().resolve("openai-models.yaml"),
                configs.settings().get(Keys.WAIT_INLINE),
                parts.metrics::taskAccepted),
            passthrough,
            switchboard)
        .addTo(routes);
  }

  private static Passthrough.Ledger ledger(Parts parts) {
    return new Passthrough.Ledger() {
      @Override
      public void accepted(Task task) {
        parts.metrics.taskAccepted(task.order().service());
      }

      @Override
      public void settled(Claim claim, Task task) {
        parts.tally.settled(claim, task);
      }
    };
  }

  void start() {
    hangUps.start();
  }

  @Override
  public void close() {
    hangUps.close();
  }
}
