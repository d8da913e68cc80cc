package org.eikonal.studio.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eikonal.Device;

/** What a device is, for a person to read. */
final class DeviceText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DeviceText() {}

    /** Such as {@code cuda:0 (NVIDIA H200, sm_90, bf16, 139.8 GiB); asked for}. */
    static String of(Device device) {
        return of(facts(device)) + "; " + device.reason();
    }

    /** The same without the reason. */
    static String of(ObjectNode facts) {
        String isa = facts.path("isa").asText();
        String precision = facts.path("precision").asText();
        if (!facts.path("type").asText().equals("cuda")) {
            return Console.text("%s (%s, %s, %d threads)", name(facts), isa, precision, facts.path("threads").asInt());
        }
        return Console.text("%s (%s, %s, %s%s, %.1f GiB)", name(facts), facts.path("name").asText(), isa, precision,
                facts.path("deterministic").asBoolean() ? ", deterministic" : "",
                facts.path("memory").asLong() / (double) (1 << 30));
    }

    /** What {@code --device} calls it. */
    static String name(ObjectNode facts) {
        String type = facts.path("type").asText();
        return type.equals("cuda") && facts.has("index") ? type + ":" + facts.path("index").asInt() : type;
    }

    static ObjectNode facts(Device device) {
        try {
            return (ObjectNode) JSON.readTree(device.description());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
