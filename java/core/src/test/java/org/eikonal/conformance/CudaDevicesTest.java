package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.DeviceUnavailableException;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Choosing CUDA devices, and what is said where one cannot be had. The emulator has two. */
class CudaDevicesTest {
    private static final Path LIBRARY = Path.of(System.getProperty("eikonal.emulated", "/none"));
    private static final NetworkConfig NETWORK = NetworkConfig.builder().neurons(64).hiddenLayers(2).build();

    private static DeviceConfig.Builder emulated(int index) {
        Assumptions.assumeTrue(Files.exists(LIBRARY), "skipped, missing: nvcc");
        return DeviceConfig.builder().type("cuda").library(LIBRARY).index(index);
    }

    private static float[] gradients(Device device) {
        float[] points = new Draws(1).uniform(3 * 100, -1, 1);
        try (Network network = Network.create(device, NETWORK, 3, 2, 1)) {
            for (int i = 0; i < 3; i++) {
                network.backward(points, network.forward(points));
            }
            return network.gradients();
        }
    }

    @Test
    void twoDevicesLiveInOneProcess() throws InterruptedException {
        try (Device first = Device.open(emulated(0).build()); Device second = Device.open(emulated(1).build())) {
            assertEquals("sm_90", first.isa());
            assertEquals("sm_120", second.isa());
            float[] alone = gradients(first);
            assertArrayEquals(alone, gradients(second), 2e-3f);
            // And at the same time, by two threads.
            AtomicReference<float[]> other = new AtomicReference<>();
            Thread thread = new Thread(() -> other.set(gradients(second)));
            thread.start();
            assertArrayEquals(alone, gradients(first));
            thread.join();
            assertArrayEquals(alone, other.get(), 2e-3f);
        }
    }

    /** One device object more of the same GPU has a stream and memory of its own. */
    @Test
    void aGpuMayBeOpenedTwice() {
        try (Device first = Device.open(emulated(0).build()); Device second = Device.open(emulated(0).build())) {
            assertTrue(first.stream() != second.stream());
            assertArrayEquals(gradients(first), gradients(second));
        }
    }

    @Test
    void aDeviceThatIsNotThereSaysHowManyAre() {
        DeviceConfig config = emulated(7).build();
        String message = assertThrows(DeviceUnavailableException.class, () -> Device.open(config)).getMessage();
        assertTrue(message.contains("\"index\": 7, but there are 2 devices"), message);
    }

    @Test
    void aLibraryThatIsNotThereIsNamed() {
        DeviceConfig config = DeviceConfig.builder().type("cuda").library(Path.of("/nowhere/libcuda.so")).build();
        String message = assertThrows(DeviceUnavailableException.class, () -> Device.open(config)).getMessage();
        assertTrue(message.startsWith("device cuda: the CUDA library cannot be opened (/nowhere/libcuda.so: "), message);
        assertTrue(message.endsWith("; or use the device cpu"), message);
    }

    @Test
    void aLibraryOfAnotherKindIsNoCudaLibrary() {
        String another = System.getProperty("native.build") + "/../classes/org/eikonal/internal/linux-x86_64/libjnieikonal.so";
        DeviceConfig config = DeviceConfig.builder().type("cuda").library(Path.of(another).normalize()).build();
        String message = assertThrows(DeviceUnavailableException.class, () -> Device.open(config)).getMessage();
        assertTrue(message.contains("is not Eikonal's CUDA library: it has no function eik_cuda_library"), message);
    }

    @Test
    void autoTakesTheCpuAndSaysWhy() {
        DeviceConfig config = DeviceConfig.builder().library(Path.of("/nowhere/libcuda.so")).build();
        try (Device device = Device.open(config)) {
            assertEquals("cpu", device.type());
            assertTrue(device.reason().startsWith("auto took the CPU; no CUDA: the CUDA library cannot be opened"),
                    device.reason());
        }
    }

    @Test
    void autoTakesAGpuThatAnswers() {
        try (Device device = Device.open(emulated(0).type("auto").build())) {
            assertEquals("cuda", device.type());
            assertTrue(device.reason().startsWith("auto takes a CUDA device"), device.reason());
        }
    }

    @Test
    void halfPrecisionOfAnotherKindOfDeviceIsRefused() {
        String message = assertThrows(DeviceUnavailableException.class,
                () -> Device.open(Devices.cpu("auto", "fp16").build())).getMessage();
        assertTrue(message.contains("\"fp16\" is CUDA's"), message);
    }
}
