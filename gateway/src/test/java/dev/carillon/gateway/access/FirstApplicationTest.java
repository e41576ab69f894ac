package dev.carillon.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.store.AccessStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class FirstApplicationTest {
  private final HandClock clock = new HandClock();
  private final TokenHash hash = new TokenHash("secret".getBytes(StandardCharsets.UTF_8));
  private final Map<AccountId, Money> accounts = new HashMap<>();
  private final List<Application> applications = new ArrayList<>();
  private final List<Credential> credentials = new ArrayList<>();
  private final FirstApplication first =
      new FirstApplication(
          store(),
          hash,
          new Ids(clock, RandomGenerator.getDefault()),
          RandomGenerator.getDefault(),
          clock);

  @Test
  void an_empty_store_gets_a_general_application_with_credit_and_one_token() {
    String token = first.create(Money.ofCredits("1000")).orElseThrow();

    assertThat(token).matches("[0-9a-f]{32}");
    assertThat(accounts).containsValue(Money.ofCredits("1000"));
    assertThat(applications).singleElement().matches(made -> made.service().isEmpty());
    assertThat(credentials)
        .singleElement()
        .satisfies(made -> {
          assertThat(made.tokenHash()).isEqualTo(hash.of(token)).hasSize(64);
          assertThat(made.toString()).doesNotContain(token);
        });
  }

  @Test
  void later_starts_make_nothing() {
    first.create(Money.ofCredits("1"));

    assertThat(first.create(Money.ofCredits("1"))).isEmpty();
    assertThat(credentials).hasSize(1);
  }

  @Test
  void hashes_differ_by_secret_and_by_token() {
    var other = new TokenHash("other".getBytes(StandardCharsets.UTF_8));

    assertThat(hash.of("a")).isEqualTo(hash.of("a")).isNotEqualTo(hash.of("b"));
    assertThat(other.of("a")).isNotEqualTo(hash.of("a"));
  }

  /// The two verbs that are needed, kept in lists; any other one fails.
  private AccessStore store() {
    InvocationHandler verbs =
        (_, verb, given) ->
            switch (verb.getName()) {
              case "createFirst" -> {
                var application = (Application) given[0];
                accounts.put(application.account(), (Money) given[1]);
                applications.add(application);
                yield credentials.add((Credential) given[2]);
              }
              case "applications" -> List.copyOf(applications);
              default -> throw new UnsupportedOperationException(verb.getName());
            };
    return (AccessStore)
        Proxy.newProxyInstance(
            AccessStore.class.getClassLoader(), new Class<?>[] {AccessStore.class}, verbs);
  }
}
