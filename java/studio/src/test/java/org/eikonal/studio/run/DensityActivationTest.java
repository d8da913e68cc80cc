package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.Activation;
import org.eikonal.Compositing;
import org.eikonal.CompositingConfig;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Samples;
import org.junit.jupiter.api.Test;

/** The same densities as those that the engine composites with. */
class DensityActivationTest {
    @Test
    void theWeightOfOneSampleTellsItsDensity() {
        float[] raw = {-40, -3, -0.5f, -0.01f, 0, 0.01f, 0.5f, 1, 3, 4.5f};
        int n = raw.length;
        int[] starts = new int[n];
        int[] counts = new int[n];
        float[] dt = new float[n];
        for (int i = 0; i < n; i++) {
            starts[i] = i;
            counts[i] = 1;
            dt[i] = 0.02f;
        }
        Samples samples = new Samples(starts, counts, new float[3 * n], dt, new float[n]);
        try (Device device = Device.open(DeviceConfig.cpu())) {
            for (DensityActivation activation : DensityActivation.values()) {
                CompositingConfig config = CompositingConfig.builder()
                        .densityActivation(Activation.valueOf(activation.name())).build();
                float[] weights = Compositing.create(device, config).forward(samples, raw, new float[n], 1, null)
                        .weights();
                for (int i = 0; i < n; i++) {
                    double weight = -Math.expm1(-activation.of(raw[i]) * dt[i]);
                    assertEquals(weight, weights[i], 1e-6, activation + " of " + raw[i]);
                }
            }
        }
        assertEquals(DensityActivation.SOFTPLUS, DensityActivation.named(Activation.SOFTPLUS.key()));
        assertTrue(assertThrows(RunException.class, () -> DensityActivation.named("Sine")).getMessage()
                .startsWith("density_activation is Sine; "));
    }
}
