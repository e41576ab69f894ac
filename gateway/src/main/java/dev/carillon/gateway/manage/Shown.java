package dev.carillon.gateway.manage;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Account;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.PlatformToken;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.store.DirectoryStore.Credit;
import dev.carillon.gateway.store.DirectoryStore.Listed;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How accounts, applications, tokens and credit look on the wire: the fields of the contract's
/// section 1.4, and ours beside them. Amounts are numbers, written exactly.
record Shown(Directory directory) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  ObjectNode application(Application application) {
    ObjectNode node = object();
    node.put("id", application.id().toString());
    node.put("user_id", application.account().toString());
    node.put("name", application.name());
    if (application.service().isPresent()) {
      String service = application.service().get();
      node.put("service_id", CatalogIds.ofService(service).toString());
      node.put("service", service);
    } else {
      node.putNull("service_id").putNull("service");
    }
    node.put("scope", application.service().isPresent() ? "Individual" : "Global");
    node.put("type", "Usage");
    node.put("remaining_amount", number(directory.remaining(application)));
    node.put("used_amount", number(directory.used(application.id())));
    node.put("allow_consume_global", application.allowConsumeGlobal());
    node.put("disabled", application.disabled());
    node.put("created_at", application.createdAt().toString());
    return node;
  }

  ObjectNode credential(Listed listed) {
    Credential credential = listed.credential();
    ObjectNode node = object();
    node.put("id", credential.id().toString());
    node.put("application_id", credential.application().toString());
    node.put("name", credential.name());
    node.put("type", "Token");
    node.putNull("token");
    node.put("token_prefix", credential.tokenPrefix());
    node.put("used_amount", number(listed.used()));
    node.put("limited_amount", credential.limit().map(Shown::number).orElse(null));
    time(node, "expired_at", credential.expiresAt());
    words(node.putArray("services"), credential.grants().services());
    ArrayNode apis = node.putArray("allowed_api_ids");
    credential.grants().apis().stream()
        .sorted()
        .forEach(key -> apis.add(CatalogIds.ofApi(key).toString()));
    words(node.putArray("apis"), credential.grants().apis());
    node.put("read_only", credential.grants().readOnly());
    node.put("revoked", credential.revoked());
    node.put("host", listed.labels().host().isEmpty() ? null : listed.labels().host());
    node.set("metadata", JSON.readTree(listed.labels().metadata()));
    time(node, "last_used_at", listed.usedAt());
    time(node, "previous_token_until", listed.previousUntil());
    node.put("created_at", credential.createdAt().toString());
    return node;
  }

  /// With the token, which is shown only now.
  ObjectNode issued(Directory.Issued issued) {
    return credential(issued.credential()).put("token", issued.token());
  }

  ObjectNode platformToken(PlatformToken token) {
    ObjectNode node = object();
    node.put("id", token.id().toString());
    node.put("user_id", token.account().toString());
    node.put("name", token.name());
    node.putNull("token");
    node.put("token_prefix", token.tokenPrefix());
    time(node, "expired_at", token.expiresAt());
    node.put("revoked", token.revoked());
    time(node, "last_used_at", token.usedAt());
    node.put("created_at", token.createdAt().toString());
    return node;
  }

  ObjectNode account(Account account) {
    ObjectNode node = object();
    node.put("id", account.id().toString());
    node.put("name", account.name());
    node.put("general_balance", number(account.generalBalance()));
    node.put("created_at", account.createdAt().toString());
    return node;
  }

  ObjectNode credit(Credit credit) {
    ObjectNode node = object();
    node.put("id", credit.id().toString());
    node.put("account_id", credit.account().toString());
    node.put("application_id", credit.application().map(Object::toString).orElse(null));
    node.put("amount", number(credit.amount()));
    node.put("at", credit.at().toString());
    return node;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// Never in scientific notation, which not every reader takes for an amount.
  static BigDecimal number(Money money) {
    return new BigDecimal(money.toString());
  }

  static void time(ObjectNode node, String name, Optional<Instant> at) {
    node.put(name, at.map(Instant::toString).orElse(null));
  }

  private static void words(ArrayNode array, Set<String> words) {
    words.stream().sorted().forEach(array::add);
  }

  static Reply reply(int status, ObjectNode body) {
    return new Reply.Json(
        status, JSON.writeValueAsBytes(body), Map.of("Cache-Control", "private, no-store"));
  }

  static Reply ok(ObjectNode body) {
    return reply(200, body);
  }

  static Reply created(ObjectNode body) {
    return reply(201, body);
  }
}
