package dev.carillon.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `carillon token`: the tokens of applications, and the platform tokens of accounts.
@Command(
    name = "token",
    description = "Manage tokens.",
    mixinStandardHelpOptions = true,
    footer = AdminCommand.EXIT_CODES,
    subcommands = {
      TokenCommand.Create.class,
      TokenCommand.ListAll.class,
      TokenCommand.Set.class,
      TokenCommand.Expire.class,
      TokenCommand.Rotate.class,
      TokenCommand.Revoke.class
    })
final class TokenCommand extends Group {
  private static final List<String> FIELDS =
      List.of(
          "id",
          "token",
          "token_prefix",
          "name",
          "application_id",
          "user_id",
          "services",
          "apis",
          "read_only",
          "limited_amount",
          "used_amount",
          "expired_at",
          "previous_token_until",
          "last_used_at",
          "revoked",
          "created_at");
  private static final List<String> COLUMNS =
      List.of("id", "token_prefix", "name", "used_amount", "expired_at", "last_used_at", "revoked");

  /// What a token may do.
  static final class Terms {
    @Option(names = "--name", paramLabel = "NAME", description = "A name for people.")
    private @Nullable String name;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "When it stops to work, such as 2027-01-01T00:00:00Z.")
    private @Nullable String expires;

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "How many credits it may spend in all.")
    private @Nullable String limit;

    @Option(
        names = "--service",
        paramLabel = "NAME",
        description = "A service it may be used on; may be repeated.")
    private List<String> services = new ArrayList<>();

    @Option(
        names = "--api",
        paramLabel = "PATH",
        description = "A path it may create tasks on, such as /suno/audios; may be repeated.")
    private List<String> apis = new ArrayList<>();

    @Option(
        names = "--read-only",
        paramLabel = "true|false",
        arity = "0..1",
        fallbackValue = "true",
        description = "Whether it may only read.")
    private @Nullable Boolean readOnly;

    ObjectNode body() {
      ObjectNode body = AdminCommand.object();
      AdminCommand.put(body, "name", name);
      AdminCommand.put(body, "expired_at", expires);
      AdminCommand.put(body, "limited_amount", limit);
      if (!services.isEmpty()) {
        services.forEach(body.putArray("services")::add);
      }
      if (!apis.isEmpty()) {
        apis.forEach(body.putArray("allowed_api_ids")::add);
      }
      if (readOnly != null) {
        body.put("read_only", readOnly);
      }
      return body;
    }
  }

  @Command(
      name = "create",
      description = "Make a token. It is shown now and never again.",
      mixinStandardHelpOptions = true)
  static final class Create extends AdminCommand {
    @Option(names = "--app", paramLabel = "APP", description = "Id or name of the application.")
    private @Nullable String app;

    @Option(
        names = "--platform",
        description = "A platform token, which manages an account and makes no tasks.")
    private boolean platform;

    @Option(
        names = "--account",
        paramLabel = "ID",
        description = "Whose platform token, if there are more accounts.")
    private @Nullable String account;

    @Mixin private Terms terms = new Terms();

    @Override
    void run(AdminLine line) {
      ObjectNode body = terms.body();
      if (platform) {
        put(body, "account_id", account);
        show(line.ask("POST", "/platform-tokens", body), FIELDS);
      } else {
        body.put("application_id", application(line, app(line)));
        show(line.ask("POST", "/credentials", body), FIELDS);
      }
    }

    /// The only application there is, when none is named.
    private String app(AdminLine line) {
      String named = app;
      if (named != null) {
        return named;
      }
      JsonNode all = line.get("/applications?limit=2").path("items");
      if (all.size() != 1) {
        throw new AdminException(
            AdminException.FAILED, "say which application, with --app (or --platform)");
      }
      return all.get(0).path("id").asString();
    }
  }

  @Command(name = "list", description = "List tokens.", mixinStandardHelpOptions = true)
  static final class ListAll extends AdminCommand {
    @Option(names = "--app", paramLabel = "APP", description = "Of this application only.")
    private @Nullable String app;

    @Option(names = "--platform", description = "Platform tokens instead.")
    private boolean platform;

    @Override
    void run(AdminLine line) {
      var query = new LinkedHashMap<String, @Nullable String>();
      query.put("limit", "300");
      String named = app;
      if (named != null) {
        query.put("application_id", application(line, named));
      }
      table(line.get((platform ? "/platform-tokens" : "/credentials") + query(query)), COLUMNS);
    }
  }

  @Command(
      name = "set",
      description = "Change what a token may do; what is not named stays.",
      mixinStandardHelpOptions = true)
  static final class Set extends AdminCommand {
    @Parameters(paramLabel = "ID", description = "The id of the token.")
    private String id = "";

    @Option(names = "--no-limit", description = "Let it spend without a limit of its own.")
    private boolean noLimit;

    @Option(names = "--no-end", description = "Let it work without an end.")
    private boolean noEnd;

    @Mixin private Terms terms = new Terms();

    @Override
    void run(AdminLine line) {
      ObjectNode body = terms.body();
      if (noLimit) {
        body.putNull("limited_amount");
      }
      if (noEnd) {
        body.putNull("expired_at");
      }
      show(line.ask("PATCH", "/credentials/" + encoded(id), body), FIELDS);
    }
  }

  @Command(
      name = "expire",
      description = "Set when a token stops to work.",
      mixinStandardHelpOptions = true)
  static final class Expire extends AdminCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The id of the token.")
    private String id = "";

    @Parameters(
        index = "1",
        paramLabel = "TIME",
        description = "A time such as 2027-01-01T00:00:00Z.")
    private String at = "";

    @Override
    void run(AdminLine line) {
      ObjectNode body = object().put("expired_at", at);
      show(line.ask("PATCH", "/credentials/" + encoded(id), body), FIELDS);
    }
  }

  @Command(
      name = "rotate",
      description = "Replace a token by a new one, which is shown now and never again.",
      mixinStandardHelpOptions = true)
  static final class Rotate extends AdminCommand {
    @Parameters(paramLabel = "ID", description = "The id of the token.")
    private String id = "";

    @Option(
        names = "--overlap",
        paramLabel = "TIME",
        defaultValue = "0s",
        description = "How long the old one works on, such as 10m, at most 7d (${DEFAULT-VALUE}).")
    private String overlap = "0s";

    @Override
    void run(AdminLine line) {
      ObjectNode body = object().put("overlap", overlap);
      show(line.ask("POST", "/credentials/" + encoded(id) + "/rotate", body), FIELDS);
    }
  }

  @Command(
      name = "revoke",
      description = "Take a token back: it fails from the next request on.",
      mixinStandardHelpOptions = true)
  static final class Revoke extends AdminCommand {
    @Parameters(paramLabel = "ID", description = "The id of the token.")
    private String id = "";

    @Option(names = "--platform", description = "It is a platform token.")
    private boolean platform;

    @Override
    void run(AdminLine line) {
      String kind = platform ? "/platform-tokens/" : "/credentials/";
      show(line.ask("DELETE", kind + encoded(id), object()), FIELDS);
    }
  }
}
