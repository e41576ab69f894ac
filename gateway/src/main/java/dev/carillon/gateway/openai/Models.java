package dev.carillon.gateway.openai;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.openai.passthrough.RefusedException;
import dev.carillon.gateway.upstream.passthrough.Model;
import dev.carillon.gateway.upstream.passthrough.Switchboard;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /v1/models`: every model that this API takes.
record Models(Access access, ModelTable table, Switchboard switchboard) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  Reply list(Call call) {
    access.admit(call, Optional.empty(), Kind.QUERY);
    ObjectNode tree = JSON.createObjectNode().put("object", "list");
    ArrayNode data = tree.putArray("data");
    owners().forEach((id, owner) -> data.add(shown(id, owner)));
    return Reply.json(200, JSON.writeValueAsString(tree));
  }

  Reply get(Call call) {
    access.admit(call, Optional.empty(), Kind.QUERY);
    String id = call.pathParameter("id").orElse("");
    String owner = owners().get(id);
    if (owner == null) {
      throw RefusedException.model(id);
    }
    return Reply.json(200, JSON.writeValueAsString(shown(id, owner)));
  }

  private Map<String, String> owners() {
    Map<String, String> owners = new LinkedHashMap<>();
    for (Medium medium : Medium.values()) {
      table
          .of(medium)
          .forEach(model -> owners.put(model.name(), model.generation().endpoint().service()));
    }
    for (Model model : switchboard.models()) {
      owners.put(model.name(), model.owner());
    }
    return owners;
  }

  /// When a model was made is not known here.
  private static ObjectNode shown(String id, String owner) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", owner);
  }
}
