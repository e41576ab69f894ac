package dev.carillon.gateway.feed;

import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.domain.Task;
import tools.jackson.core.JsonGenerator;

/// How a service shows a task to compatible clients; most show the [GenericRecord].
interface RecordShape {

  /// Writes one record as a JSON object.
  void write(Task task, Service service, JsonGenerator json);
}
