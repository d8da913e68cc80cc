package org.eikonal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Resources close once, say so when used later, and do not mind the order. */
class LifetimeTest {
    private static final EncodingConfig IDENTITY = EncodingConfig.identity();

    @Test
    void aClosedThingNamesItself() {
        try (Device device = Device.open(DeviceConfig.cpu())) {
            Encoding encoding = Encoding.create(device, IDENTITY, 3, 0);
            encoding.close();
            encoding.close();
            closed("Encoding", () -> encoding.forward(new float[3]));
            closed("Encoding", encoding::parameters);
            closed("Encoding", () -> Optimizer.create(encoding, OptimizerConfig.adam().build()));

            OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build());
            grid.close();
            grid.close();
            closed("OccupancyGrid", grid::occupiedFraction);

            Views views = Views.create(device, 1);
            views.close();
            closed("Views", () -> views.rays(new int[] {0}, new float[2]));
        }
    }

    @Test
    void aClosedDeviceMakesNothingNew() {
        Device device = Device.open(DeviceConfig.cpu());
        device.close();
        device.close();
        closed("Device", () -> Encoding.create(device, IDENTITY, 3, 0));
        closed("Device", () -> Loss.create(device, LossConfig.l2()).evaluate(new float[1], new float[1], 1));
    }

    @Test
    void whatWasMadeOutlivesItsDevice() {
        Device device = Device.open(DeviceConfig.cpu());
        try (Encoding encoding = Encoding.create(device, IDENTITY, 2, 0)) {
            device.close();
            assertArrayEquals(new float[] {1, 2}, encoding.forward(new float[] {1, 2}));
        }
    }

    @Test
    void whatIsForgottenIsFreedWhileOthersWork() {
        try (Device device = Device.open(DeviceConfig.cpu())) {
            for (int i = 0; i < 200; i++) {
                Encoding forgotten = Encoding.create(device, IDENTITY, 2, 0);
                assertArrayEquals(new float[] {1, 2}, forgotten.forward(new float[] {1, 2}));
                if (i % 50 == 0) {
                    System.gc();
                }
            }
        }
    }

    @Test
    void partsOfDifferentDevicesAreRefused() {
        try (Device one = Device.open(DeviceConfig.cpu());
                Device two = Device.open(DeviceConfig.cpu());
                OccupancyGrid grid = OccupancyGrid.create(two, OccupancyConfig.builder().resolution(16).build());
                RadianceField field = RadianceField.create(one, TinyField.CONFIG, 0)) {
            assertThrows(IllegalArgumentException.class, () -> grid.update(field, 0, 0));
        }
    }

    private static void closed(String name, Executable use) {
        IllegalStateException e = assertThrows(IllegalStateException.class, use);
        assertTrue(e.getMessage().startsWith(name + " is closed"), e.getMessage());
    }

    @Test
    void aMissingDeviceSaysSo() {
        assertThrows(DeviceUnavailableException.class,
                () -> Device.open(DeviceConfig.builder().type("cuda").index(63).build()));
        assertThrows(IllegalArgumentException.class,
                () -> Device.open(DeviceConfig.builder().type("banana").build()));
    }

    @Test
    void theDeviceDescribesItself() {
        try (Device device = Device.open(DeviceConfig.cpu())) {
            assertEquals("cpu", device.type());
            assertTrue(device.threads() >= 1);
            assertTrue(device.precision().equals("fp32") || device.precision().equals("bf16"), device.description());
            assertTrue(!device.isa().isEmpty() && !device.reason().isEmpty(), device.description());
        }
        assertTrue(Eikonal.version().matches("[0-9]+\\.[0-9]+\\..*"), Eikonal.system());
    }
}
