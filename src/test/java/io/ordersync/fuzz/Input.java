package io.ordersync.fuzz;

import io.ordersync.contract.CaseResolved;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.ShipmentVoided;
import io.ordersync.contract.WarehouseLockResult;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The topics that are read, and what producers of today, of tomorrow and of yesterday write to them. */
public enum Input {
    REFUNDS("refund-approved", RefundApproved.SCHEMA$),
    PARCELS("shipment-created", ShipmentCreated.SCHEMA$),
    CLOSES("refund-closed", RefundClosed.SCHEMA$),
    VOIDS("shipment-voided", ShipmentVoided.SCHEMA$),
    SCANS("shipment-status", ShipmentStatusChanged.SCHEMA$),
    LOCK_RESULTS("warehouse-lock-results", WarehouseLockResult.SCHEMA$),
    INTERCEPT_RESULTS("intercept-results", InterceptResult.SCHEMA$),
    RESOLUTIONS("case-resolutions", CaseResolved.SCHEMA$);

    final String topic;
    /** By whom they are written: today, tomorrow, yesterday. */
    @SuppressWarnings("ImmutableEnumChecker") // List.of makes them
    final List<Schema> writers;

    Input(String topic, Schema schema) {
        this.topic = topic;
        writers = List.of(schema, newer(schema), older(schema));
    }

    public String topic() {
        return topic;
    }

    /** With more fields, and a symbol more in each enum. */
    private static Schema newer(Schema schema) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(schema.toString());
        json.findValues("symbols").forEach(symbols -> ((ArrayNode) symbols).add("OF_TOMORROW"));
        ArrayNode fields = (ArrayNode) json.get("fields");
        fields.insertObject(1).put("name", "note").put("type", "string").put("default", "");
        fields.addObject().put("name", "weight").put("type", "double").put("default", 0.0);
        fields.add(JsonMapper.shared()
                .readTree("{'name':'tags','type':{'type':'map','values':{'type':'array','items':'bytes'}},'default':{}}"
                        .replace('\'', '"')));
        return SchemaParser.parseSingle(json.toString());
    }

    /** Without the fields that have a default. */
    private static Schema older(Schema schema) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(schema.toString());
        ArrayNode all = (ArrayNode) json.get("fields");
        List<JsonNode> first = all.valueStream()
                .filter(field ->
                        !field.has("default") || field.get("name").asString("").equals("lines"))
                .toList();
        all.removeAll().addAll(first);
        return SchemaParser.parseSingle(json.toString());
    }
}
