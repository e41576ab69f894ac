package dev.carillon.bench.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A PostgreSQL database, by the address that gateways take. The driver is that of the jar under
/// measure, which stands on the class path.
///
/// @param url such as `postgresql://user:password@host:port/database`
public record Database(String url) {
  private static final Pattern FORM =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^@/?]+)"
              + "/(?<database>[^/?]+)(?:\\?(?<parameters>.*))?");

  public Database {
    if (!FORM.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "--store is to be of the form postgresql://user:password@host:port/database");
    }
  }

  /// Another database of the same server.
  Database named(String name) {
    Matcher form = matched();
    return new Database(
        url.substring(0, form.start("database")) + name + url.substring(form.end("database")));
  }

  String name() {
    return matched().group("database");
  }

  /// The address for the JDBC driver.
  public String jdbc() {
    Matcher form = matched();
    return "jdbc:postgresql://"
        + form.group("hosts")
        + "/"
        + form.group("database")
        + "?"
        + parameter("user", form)
        + parameter("password", form)
        + (form.start("parameters") < 0 ? "" : form.group("parameters"));
  }

  /// Parts of the address are encoded for a URL already, as those of JDBC are.
  private static String parameter(String name, Matcher form) {
    return form.start(name) < 0 ? "" : name + "=" + form.group(name) + "&";
  }

  private Matcher matched() {
    Matcher form = FORM.matcher(url);
    if (!form.matches()) {
      throw new IllegalStateException("checked before");
    }
    return form;
  }

  /// How much it takes on disk, in words.
  public String size() throws IOException {
    return text("SELECT pg_size_pretty(pg_database_size(current_database()))");
  }

  Connection connect() throws IOException {
    try {
      return DriverManager.getConnection(jdbc());
    } catch (SQLException failure) {
      throw new IOException("no connection to " + matched().group("hosts"), failure);
    }
  }

  /// Runs one statement, in a transaction of its own where it may have one.
  void run(String statement) throws IOException {
    try (var connection = connect();
        var statements = connection.createStatement()) {
      statements.execute(statement);
    } catch (SQLException failure) {
      throw new IOException(statement, failure);
    }
  }

  /// The first value that a query gives, as text; empty when it gives none.
  String text(String query) throws IOException {
    try (var connection = connect();
        var statements = connection.createStatement();
        ResultSet rows = statements.executeQuery(query)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    } catch (SQLException failure) {
      throw new IOException(query, failure);
    }
  }
}
