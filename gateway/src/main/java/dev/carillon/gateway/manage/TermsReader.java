package dev.carillon.gateway.manage;

import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.Grants;
import dev.carillon.gateway.store.DirectoryStore.Labels;
import dev.carillon.gateway.store.DirectoryStore.Listed;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads what a token is to be out of a body: of a new one all, of an old one what changes.
record TermsReader(CatalogIds ids) {
  static final String[] FIELDS = {
    "name",
    "limited_amount",
    "expired_at",
    "services",
    "read_only",
    "allowed_api_ids",
    "host",
    "metadata"
  };
  private static final int NAME_CHARS = 100;
  private static final int METADATA_CHARS = 4_096;

  /// A new token.
  Directory.Terms fresh(Body body, Application application) {
    return new Directory.Terms(
        body.text("name", NAME_CHARS).orElse(""),
        body.time("expired_at"),
        grants(body, application, Grants.ALL),
        body.limit("limited_amount"),
        new Labels(
            body.text("host", NAME_CHARS).orElse(""),
            body.object("metadata", METADATA_CHARS).orElse("{}")));
  }

  /// A changed token: a field that is not there stays, `null` takes a limit or an end away.
  Directory.Terms changed(Body body, Application application, Listed before) {
    var credential = before.credential();
    return new Directory.Terms(
        body.text("name", NAME_CHARS).orElse(credential.name()),
        body.has("expired_at") ? body.time("expired_at") : credential.expiresAt(),
        grants(body, application, credential.grants()),
        body.has("limited_amount") ? body.limit("limited_amount") : credential.limit(),
        new Labels(
            body.text("host", NAME_CHARS).orElse(before.labels().host()),
            body.object("metadata", METADATA_CHARS).orElse(before.labels().metadata())));
  }

  private Grants grants(Body body, Application application, Grants before) {
    Set<String> services =
        body.words("services")
            .map(words -> all("services", words, ids::service))
            .orElse(before.services());
    services.stream()
        .filter(name -> !application.service().orElse(name).equals(name))
        .findFirst()
        .ifPresent(name -> {
          throw Body.fault(
              "services: the application is of "
                  + application.service().orElse("")
                  + " only, not of "
                  + name);
        });
    return new Grants(
        services,
        body.words("allowed_api_ids")
            .map(words -> all("allowed_api_ids", words, ids::api))
            .orElse(before.apis()),
        body.flag("read_only").orElse(before.readOnly()));
  }

  private static Set<String> all(
      String field, Set<String> words, Function<String, Optional<String>> known) {
    var found = new LinkedHashSet<String>();
    for (String word : words) {
      found.add(
          known.apply(word).orElseThrow(() -> Body.fault(field + ": there is no '" + word + "'")));
    }
    return found;
  }
}
