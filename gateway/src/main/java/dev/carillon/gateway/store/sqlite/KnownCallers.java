package dev.carillon.gateway.store.sqlite;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import java.util.Optional;

/// Credentials and applications that were asked for, in memory, as every request asks. Each commit
/// that changes one puts the new one here; a reader only adds what is missing, so it cannot put an
/// old one over a newer one.
final class KnownCallers {
  private static final int MOST = 10_000;

  private final Cache<String, Credential> credentials =
      Caffeine.newBuilder().maximumSize(MOST).build();
  private final Cache<ApplicationId, Application> applications =
      Caffeine.newBuilder().maximumSize(MOST).build();

  Optional<Credential> credential(String tokenHash) {
    return Optional.ofNullable(credentials.getIfPresent(tokenHash));
  }

  Optional<Application> application(ApplicationId id) {
    return Optional.ofNullable(applications.getIfPresent(id));
  }

  void changed(Credential credential) {
    credentials.put(credential.tokenHash(), credential);
  }

  void changed(Application application) {
    applications.put(application.id(), application);
  }

  /// Adds what a reader read; what was put meanwhile wins.
  Credential add(Credential read) {
    Credential newer = credentials.asMap().putIfAbsent(read.tokenHash(), read);
    return newer == null ? read : newer;
  }

  Application add(Application read) {
    Application newer = applications.asMap().putIfAbsent(read.id(), read);
    return newer == null ? read : newer;
  }
}
