package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.DeviceUnavailableException;
import org.junit.jupiter.api.Test;

/** The instruction set in use is the best one that the operating system lists, unless a lower one is asked for. */
class InstructionSetsTest {
    private static final List<String> ALL = List.of("avx512bf16", "avx512", "avx2", "portable");

    @Test
    void aSystemPropertyLimitsDevicesThatNameNone() {
        System.setProperty(DeviceConfig.ISA, "portable");
        try (Device limited = Device.open(); Device named = Device.open(Devices.cpu(best(), "fp32").build())) {
            assertEquals("portable", limited.isa());
            assertEquals(best(), named.isa());
        } finally {
            System.clearProperty(DeviceConfig.ISA);
        }
    }

    private static String best() {
        return Devices.instructionSets().get(0);
    }

    /** What the kernel lists among a processor's flags: it leaves out what it does not save at a switch of tasks. */
    private static List<String> listed() throws IOException {
        Path cpus = Path.of("/proc/cpuinfo");
        assumeTrue(Files.exists(cpus));
        Set<String> flags = new HashSet<>();
        for (String line : Files.readAllLines(cpus)) {
            if (line.startsWith("flags")) {
                flags.addAll(Arrays.asList(line.substring(line.indexOf(':') + 1).trim().split(" ")));
                break;
            }
        }
        List<String> sets = new ArrayList<>(List.of("portable"));
        boolean avx2 = flags.containsAll(List.of("avx2", "fma", "f16c", "bmi2"));
        boolean avx512 = avx2 && flags.containsAll(List.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"));
        if (avx2) {
            sets.add(0, "avx2");
        }
        if (avx512) {
            sets.add(0, "avx512");
        }
        if (avx512 && flags.contains("avx512_bf16")) {
            sets.add(0, "avx512bf16");
        }
        return sets;
    }

    @Test
    void theSetsFoundAreThoseThatTheSystemLists() throws IOException {
        assertEquals(listed(), Devices.instructionSets());
        try (Device device = Device.open(DeviceConfig.cpu())) {
            assertEquals(listed().get(0), device.isa());
            assertEquals(listed().get(0).equals("avx512bf16") ? "bf16" : "fp32", device.precision());
        }
    }

    @Test
    void aLowerSetCanBeAskedFor() {
        for (String isa : Devices.instructionSets()) {
            try (Device device = Device.open(DeviceConfig.builder().type("cpu").isa(isa).build())) {
                assertEquals(isa, device.isa());
                assertEquals(isa.equals("avx512bf16") ? "bf16" : "fp32", device.precision());
            }
        }
    }

    @Test
    void aSetThatIsNotHereIsAClearError() {
        for (String isa : ALL) {
            if (!Devices.instructionSets().contains(isa)) {
                String message = assertThrows(DeviceUnavailableException.class,
                        () -> Device.open(DeviceConfig.builder().type("cpu").isa(isa).build())).getMessage();
                assertTrue(message.contains(isa) && message.contains("auto"), message);
            }
        }
    }

    @Test
    void aSetThatNobodyHasNamesTheKnownOnes() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> Device.open(DeviceConfig.builder().type("cpu").isa("neon").build())).getMessage();
        assertTrue(message.contains("neon") && ALL.stream().allMatch(message::contains), message);
    }

    @Test
    void halfPrecisionNeedsASetThatMultipliesIt() {
        String message = assertThrows(DeviceUnavailableException.class,
                () -> Device.open(Devices.cpu("portable", "bf16").build())).getMessage();
        assertTrue(message.contains("bf16") && message.contains("fp32"), message);
    }

    @Test
    void threadsAreAsManyAsAskedFor() {
        for (int threads : new int[] {1, 2, 5}) {
            try (Device device = Device.open(DeviceConfig.builder().type("cpu").threads(threads).build())) {
                assertEquals(threads, device.threads());
            }
        }
    }
}
