package org.eikonal.studio.scene.colmap;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.studio.scene.OneLine;

/**
 * COLMAP's camera models (src/colmap/sensor/models.h): the order of their parameters. Distortion is OpenCV's in all
 * that have a lens; the others can be read, but no {@link Camera} is like them.
 */
enum CameraModel {
    SIMPLE_PINHOLE(0, Lens.PERSPECTIVE, "f cx cy"),
    PINHOLE(1, Lens.PERSPECTIVE, "fx fy cx cy"),
    SIMPLE_RADIAL(2, Lens.PERSPECTIVE, "f cx cy k1"),
    RADIAL(3, Lens.PERSPECTIVE, "f cx cy k1 k2"),
    OPENCV(4, Lens.PERSPECTIVE, "fx fy cx cy k1 k2 p1 p2"),
    OPENCV_FISHEYE(5, Lens.FISHEYE, "fx fy cx cy k1 k2 k3 k4"),
    FULL_OPENCV(6, Lens.PERSPECTIVE, "fx fy cx cy k1 k2 p1 p2 k3 k4 k5 k6"),
    FOV(7, null, "fx fy cx cy omega"),
    SIMPLE_RADIAL_FISHEYE(8, Lens.FISHEYE, "f cx cy k1"),
    RADIAL_FISHEYE(9, Lens.FISHEYE, "f cx cy k1 k2"),
    THIN_PRISM_FISHEYE(10, null, "fx fy cx cy k1 k2 p1 p2 k3 k4 sx1 sy1"),
    RAD_TAN_THIN_PRISM_FISHEYE(11, null, "fx fy cx cy k0 k1 k2 k3 k4 k5 p0 p1 s0 s1 s2 s3");

    private final int id;
    private final Lens lens;
    private final List<String> parameters;

    CameraModel(int id, Lens lens, String parameters) {
        this.id = id;
        this.lens = lens;
        this.parameters = List.of(parameters.split(" "));
    }

    /** @throws IllegalArgumentException if there is none of that number */
    static CameraModel of(int id) {
        return Stream.of(values()).filter(model -> model.id == id).findFirst()
                .orElseThrow(() -> unusable("number " + id));
    }

    /** @throws IllegalArgumentException if there is none of that name */
    static CameraModel of(String name) {
        return Stream.of(values()).filter(model -> model.name().equals(name)).findFirst()
                .orElseThrow(() -> unusable(OneLine.shortened(name)));
    }

    int parameterCount() {
        return parameters.size();
    }

    /**
     * The camera.
     *
     * @throws IllegalArgumentException if no {@link Camera} is like that, or a number is out of its range
     */
    Camera camera(int width, int height, double[] values, Pose pose) {
        if (lens == null) {
            throw unusable(name());
        }
        boolean same = parameters.contains("f");
        return new Camera(width, height, lens, value(same ? "f" : "fx", values), value(same ? "f" : "fy", values),
                value("cx", values), value("cy", values), new Distortion(value("k1", values), value("k2", values),
                        value("k3", values), value("k4", values), value("k5", values), value("k6", values),
                        value("p1", values), value("p2", values)), pose);
    }

    /** The simplest of the models with two focal lengths that a camera is of. */
    static CameraModel of(Camera camera) {
        Distortion d = camera.distortion();
        return camera.lens() == Lens.FISHEYE ? OPENCV_FISHEYE : d.isNone() ? PINHOLE
                : d.k3() == 0 && d.k4() == 0 && d.k5() == 0 && d.k6() == 0 ? OPENCV : FULL_OPENCV;
    }

    /** A camera's parameters in this model's order, which is one of {@link #of(Camera)}. */
    double[] parameters(Camera camera) {
        Distortion d = camera.distortion();
        return parameters.stream().mapToDouble(name -> switch (name) {
            case "fx" -> camera.fx();
            case "fy" -> camera.fy();
            case "cx" -> camera.cx();
            case "cy" -> camera.cy();
            case "k1" -> d.k1();
            case "k2" -> d.k2();
            case "k3" -> d.k3();
            case "k4" -> d.k4();
            case "k5" -> d.k5();
            case "k6" -> d.k6();
            case "p1" -> d.p1();
            case "p2" -> d.p2();
            default -> 0;
        }).toArray();
    }

    /** The value of that name, or 0 where the model does without it. */
    private float value(String name, double[] values) {
        int index = parameters.indexOf(name);
        return index < 0 ? 0 : (float) values[index];
    }

    private static IllegalArgumentException unusable(String model) {
        return new IllegalArgumentException("its camera model is " + model + ", which can't be used; known are "
                + Stream.of(values()).filter(known -> known.lens != null).map(Enum::name)
                        .collect(Collectors.joining(", "))
                + ": undistort the photos with 'colmap image_undistorter' and use the folder that it makes");
    }
}
