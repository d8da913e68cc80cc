package org.eikonal.conformance;

import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Eikonal;
import org.eikonal.internal.Json;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The devices that the conformance suite runs on. This is the one list: a device that is added here is held to
 * everything.
 */
final class Devices {
    /** A test of a kernel: it gets every device in turn, open; JUnit closes it. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest(name = "{argumentSetName}")
    @MethodSource("org.eikonal.conformance.Devices#all")
    @interface OnEveryDevice {}

    private Devices() {}

    static Stream<Arguments> all() {
        return configs().stream().map(Device::open).map(device -> argumentSet(name(device), device));
    }

    /** A GPU that the CPU plays: right, but slow. Tests take smaller shapes there that still cross every edge. */
    static boolean emulated(Device device) {
        return device.name().startsWith("Emulated");
    }

    private static String name(Device device) {
        String kind = emulated(device) ? "cuda-emulated" : device.type();
        return kind + " " + device.isa() + " " + device.precision();
    }

    /**
     * Every instruction set of this machine at fp32, and at bf16 the one that multiplies it natively; CUDA in all
     * precisions: emulated, if the build made that, and real, if the class path has it and a GPU is there.
     */
    static List<DeviceConfig> configs() {
        List<DeviceConfig> configs = new ArrayList<>();
        for (String isa : instructionSets()) {
            configs.add(cpu(isa, "fp32").build());
            if (isa.endsWith("bf16")) {
                configs.add(cpu(isa, "bf16").build());
            }
        }
        String emulated = System.getProperty("eikonal.emulated");
        if (emulated != null && Files.exists(Path.of(emulated))) {
            addCuda(configs, DeviceConfig.builder().type("cuda").library(Path.of(emulated)));
        }
        if (gpu()) {
            // A machine that was lent for its GPU need not run the others once more.
            if (System.getProperty("eikonal.devices", "").equals("cuda")) {
                configs.clear();
            }
            addCuda(configs, DeviceConfig.builder().type("cuda"));
        }
        return configs;
    }

    /** All precisions; sums in a fixed order, and, at bf16, as a device takes them that was not asked for that. */
    private static void addCuda(List<DeviceConfig> configs, DeviceConfig.Builder cuda) {
        for (String precision : List.of("fp32", "bf16", "fp16")) {
            configs.add(cuda.precision(precision).deterministic(!precision.equals("bf16")).build());
        }
    }

    /** What the engine says of real GPUs here: the emulated one is never found, only named. */
    static boolean gpu() {
        return ((List<?>) Json.parseObject(Eikonal.system()).get("devices")).stream().map(Json::object)
                .anyMatch(device -> "cuda".equals(device.get("type")) && Boolean.TRUE.equals(device.get("available")));
    }

    /** Skips a test that only a GPU can run. */
    static void requireGpu() {
        Assumptions.assumeTrue(gpu(), "skipped, missing: a GPU");
    }

    static DeviceConfig.Builder cpu(String isa, String precision) {
        return DeviceConfig.builder().type("cpu").isa(isa).precision(precision);
    }

    /** What the engine says this machine has, best first. */
    static List<String> instructionSets() {
        Object cpu = Json.parseObject(Eikonal.system()).get("cpu");
        return ((List<?>) Json.object(cpu).get("here")).stream().map(String.class::cast).toList();
    }

    /**
     * How far a result may be from the float64 one, relative to the scale of the result.
     *
     * @param roundings how many roundings to the device's storage precision lie one behind the other on the longest way
     *     to the result; of bf16 each is half a unit of its 8-bit significand, 2^-8. Sums are fp32 on every device, and
     *     1e-5 is some 170 roundings of those: the longest sums here have fewer than 200 terms, of random signs.
     */
    static double tolerance(Device device, int roundings) {
        return device.precision().equals("fp32") ? 1e-5 : 1e-5 + roundings * 0x1p-8;
    }

    /**
     * The same for a mean square behind kinks. A unit comes out on the wrong side of its kink about as often as a rounding
     * is large, and is then off by all of its share: the mean square is that frequency.
     */
    static double toleranceBehindKinks(Device device, int roundings) {
        return Math.sqrt(tolerance(device, roundings));
    }
}
