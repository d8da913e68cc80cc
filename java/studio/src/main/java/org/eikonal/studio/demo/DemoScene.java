package org.eikonal.studio.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;

/**
 * A small scene of our own, ray traced: solids of several materials on a tiled pedestal, over nothing (alpha 0), in the
 * layout of the Blender-synthetic scenes. It fits the unit cube at the default scale. The same counts and size give the
 * same bytes, whatever the number of threads.
 */
public final class DemoScene {
    /** Training views of {@link #write(Path)}. */
    public static final int TRAIN_VIEWS = 60;
    /** Held-out views of {@link #write(Path)}. */
    public static final int TEST_VIEWS = 12;
    /** Width and height of {@link #write(Path)}'s pictures, in pixels. */
    public static final int SIZE = 160;

    private static final double FIELD_OF_VIEW = 0.69;
    private static final double DISTANCE = 3.8;
    private static final Vec TARGET = new Vec(0, 0, -0.14);
    private static final double LOWEST = Math.sin(Math.toRadians(9));
    private static final double HIGHEST = Math.sin(Math.toRadians(80));

    private DemoScene() {}

    /** Writes the scene at its usual size: 60 training views and 12 held-out views of 160x160 pixels. */
    public static void write(Path folder) throws IOException {
        write(folder, TRAIN_VIEWS, TEST_VIEWS, SIZE);
    }

    /**
     * Writes the scene: {@code train/r_0.png} and so on, {@code test/r_0.png} and so on, and at last
     * {@code transforms_test.json} and {@code transforms_train.json}. Files of those names are replaced.
     *
     * @param folder made if it isn't there
     * @param trainViews at least 1
     * @param testViews at least 1, and no more than training views
     * @param size width and height of the pictures in pixels, 1 to 4096
     * @throws IOException if a file can't be written
     */
    public static void write(Path folder, int trainViews, int testViews, int size) throws IOException {
        if (trainViews < 1 || testViews < 1 || testViews > trainViews || size < 1 || size > 4096) {
            throw new IllegalArgumentException("a demo scene of " + trainViews + " training and " + testViews
                    + " held-out views of " + size + " pixels can't be made; it needs 1 or more of each,"
                    + " no more held out than trained on, and 1 to 4096 pixels");
        }
        List<Pose> train = new ArrayList<>();
        List<Pose> test = new ArrayList<>();
        int count = trainViews + testViews;
        for (int i = 0; i < count; i++) {
            // Held-out views stand evenly among the others: each in the middle of its share of the spiral.
            boolean heldOut = test.size() < testViews
                    && i == (2L * test.size() + 1) * count / (2L * testViews);
            (heldOut ? test : train).add(pose(i, count));
        }
        Tracer tracer = new Tracer(Stage.things());
        render(tracer, train, size, folder.resolve("train"));
        render(tracer, test, size, folder.resolve("test"));
        writeTransforms(folder, "test", test);
        writeTransforms(folder, "train", train);
    }

    /** One of {@code count} places spread evenly over a band of the upper hemisphere, on a golden spiral. */
    static Pose pose(int index, int count) {
        double height = LOWEST + (HIGHEST - LOWEST) * (index + 0.5) / count;
        double across = Math.sqrt(1 - height * height);
        double angle = index * Math.PI * (3 - Math.sqrt(5));
        Vec from = new Vec(across * Math.cos(angle), across * Math.sin(angle), height).times(DISTANCE).plus(TARGET);
        return Pose.lookAt(from.array(), TARGET.array(), new double[] {0, 0, 1});
    }

    /** The picture that the demo's camera takes from a pose. */
    static Picture picture(Tracer tracer, Pose pose, int size) {
        float focal = (float) (size / 2.0 / Math.tan(FIELD_OF_VIEW / 2));
        return tracer.render(Camera.perspective(size, size, focal, pose));
    }

    private static void render(Tracer tracer, List<Pose> poses, int size, Path folder) throws IOException {
        try {
            IntStream.range(0, poses.size()).parallel().forEach(i -> {
                try {
                    PictureFiles.writePng(picture(tracer, poses.get(i), size), folder.resolve("r_" + i + ".png"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void writeTransforms(Path folder, String split, List<Pose> poses) throws IOException {
        JsonMapper mapper = new JsonMapper();
        ObjectNode root = mapper.createObjectNode().put("camera_angle_x", FIELD_OF_VIEW);
        ArrayNode frames = root.putArray("frames");
        for (int i = 0; i < poses.size(); i++) {
            ArrayNode rows = frames.addObject().put("file_path", "./" + split + "/r_" + i).putArray("transform_matrix");
            for (int row = 0; row < 3; row++) {
                ArrayNode values = rows.addArray();
                for (int column = 0; column < 4; column++) {
                    values.add(poses.get(i).at(row, column));
                }
            }
            rows.addArray().add(0.0).add(0.0).add(0.0).add(1.0);
        }
        String name = "transforms_" + split + ".json";
        Path temporary = folder.resolve("." + name + ".tmp");
        Files.write(temporary, mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
