package org.eikonal.bench;

import java.util.random.RandomGenerator;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.Pose;
import org.eikonal.SamplerConfig;
import org.eikonal.Views;

/**
 * A scene that gives every step the same work: views of random pixels from around the unit cube, of which no cell is empty,
 * in steps so long that a ray has about 40 samples, far apart as random points are.
 */
final class OpenScene {
    static final int SIZE = 256;
    static final SamplerConfig SAMPLER = SamplerConfig.builder().steps(80).build();
    private static final int VIEWS = 8;

    private OpenScene() {}

    static Views views(Device device) {
        Views views = Views.create(device, VIEWS);
        RandomGenerator random = Numbers.random();
        byte[] rgba = new byte[4 * SIZE * SIZE];
        for (int i = 0; i < VIEWS; i++) {
            random.nextBytes(rgba);
            views.set(i, camera(i, SIZE), rgba);
        }
        return views;
    }

    /** Looks at the cube so closely that no ray passes it by. */
    private static Camera camera(int i, int size) {
        double angle = 2 * Math.PI * i / VIEWS;
        double[] eye = {0.5 + 1.5 * Math.cos(angle), 0.7, 0.5 + 1.5 * Math.sin(angle)};
        Pose pose = Pose.lookAt(eye, new double[] {.5, .5, .5}, new double[] {0, 1, 0});
        return Camera.perspective(size, size, 2.2f * size, pose);
    }
}
