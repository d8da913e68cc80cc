package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.eikonal.CudaSharing;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.junit.jupiter.api.Test;

/** Streams and memory shared with {@code org.bytedeco:cuda}. */
class CudaSharingTest {
    private static final int N = 70;
    private static final NetworkConfig NETWORK = NetworkConfig.builder().neurons(32).hiddenLayers(2).build();

    /** Pointers to the host's memory do as arrays do, on the CPU, too. */
    @Devices.OnEveryDevice
    void pointersDoAsArraysDo(Device device) {
        try (Network network = Network.create(device, NETWORK, 3, 2, 1);
                FloatPointer inputs = new FloatPointer(new Draws(1).uniform(3 * N, -1, 1));
                FloatPointer gradients = new FloatPointer(new Draws(2).uniform(2 * N, -1, 1));
                FloatPointer results = new FloatPointer(2L * N);
                FloatPointer back = new FloatPointer(3L * N);
                FloatPointer parameters = new FloatPointer(network.parameterCount())) {
            CudaSharing.forward(network, N, inputs, results);
            assertArrayEquals(network.forward(array(inputs)), array(results));
            CudaSharing.backward(network, N, inputs, gradients, back, true);
            CudaSharing.readGradients(network, parameters);
            assertArrayEquals(network.gradients(), array(parameters));
            assertArrayEquals(network.backwardToInputs(array(inputs), array(gradients)), array(back));
            CudaSharing.readParameters(network, parameters);
            assertArrayEquals(network.parameters(), array(parameters));
            parameters.put(0, 7);
            CudaSharing.writeParameters(network, parameters);
            assertEquals(7, network.parameters()[0]);
        }
    }

    @Devices.OnEveryDevice
    void aCudaDeviceHasAStream(Device device) {
        if (device.type().equals("cuda")) {
            assertNotEquals(0, CudaSharing.stream(device).address());
        } else {
            assertEquals(0, device.stream());
            String message = assertThrows(IllegalArgumentException.class, () -> CudaSharing.stream(device)).getMessage();
            assertTrue(message.contains("cpu has no CUDA stream"), message);
        }
    }

    /** Work of both goes to one stream, and data stays on the device. */
    @Test
    void aGpuTakesStreamsAndDevicePointers() {
        Devices.requireGpu();
        CUstream_st stream = new CUstream_st();
        check(cudart.cudaSetDevice(0));
        check(cudart.cudaStreamCreate(stream));
        try (Device device = Device.open(CudaSharing.on(stream));
                Network network = Network.create(device, NETWORK, 3, 2, 1)) {
            assertEquals(stream.address(), CudaSharing.stream(device).address());
            float[] points = new Draws(1).uniform(3 * N, -1, 1);
            float[] gradients = new Draws(2).uniform(2 * N, -1, 1);
            FloatPointer inputs = onDevice(stream, points);
            FloatPointer outputGradients = onDevice(stream, gradients);
            FloatPointer outputs = onDevice(stream, new float[2 * N]);
            FloatPointer inputGradients = onDevice(stream, new float[3 * N]);
            CudaSharing.forward(network, N, inputs, outputs);
            CudaSharing.backward(network, N, inputs, outputGradients, inputGradients, false);
            assertArrayEquals(network.forward(points), onHost(stream, outputs, 2 * N));
            assertArrayEquals(network.backwardToInputs(points, gradients), onHost(stream, inputGradients, 3 * N));
            for (Pointer pointer : new Pointer[] {inputs, outputGradients, outputs, inputGradients}) {
                check(cudart.cudaFree(pointer));
            }
        }
        check(cudart.cudaStreamDestroy(stream));
    }

    /** A stream is a CUDA device's; where there is none, nothing is read from the address. */
    @Test
    void theCpuTakesNoStream() {
        try (Device device = Device.open(DeviceConfig.builder().type("cpu").stream(0x1000).build())) {
            assertEquals(0, device.stream());
        }
    }

    private static float[] array(FloatPointer pointer) {
        float[] values = new float[Math.toIntExact(pointer.limit())];
        pointer.get(values);
        return values;
    }

    private static FloatPointer onDevice(CUstream_st stream, float[] values) {
        FloatPointer device = new FloatPointer((Pointer) null);
        check(cudart.cudaMalloc(device, 4L * values.length));
        try (FloatPointer host = new FloatPointer(values)) {
            check(cudart.cudaMemcpyAsync(device, host, 4L * values.length, cudart.cudaMemcpyHostToDevice, stream));
            check(cudart.cudaStreamSynchronize(stream));
        }
        return device;
    }

    private static float[] onHost(CUstream_st stream, FloatPointer device, int n) {
        try (FloatPointer host = new FloatPointer((long) n)) {
            check(cudart.cudaMemcpyAsync(host, device, 4L * n, cudart.cudaMemcpyDeviceToHost, stream));
            check(cudart.cudaStreamSynchronize(stream));
            return array(host);
        }
    }

    private static void check(int status) {
        assertEquals(cudart.cudaSuccess, status);
    }
}
