package org.eikonal.studio.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Eikonal;
import org.eikonal.EikonalException;
import org.eikonal.studio.recipe.Recipe;
import org.eikonal.studio.recipe.Recipes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code eikonal info}: what there is on this machine. */
@Command(name = "info", sortOptions = false,
        description = {"Shows version, devices and why one is missing, instruction sets, threads and libraries.", ""},
        footer = {"", "Examples:", "  eikonal info", "  eikonal info --json"})
final class InfoCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Console console;

    @Option(names = "--json", description = "Print one JSON object instead of lines (default: lines).")
    private boolean json;

    InfoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        ObjectNode info = (ObjectNode) JSON.readTree(Eikonal.system());
        info.path("devices").forEach(device -> examine((ObjectNode) device));
        try (Device device = Device.open()) {
            info.set("device", DeviceText.facts(device));
        }
        info.put("java", Runtime.version().toString());
        info.put("library", library());
        ObjectNode recipes = info.putObject("recipes");
        Recipes.all().forEach((Recipe recipe) -> recipes.put(recipe.name(), recipe.description()));
        if (json) {
            console.json(info);
        } else {
            print(info);
        }
        return Main.OK;
    }

    /** Opens a device that was found: that tells what it can do, and whether it answers. */
    private static void examine(ObjectNode found) {
        if (!found.path("available").asBoolean()) {
            return;
        }
        String type = found.path("type").asText();
        int index = found.path("index").asInt();
        try (Device device = Device.open(DeviceConfig.builder().type(type).index(index).build())) {
            found.setAll((ObjectNode) DeviceText.facts(device).without("why"));
        } catch (EikonalException e) {
            found.put("available", false).put("reason", e.getMessage());
        }
    }

    private void print(JsonNode info) {
        console.result("version       %s, Java %s", info.path("version").asText(), info.path("java").asText());
        console.result("library       %s", info.path("library").asText());
        console.result("instructions  %s here; %s compiled in", joined(info.at("/cpu/here")),
                joined(info.at("/cpu/compiled")));
        console.result("threads       %s", info.at("/cpu/threads").asText());
        for (JsonNode device : info.path("devices")) {
            ObjectNode facts = (ObjectNode) device;
            console.result("device        %s", device.path("available").asBoolean() ? DeviceText.of(facts)
                    : DeviceText.name(facts) + " is not available: " + device.path("reason").asText());
        }
        ObjectNode auto = (ObjectNode) info.path("device");
        console.result("auto          %s; %s", DeviceText.name(auto), auto.path("why").asText());
        info.path("recipes").properties().forEach(recipe ->
                console.result("recipe        %s: %s", recipe.getKey(), recipe.getValue().asText()));
    }

    private static String joined(JsonNode names) {
        List<String> texts = new ArrayList<>();
        names.forEach(name -> texts.add(name.asText()));
        return String.join(" ", texts);
    }

    /** Where the native library is taken from: a file that was named, or the jar. */
    private static String library() {
        CodeSource source = Eikonal.class.getProtectionDomain().getCodeSource();
        String jar = source == null ? "the class path" : source.getLocation().getPath();
        return System.getProperty("eikonal.library", jar);
    }
}
