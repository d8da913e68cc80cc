package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.Rays;
import org.eikonal.Views;
import org.eikonal.conformance.Devices.OnEveryDevice;

/**
 * Rays of cameras, held to OpenCV's forward models, which need no inversion: a point in front of a camera is projected in
 * float64, and the ray through the pixel where it lands has to go through the point.
 */
class CameraRaysTest {
    private static final Pose POSE =
            Pose.lookAt(new double[] {1.5, 0.2, -0.7}, new double[] {.4, .5, .6}, new double[] {0.1, 1, 0});

    private static Camera camera(Lens lens, Distortion distortion, Pose pose) {
        return new Camera(640, 480, lens, 400, 410, 322.5f, 236.25f, distortion, pose);
    }

    /** Where direction (x right, y up, -z forward) of the camera's frame lands, in pixels. */
    private static double[] project(Camera camera, double[] direction) {
        double x = direction[0] / -direction[2];
        double y = -direction[1] / -direction[2];  // down, as OpenCV has it
        Distortion d = camera.distortion();
        double xd;
        double yd;
        if (camera.lens() == Lens.PERSPECTIVE) {
            double r2 = x * x + y * y;
            double radial = (1 + d.k1() * r2 + d.k2() * r2 * r2 + d.k3() * r2 * r2 * r2)
                    / (1 + d.k4() * r2 + d.k5() * r2 * r2 + d.k6() * r2 * r2 * r2);
            xd = x * radial + 2 * d.p1() * x * y + d.p2() * (r2 + 2 * x * x);
            yd = y * radial + d.p1() * (r2 + 2 * y * y) + 2 * d.p2() * x * y;
        } else {
            double across = Math.hypot(direction[0], direction[1]);
            double theta = Math.atan2(across, -direction[2]);
            double bent = theta * (1 + d.k1() * Math.pow(theta, 2) + d.k2() * Math.pow(theta, 4)
                    + d.k3() * Math.pow(theta, 6) + d.k4() * Math.pow(theta, 8));
            xd = across == 0 ? 0 : direction[0] / across * bent;
            yd = across == 0 ? 0 : -direction[1] / across * bent;
        }
        return new double[] {camera.fx() * xd + camera.cx(), camera.fy() * yd + camera.cy()};
    }

    /** Directions over a field of view that reaches {@code reach} (tangent) sideways. */
    private static void check(Device device, Camera camera, double reach) {
        Draws draws = new Draws(1);
        int n = 97;
        float[] tangents = draws.uniform(2 * n, -reach, reach);
        double[] expected = new double[3 * n];
        float[] pixels = new float[2 * n];
        double[] center = camera.pose().position();
        for (int i = 0; i < n; i++) {
            double[] own = {tangents[2 * i], tangents[2 * i + 1], -1};
            double[] pixel = project(camera, own);
            pixels[2 * i] = (float) pixel[0];
            pixels[2 * i + 1] = (float) pixel[1];
            double length = 0;
            for (int k = 0; k < 3; k++) {
                for (int c = 0; c < 3; c++) {
                    expected[3 * i + k] += camera.pose().at(k, c) * own[c];
                }
                length += expected[3 * i + k] * expected[3 * i + k];
            }
            for (int k = 0; k < 3; k++) {
                expected[3 * i + k] /= Math.sqrt(length);
            }
        }
        try (Views views = Views.create(device, 2)) {
            views.setCamera(1, camera);
            int[] view = new int[n];
            Arrays.fill(view, 1);
            Rays rays = views.rays(view, pixels);
            // A pixel is a float of up to 640: rounded to 3e-5, seen at a focal length of 400 as 1e-7; a lens spreads it.
            Check.within(camera.distortion().toString(), expected, rays.directions(), 2e-6);
            for (int i = 0; i < n; i++) {
                double length = 0;
                for (int k = 0; k < 3; k++) {
                    assertEquals(center[k], rays.origins()[3 * i + k], 1e-7);
                    length += (double) rays.directions()[3 * i + k] * rays.directions()[3 * i + k];
                }
                assertEquals(1, Math.sqrt(length), 1e-6);
            }
        }
    }

