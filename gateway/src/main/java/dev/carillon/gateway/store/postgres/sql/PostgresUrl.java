package dev.carillon.gateway.store.postgres.sql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a database is and who asks, as `postgresql://user:password@host:port/database?name=value`;
/// several hosts with commas between are tried for the one that can be written to. Parameters are
/// those of the JDBC driver, such as `sslmode`. Never shows the password.
///
/// @param hosts with their ports
/// @param parameters by name
public record PostgresUrl(
    String hosts,
    String database,
    Optional<String> user,
    Optional<String> password,
    Map<String, String> parameters) {
  private static final Pattern FORM =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^@/?]+)"
              + "/(?<database>[^/?]+)(?:\\?(?<parameters>.*))?");

  public PostgresUrl {
    parameters = Map.copyOf(parameters);
  }

  /// Whether a text means a PostgreSQL database at all.
  public static boolean isOne(String text) {
    return text.startsWith("postgresql://") || text.startsWith("postgres://");
  }

  /// Reads a text of that form.
  ///
  /// @throws IllegalArgumentException for any other form; the message does not repeat the text, as
  ///   it may hold a password
  public static PostgresUrl parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "is to be of the form postgresql://user:password@host:port/database");
    }
    return new PostgresUrl(
        form.group("hosts"),
        decoded(form.group("database")),
        Optional.ofNullable(form.group("user")).map(PostgresUrl::decoded),
        Optional.ofNullable(form.group("password")).map(PostgresUrl::decoded),
        parameters(Optional.ofNullable(form.group("parameters")).orElse("")));
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new TreeMap<String, String>();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /// The same database with a password that was given apart.
  public PostgresUrl withPassword(String given) {
    return new PostgresUrl(hosts, database, user, Optional.of(given), parameters);
  }

  String jdbc() {
    return "jdbc:postgresql://" + hosts + "/" + database;
  }

  boolean hasSeveralHosts() {
    return hosts.contains(",");
  }

  @Override
  public String toString() {
    return "postgresql://" + user.map(name -> name + "@").orElse("") + hosts + "/" + database;
  }
}
