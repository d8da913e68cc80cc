package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.conformance.CompositeOracle.Part;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.eikonal.conformance.GridOracle.Shape;
import org.junit.jupiter.api.Test;

/** Encodings of contracted positions, those within the radius and those far beyond. */
class ContractionTest {
    private static final double TOLERANCE = 2e-5;

    private static List<ContractedOracle> oracles() {
        Shape smooth = new Shape("HashGrid", 3, 3, 2, 8, 5, 1.6, "Smoothstep");
        Shape single = new Shape("DenseGrid", 3, 2, 1, 12, 4, 1.5, "Smoothstep");
        CompositeOracle parts = new CompositeOracle(3, "Concatenation", List.of(
                new Part(0, smooth.config(), new GridOracle(smooth)),
                new Part(1, EncodingConfig.frequency(2), new FrequencyOracle(2, 2))));
        List<ContractedOracle> all = new ArrayList<>();
        for (String norm : new String[] {"L2", "LInfinity"}) {
            all.add(new ContractedOracle(norm, 0.125, smooth.config(), new GridOracle(smooth)));
            all.add(new ContractedOracle(norm, 1.5, single.config(), new GridOracle(single)));
            all.add(new ContractedOracle(norm, 0.25, parts.config(), parts));
            all.add(new ContractedOracle(norm, 0.5, EncodingConfig.frequency(3), new FrequencyOracle(3, 3)));
        }
        return all;
    }

    /** Around the middle, in the box, and a hundred boxes away. */
    private static float[] points(int n, Draws draws) {
        float[] points = new float[3 * n];
        for (int i = 0; i < n; i++) {
            float reach = new float[] {0.1f, 0.5f, 100}[i % 3];
            for (int k = 0; k < 3; k++) {
                points[3 * i + k] = 0.5f + draws.uniform(1, -reach, reach)[0];
            }
        }
        return points;
    }

    @OnEveryDevice
    void valuesAndGradientsAreTheOracles(Device device) {
        for (ContractedOracle oracle : oracles()) {
            for (int n : new int[] {0, 1, 17, 1000}) {
                Draws draws = new Draws(n);
                try (Encoding encoding = Encoding.create(device, oracle.config(), 3, 0)) {
                    ModelCheck.close(oracle.config().toJson(), encoding, oracle,
                            draws.multiples(oracle.parameters(), 0x1p-6, -64, 64), points(n, draws),
                            draws.uniform(n * oracle.outputs(), -1, 1), TOLERANCE);
                }
            }
        }
    }

    /** Golden: (3, 4, 0) goes to (1.08, 1.44, 0), which is (0.77, 0.86, 0.5) in the unit cube. */
    @OnEveryDevice
    void aPublishedValue(Device device) {
        try (Encoding encoding = Encoding.create(device,
                EncodingConfig.contraction("L2", 1, EncodingConfig.identity()), 3, 0)) {
            Check.within("(3, 4, 0)", new double[] {0.77, 0.86, 0.5}, encoding.forward(new float[] {3.5f, 4.5f, 0.5f}), 1e-6);
            // At (2, 0, 0) the derivative is diag(1/4, 3/4, 3/4), of which a quarter remains.
            Check.within("slopes", new double[] {0.0625, 0.1875, 0.1875},
                    encoding.backward(new float[] {2.5f, 0.5f, 0.5f}, new float[] {1, 1, 1}), 1e-6);
        }
    }

    @Test
    void theLayoutIsThatOfWhatIsNested() {
        ContractedOracle oracle = oracles().get(0);
        try (Device device = Device.open(Devices.configs().get(0));
                Encoding encoding = Encoding.create(device, oracle.config(), 3, 0)) {
            assertEquals(List.of("encoding.nested.level0", "encoding.nested.level1", "encoding.nested.level2"),
                    encoding.layout().stream().map(block -> block.name()).toList());
            assertEquals(oracle.parameters(), encoding.parameterCount());
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        for (ContractedOracle oracle : oracles()) {
            Draws draws = new Draws(4);
            ModelCheck.differences(oracle.config().toJson(), oracle,
                    Draws.wide(draws.uniform(oracle.parameters(), -1, 1)), new double[] {0.337, 0.911, 0.289},
                    Draws.wide(draws.uniform(oracle.outputs(), -1, 1)));
        }
    }
}
