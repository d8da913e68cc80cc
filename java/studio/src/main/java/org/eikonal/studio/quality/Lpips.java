package org.eikonal.studio.quality;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eikonal.studio.recipe.ConfigException;

/**
 * LPIPS (Zhang et al. 2018): how far two pictures are apart in the eyes of a network that was trained to see what
 * people see. The network is the caller's, in ONNX: two inputs of shape {@code [1,3,height,width]}, red, green and blue
 * from -1 to 1, the truth first; one output of one number, 0 for equal pictures. It runs on the CPU in ONNX Runtime,
 * which is an optional dependency: {@code com.microsoft.onnxruntime:onnxruntime}. For one thread.
 */
public final class Lpips implements AutoCloseable {
    private final Path file;
    private final OnnxNetwork network;

    private Lpips(Path file, OnnxNetwork network) {
        this.file = file;
        this.network = network;
    }

    /**
     * Opens a network.
     *
     * @throws ConfigException in one line, if the file is no such network, or ONNX Runtime is not on the class path
     */
    public static Lpips open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw wrong(file, "no such file; name an LPIPS network in ONNX");
        }
        try {
            return new Lpips(file, OnnxNetwork.open(file));
        } catch (NoClassDefFoundError e) {
            throw wrong(file, "networks need ONNX Runtime, which is not on the class path; put its jar into the folder"
                    + " plugins beside the program: mvn dependency:copy"
                    + " -Dartifact=com.microsoft.onnxruntime:onnxruntime:1.29.0 -DoutputDirectory=plugins");
        } catch (OnnxNetwork.Fault e) {
            throw wrong(file, e.getMessage());
        }
    }

    /**
     * Measures a picture.
     *
     * @param truth {@code [height][width][3]}, stored sRGB of 0 to 1
     * @param picture of the same size
     * @return 0 for equal pictures; the larger, the farther apart
     * @throws ConfigException if the network does not take pictures of that size, or answers no number
     */
    public double of(float[] truth, float[] picture, int width, int height) {
        try {
            float distance = network.run(planes(truth), planes(picture), width, height);
            if (!Float.isFinite(distance)) {
                throw wrong(file, "it answers " + distance + "; take another network");
            }
            return distance;
        } catch (OnnxNetwork.Fault e) {
            throw wrong(file, e.getMessage());
        }
    }

    /** {@code [pixels][3]} of 0 to 1 to {@code [3][pixels]} of -1 to 1. */
    private static float[] planes(float[] picture) {
        float[] planes = new float[picture.length];
        int pixels = picture.length / 3;
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < 3; c++) {
                planes[c * pixels + i] = 2 * picture[3 * i + c] - 1;
            }
        }
        return planes;
    }

    private static ConfigException wrong(Path file, String problem) {
        return new ConfigException("--lpips " + file + ": " + problem);
    }

    @Override
    public void close() {
        network.close();
    }
}
