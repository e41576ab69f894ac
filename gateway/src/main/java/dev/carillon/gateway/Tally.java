package dev.carillon.gateway;

import dev.carillon.gateway.asset.AssetListener;
import dev.carillon.gateway.delivery.CourierListener;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.engine.EngineListener;
import dev.carillon.gateway.ops.Metrics;
import dev.carillon.gateway.upstream.UpstreamListener;
import java.time.Duration;
import java.time.Instant;

/// Counts what engine, providers, delivery and asset tell, as none of them knows the metrics.
record Tally(Metrics metrics)
    implements EngineListener, CourierListener, AssetListener, UpstreamListener {

  @Override
  public void settled(Claim claim, Task task) {
    if (task.state() instanceof TaskState.Ended ended) {
      Instant created = task.order().createdAt();
      Instant started = Lifecycle.startedAt(ended).orElse(ended.at());
      metrics.taskEnded(
          task.order().service(),
          ended.word(),
          Duration.between(created, started),
          Duration.between(started, ended.at()));
    }
  }

  @Override
  public void attempted(Dispatch dispatch, Receipt receipt) {
    metrics.callbackAttempted(
        receipt.failure().orElse("delivered"),
        Duration.between(dispatch.event().at(), receipt.startedAt()));
  }

  @Override
  public void circuitOpened(Destination destination) {
    metrics.circuitChanged("opened");
  }

  @Override
  public void circuitClosed(Destination destination) {
    metrics.circuitChanged("closed");
  }

  @Override
  public void endpointDisabled(EndpointId endpoint, Standing standing) {
    metrics.endpointDisabled(standing.word());
  }

  @Override
  public void copied(String result, long bytes, Duration took) {
    metrics.assetCopied(result, bytes, took);
  }

  @Override
  public void uploaded(String result, long bytes) {
    metrics.fileUploaded(result, bytes);
  }

  @Override
  public void swept(int count) {
    metrics.assetsSwept(count);
  }

  @Override
  public void asked(String provider, Call call) {
    metrics.providerAsked(provider, call.step(), call.result(), call.took());
  }

  @Override
  public void unknownWord(String provider, String word) {
    metrics.providerWordUnknown(provider);
  }
}
