package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Who is told what after each commit, on the writer's thread: they only hand over. Safe for many
/// threads.
public final class AfterCommit implements Consumer<News> {
  private final List<Consumer<Application>> balances = new CopyOnWriteArrayList<>();
  private final List<Consumer<ApplicationId>> feeds = new CopyOnWriteArrayList<>();
  private final List<Consumer<Dispatch>> dispatches = new CopyOnWriteArrayList<>();
  private final List<Consumer<Destination>> queues = new CopyOnWriteArrayList<>();

  /// Tells of each application whose balance changed, as it is now.
  public void onBalance(Consumer<Application> hearer) {
    balances.add(hearer);
  }

  /// Tells of each application whose feed grew.
  public void onFeed(Consumer<ApplicationId> hearer) {
    feeds.add(hearer);
  }

  /// Tells of each delivery that was made, due now.
  public void onDispatch(Consumer<Dispatch> hearer) {
    dispatches.add(hearer);
  }

  /// Tells of each queue that deliveries were added to which are to be read, due now.
  public void onDue(Consumer<Destination> hearer) {
    queues.add(hearer);
  }

  @Override
  public void accept(News news) {
    news.applications().forEach(each -> balances.forEach(hearer -> hearer.accept(each)));
    news.made().forEach(each -> dispatches.forEach(hearer -> hearer.accept(each)));
    news.due().forEach(each -> queues.forEach(hearer -> hearer.accept(each)));
    news.feeds().forEach(each -> feeds.forEach(hearer -> hearer.accept(each)));
  }
}
