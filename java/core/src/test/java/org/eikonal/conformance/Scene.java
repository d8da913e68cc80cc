package org.eikonal.conformance;

import org.eikonal.Activation;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.Pose;
import org.eikonal.SamplerConfig;
import org.eikonal.Views;

/** A scene that is trained on in no time: a red and a blue half behind glass, from four sides. */
final class Scene {
    static final int SIZE = 16;
    static final SamplerConfig SAMPLER = SamplerConfig.builder().steps(64).build();
    static final FieldOracle FIELD = new FieldOracle(
            new GridOracle.Shape("HashGrid", 3, 4, 2, 10, 4, 2, "Linear"), 16, 1, 2, 3, Activation.RELU,
            Activation.SIGMOID);

    private Scene() {}

    static Views views(Device device) {
        Views views = Views.create(device, 4);
        for (int i = 0; i < 4; i++) {
            byte[] rgba = new byte[SIZE * SIZE * 4];
            for (int p = 0; p < SIZE * SIZE; p++) {
                boolean upper = p / SIZE < SIZE / 2;
                rgba[4 * p] = (byte) (upper ? 255 : 20);
                rgba[4 * p + 2] = (byte) (upper ? 40 : 255);
                rgba[4 * p + 3] = (byte) (p % SIZE == 0 ? 100 : 255);
            }
            views.set(i, camera(i), rgba);
        }
        return views;
    }

    static Camera camera(int i) {
        double[] eye = {0.5 + 1.2 * Math.cos(i), 0.5, 0.5 + 1.2 * Math.sin(i)};
        return Camera.perspective(SIZE, SIZE, 20, Pose.lookAt(eye, new double[] {.5, .5, .5}, new double[] {0, 1, 0}));
    }
}