    @OnEveryDevice
    void aRayGoesThroughWhatItsPixelShows(Device device) {
        check(device, camera(Lens.PERSPECTIVE, Distortion.NONE, POSE), 1);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(.1f, -.05f, .01f, 0, .002f, -.003f), POSE), 0.8);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(-.2f, .05f, 0, 0, 0, 0), POSE), 0.8);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(0, 0, 0, 0, .01f, .02f), POSE), 0.5);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(.9f, .1f, .02f, 1, .15f, .03f, .001f, -.002f), POSE), 0.9);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(0, 0, 0, .1f, .05f, .02f, 0, 0), POSE), 0.7);
        check(device, camera(Lens.FISHEYE, Distortion.NONE, POSE), 3);
        check(device, camera(Lens.FISHEYE, new Distortion(.02f, -.01f, .003f, -.0005f, 0, 0), POSE), 3);
    }

    /** So strong that a derivative that is only nearly right would not get there in the few steps there are. */
    @OnEveryDevice
    void strongLensesAreInvertedTermByTerm(Device device) {
        check(device, camera(Lens.PERSPECTIVE, new Distortion(.6f, 0, 0, 0, 0, 0), POSE), 0.7);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(0, .6f, 0, 0, 0, 0), POSE), 0.7);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(0, 0, .6f, 0, 0, 0), POSE), 0.7);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(.3f, 0, 0, 0, .25f, 0), POSE), 0.4);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(.3f, 0, 0, 0, 0, .25f), POSE), 0.4);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(.3f, 0, 0, 0, -.15f, .15f), POSE), 0.4);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(0, 0, 0, -.4f, 0, 0, 0, 0), POSE), 0.7);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(0, 0, 0, 0, -.3f, 0, 0, 0), POSE), 0.7);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(0, 0, 0, 0, 0, -.3f, 0, 0), POSE), 0.7);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(.5f, .5f, .5f, .3f, .3f, .3f, .02f, 0), POSE), 0.7);
        check(device, camera(Lens.FISHEYE, new Distortion(.3f, 0, 0, 0, 0, 0), POSE), 2);
        check(device, camera(Lens.FISHEYE, new Distortion(0, .2f, 0, 0, 0, 0), POSE), 2);
        check(device, camera(Lens.FISHEYE, new Distortion(0, 0, .1f, 0, 0, 0), POSE), 2);
        check(device, camera(Lens.FISHEYE, new Distortion(0, 0, 0, .05f, 0, 0), POSE), 2);
        check(device, camera(Lens.FISHEYE, new Distortion(.1f, .1f, .05f, .02f, 0, 0), POSE), 2);
    }

    @OnEveryDevice
    void aFisheyeSeesBehindItself(Device device) {
        Camera camera = camera(Lens.FISHEYE, Distortion.NONE, Pose.IDENTITY);
        double theta = Math.toRadians(120);
        double[] own = {Math.sin(theta), 0, -Math.cos(theta)};
        double[] pixel = project(camera, own);
        try (Views views = Views.create(device, 1)) {
            views.setCamera(0, camera);
            Rays rays = views.rays(new int[1], new float[] {(float) pixel[0], (float) pixel[1]});
            Check.within("120 degrees", own, rays.directions(), 1e-6);
        }
    }

    @OnEveryDevice
    void theMiddleOfTheFirstPixelIsAtOneHalf(Device device) {
        Camera camera = Camera.perspective(2, 2, 1, Pose.IDENTITY);
        try (Views views = Views.create(device, 1)) {
            views.setCamera(0, camera);
            Rays rays = views.rays(new int[3], new float[] {0.5f, 0.5f, 1, 1, 1.5f, 0.5f});
            double third = Math.sqrt(1 / 1.5);
            // The first pixel is up and to the left; y runs down in the picture and up in space.
            Check.within("pixels", new double[] {
                -third / 2, third / 2, -third, 0, 0, -1, third / 2, third / 2, -third
            }, rays.directions(), 1e-6);
        }
    }

    @OnEveryDevice
    void scaleAndReflectionOfAPoseLeaveUnitDirections(Device device) {
        Pose scaled = new Pose(-3, 0, 0, 1, 0, 3, 0, 2, 0, 0, 3, 3);
        check(device, camera(Lens.PERSPECTIVE, new Distortion(.1f, 0, 0, 0, 0, 0), scaled), 0.5);
    }

    @OnEveryDevice
    void noRaysAreFine(Device device) {
        try (Views views = Views.create(device, 1)) {
            assertEquals(0, views.rays(new int[0], new float[0]).count());
        }
    }

    @OnEveryDevice
    void pixelsWhereTheLensModelCannotBeInvertedGiveSomeUnitDirection(Device device) {
        for (Distortion lens : new Distortion[] {
            new Distortion(-.5f, 0, 0, 0, 0, 0), new Distortion(0, 0, 0, -1, 0, 0, 0, 0), new Distortion(1, 0, 0, 0, 0, -3, 0, 0)
        }) {
            try (Views views = Views.create(device, 1)) {
                views.setCamera(0, camera(Lens.PERSPECTIVE, lens, POSE));
                float[] pixels = new Draws(2).uniform(2 * 97, -2000, 2600);
                Check.finite("directions", views.rays(new int[97], pixels).directions());
            }
        }
    }
}
