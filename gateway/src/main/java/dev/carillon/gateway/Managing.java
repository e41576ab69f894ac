package dev.carillon.gateway;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.AdminAccess;
import dev.carillon.gateway.access.LastUses;
import dev.carillon.gateway.access.PlatformAccess;
import dev.carillon.gateway.access.Quotas;
import dev.carillon.gateway.access.SharedQuotas;
import dev.carillon.gateway.access.TokenHash;
import dev.carillon.gateway.access.TokenMaker;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.manage.AdminRoutes;
import dev.carillon.gateway.manage.Directory;
import dev.carillon.gateway.manage.PlatformRoutes;
import dev.carillon.gateway.manage.UsageRoutes;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.Store;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The three doors and what is managed behind them: the callers' own, the account owners', the
/// operator's.
final class Managing implements AutoCloseable {
  private final Store store;
  private final InstantSource clock;
  private final AdminFiles files;
  private final LastUses<CredentialId> uses;
  private final LastUses<PlatformTokenId> platformUses;
  private final Access access;
  private final PlatformAccess platform;
  private final AdminAccess admin;
  private final Directory directory;
  private final SharedQuotas shared;
  private final Bell.Listening listening;

  /// Where time, secrets and ids come from.
  record Sources(InstantSource clock, RandomGenerator secrets, Ids ids) {}

  /// The store must be open, so that the data folder is this process's own.
  Managing(RoomConfigs configs, Catalog catalog, Store store, TokenHash hash, Sources sources) {
    this.store = store;
    this.clock = sources.clock();
    this.files = new AdminFiles(configs.data());
    files.removeUrl();
    this.uses = new LastUses<>(used -> store.directory().noteUse(used, Map.of()));
    this.platformUses = new LastUses<>(used -> store.directory().noteUse(Map.of(), used));
    Quotas quotas = quotas(configs, catalog, store);
    this.shared = new SharedQuotas(quotas, store.limits()::share);
    this.access =
        new Access(
            configs.access(),
            new Access.Tokens(hash, store.access()::findByTokenHash, uses),
            quotas,
            clock);
    this.platform =
        new PlatformAccess(
            configs.access(), hash, store.directory()::findPlatformToken, clock, platformUses);
    this.admin =
        new AdminAccess(
            configs.access(), hash, files.token(configs.settings(), sources.secrets()), clock);
    this.directory =
        new Directory(
            store, new TokenMaker(hash, sources.secrets()), sources.ids(), clock, this::forget);
    // What another node takes back is forgotten here as well.
    this.listening = store.bell().listenToDirectory(this::forget);
  }

  private Quotas quotas(RoomConfigs configs, Catalog catalog, Store store) {
    return new Quotas(
        configs.access(),
        configs.usual(catalog),
        store.limits()::of,
        (application, service) ->
            service
                .map(name -> store.tasks().openTasks(application, name))
                .orElseGet(() -> store.tasks().openTasks(application)),
        clock);
  }

  private void forget() {
    access.forget();
    platform.forget();
  }

  Access access() {
    return access;
  }

  PlatformAccess platform() {
    return platform;
  }

  Routes addTo(Routes routes, Catalog catalog) {
    new AdminRoutes(directory, admin, catalog).addTo(routes);
    new PlatformRoutes(directory, platform, catalog).addTo(routes);
    return new UsageRoutes(access, store.usage(), clock).addTo(routes);
  }

  /// Tells the command line where this process listens.
  void start(String url) {
    files.writeUrl(url);
    uses.start();
    platformUses.start();
    if (store.limits().isShared()) {
      shared.start();
    }
  }

  @Override
  public void close() {
    files.removeUrl();
    listening.close();
    shared.close();
    uses.close();
    platformUses.close();
  }
}
