package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.transfer.Table.Column;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The form of a file that holds a store: a line each of JSON.
///
/// ```
/// {"carillon_store":1,"engine":"sqlite","schema":6,…,"tables":[{"name":"account","rows":1,"columns":{"id":"id",…}},…]}
/// {"table":"account"}
/// ["01a215d7-…",1000000000,""]
/// …
/// {"end":{"rows":1234,"sha256":"…"}}
/// ```
///
/// The hash is of all bytes before the last line.
final class Archive {
  static final int FORMAT = 1;
  static final JsonMapper JSON = JsonMapper.builder().build();

  private Archive() {}

  static MessageDigest hash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  static ObjectNode header(Manifest manifest) {
    ObjectNode header = JSON.createObjectNode();
    header.put("carillon_store", FORMAT);
    header.put("engine", manifest.engine());
    header.put("schema", manifest.schema());
    header.put("places_collide", manifest.placesCollide());
    header.put("rows", manifest.rows());
    var tables = header.putArray("tables");
    for (Table table : manifest.tables()) {
      ObjectNode one = tables.addObject();
      one.put("name", table.name()).put("rows", table.rows());
      ObjectNode columns = one.putObject("columns");
      table.columns().forEach(column -> columns.put(column.name(), column.kind().word()));
    }
    return header;
  }

  /// @throws TransferException when it is no such file, or one of a newer form
  static Manifest manifest(JsonNode header) {
    int format = header.path("carillon_store").asInt(0);
    if (format != FORMAT) {
      throw new TransferException(
          format == 0
              ? "this is no file of 'carillon store export'"
              : "the file is of form " + format + ", made by a newer Carillon");
    }
    List<Table> tables = new ArrayList<>();
    for (JsonNode table : header.path("tables")) {
      List<Column> columns = new ArrayList<>();
      table
          .path("columns")
          .properties()
          .forEach(column ->
              columns.add(new Column(column.getKey(), Kind.of(column.getValue().asString()))));
      tables.add(new Table(table.path("name").asString(), columns, table.path("rows").asLong()));
    }
    return new Manifest(
        header.path("engine").asString(),
        header.path("schema").asInt(),
        header.path("places_collide").asBoolean(),
        tables);
  }
}
