package org.eikonal.studio.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.eikonal.studio.recipe.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LPIPS by networks whose answers can be computed here. */
class LpipsTest {
    @TempDir
    Path folder;

    private Path network(int height, int width, boolean mean) throws IOException {
        Path file = folder.resolve("network.onnx");
        OnnxModel.write(file, height, width, mean);
        return file;
    }

    private static float[] noise(int seed, int length) {
        Random random = new Random(seed);
        float[] picture = new float[length];
        for (int i = 0; i < length; i++) {
            picture[i] = random.nextFloat();
        }
        return picture;
    }

    @Test
    void theNetworkSeesPlanesOfMinusOneToOneTheTruthFirst() throws IOException {
        float[] truth = noise(1, 5 * 4 * 3);
        float[] picture = noise(2, 5 * 4 * 3);
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            sum += ((2.0 * truth[i] - 1) - (2.0 * picture[i] - 1)) * Math.pow(10, i % 3);
        }
        try (Lpips lpips = Lpips.open(network(0, 0, true))) {
            assertEquals(sum / truth.length, lpips.of(truth, picture, 5, 4), 1e-4);
            assertEquals(0, lpips.of(truth, truth, 5, 4));
            float[] larger = noise(3, 9 * 2 * 3);
            assertEquals(0, lpips.of(larger, larger, 9, 2), "pictures of another size");
        }
    }

    @Test
    void aNetworkOfOneSizeTakesNoOther() throws IOException {
        try (Lpips lpips = Lpips.open(network(4, 5, true))) {
            lpips.of(new float[60], new float[60], 5, 4);
            String message = assertThrows(ConfigException.class, () -> lpips.of(new float[60], new float[60], 4, 5))
                    .getMessage();
            assertTrue(message.contains("network.onnx: its input a has shape [1, 3, 4, 5], the picture [1, 3, 5, 4];"
                    + " export the network with a height and a width that may change"), message);
        }
    }

    @Test
    void whatAnswersNoNumberIsRefused() throws IOException {
        try (Lpips lpips = Lpips.open(network(0, 0, false))) {
            String message = assertThrows(ConfigException.class, () -> lpips.of(new float[60], new float[60], 5, 4))
                    .getMessage();
            assertTrue(message.contains("not one float; take the mean in the network"), message);
        }
        try (Lpips lpips = Lpips.open(network(0, 0, true))) {
            float[] none = new float[60];
            none[7] = Float.NaN;
            assertTrue(assertThrows(ConfigException.class, () -> lpips.of(none, new float[60], 5, 4)).getMessage()
                    .contains("it answers NaN"));
        }
    }

    @Test
    void whatIsNoNetworkIsToldInOneLine() throws IOException {
        byte[] whole = Files.readAllBytes(network(0, 0, true));
        for (int length = 0; length < whole.length; length += 1 + whole.length / 20) {
            Path file = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length));
            ConfigException e = assertThrows(ConfigException.class, () -> Lpips.open(file));
            assertTrue(e.getMessage().startsWith("--lpips " + file + ": "), e.getMessage());
        }
        Path colour = network(4, 5, true);
        byte[] two = Files.readAllBytes(colour);
        for (int i = 0; i + 3 < two.length; i++) {
            if (two[i] == 8 && two[i + 1] == 3 && two[i + 2] == 10) { // the first dim_value 3: planes of a
                two[i + 1] = 2;
                break;
            }
        }
        Files.write(colour, two);
        assertThrows(ConfigException.class, () -> Lpips.open(colour));
        assertTrue(assertThrows(ConfigException.class, () -> Lpips.open(folder.resolve("none.onnx"))).getMessage()
                .contains("no such file"));
    }

    /** On a class path as users have it. */
    @Test
    void withoutOnnxRuntimeTheWayToItIsTold() throws Exception {
        Path file = network(0, 0, true);
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("onnxruntime")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> lpips = loader.loadClass(Lpips.class.getName());
            Throwable e = assertThrows(InvocationTargetException.class,
                    () -> lpips.getMethod("open", Path.class).invoke(null, file)).getCause();
            assertTrue(e.getMessage().contains("network.onnx: networks need ONNX Runtime, which is not on the class"
                    + " path; put its jar into the folder plugins"), e.toString());
            String version = e.getMessage().replaceFirst(".*onnxruntime:([0-9.]+) .*", "$1");
            String pom = Files.readString(Path.of("../../pom.xml"));
            assertTrue(pom.contains("<onnxruntime.version>" + version + "</onnxruntime.version>"), version);
        }
    }
}
