package dev.carillon.cli.store;

import dev.carillon.gateway.store.check.Report;
import dev.carillon.gateway.store.check.Report.Finding;
import java.io.PrintWriter;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How a report is shown.
final class ReportText {
  private ReportText() {}

  static ObjectNode json(Report report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("store", report.store());
    json.put("sound", report.isSound());
    json.put("schema", report.schema());
    json.put("newest_schema", report.newest());
    ObjectNode counts = json.putObject("counts");
    report.counts().forEach(counts::put);
    var laws = json.putArray("laws");
    for (Finding finding : report.laws()) {
      ObjectNode law = laws.addObject();
      law.put("law", finding.law());
      law.put("meaning", finding.meaning());
      law.put("broken", finding.broken());
      var ids = law.putArray("ids");
      finding.ids().forEach(ids::add);
    }
    return json;
  }

  static void print(Report report, PrintWriter out) {
    out.println("store: " + report.store());
    out.println("schema: " + report.schema() + " of " + report.newest());
    report.counts().forEach((name, count) -> out.println(name + ": " + count));
    long held = report.laws().stream().filter(law -> law.broken() == 0).count();
    out.println("laws: " + held + " of " + report.laws().size() + " hold");
    for (Finding finding : report.laws()) {
      if (finding.broken() > 0) {
        out.println(
            "broken: " + finding.law() + ", " + finding.broken() + " times: " + finding.meaning());
        finding.ids().forEach(id -> out.println("  " + id));
        if (finding.broken() > finding.ids().size()) {
          out.println("  …");
        }
      }
    }
  }
}
