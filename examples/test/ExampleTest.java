import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example of a language, {@code example.main}, and looks at what it said and made. */
class ExampleTest {
    private static final String NUMBER = "([0-9.E+-]+)";

    @TempDir
    static Path folder;

    private static String said;

    @BeforeAll
    static void run() throws Exception {
        Locale.setDefault(Locale.ROOT); // numbers with points
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            List<String> words = new ArrayList<>(List.of(System.getProperty("example.main").split(" ")));
            Class<?> main = Class.forName(words.remove(0));
            words.add(folder.toString());
            main.getMethod("main", String[].class).invoke(null, (Object) words.toArray(String[]::new));
        } finally {
            System.out.flush();
            System.setOut(out);
        }
        said = bytes.toString(StandardCharsets.UTF_8);
    }

    private static double number(String pattern) {
        Matcher matcher = Pattern.compile(pattern.replace("#", NUMBER)).matcher(said);
        assertTrue(matcher.find(), said);
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void trainingIsHeardOfAndEndsWhereItShould() {
        assertTrue(Pattern.compile("step 200:? loss ").matcher(said).find(), said);
    }

    @Test
    void heldOutPhotosAreMetWell() throws Exception {
        assertTrue(number("held out: # dB") > 16, said);
        BufferedImage picture = ImageIO.read(folder.resolve("picture.png").toFile());
        BufferedImage truth = ImageIO.read(folder.resolve("scene/test/r_0.png").toFile());
        double sum = 0;
        for (int i = 0; i < 48 * 48; i++) {
            int seen = picture.getRGB(i % 48, i / 48);
            int photo = truth.getRGB(i % 48, i / 48);
            double alpha = (photo >>> 24) / 255.0;
            for (int shift = 0; shift < 24; shift += 8) {
                double wanted = (photo >> shift & 255) / 255.0 * alpha + 1 - alpha;
                sum += Math.pow((seen >> shift & 255) / 255.0 - wanted, 2) / 3;
            }
        }
        double psnr = -10 * Math.log10(sum / (48 * 48));
        assertEquals(psnr, number("r_0:? # dB"), 0.05, said);
    }

    @Test
    void theMeshIsGltf() throws Exception {
        ByteBuffer glb = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("mesh.glb"))).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x46546c67, glb.getInt(0), "glTF");
        assertEquals(glb.limit(), glb.getInt(8));
        assertTrue(number("# triangles") > 1000, said);
    }

    @Test
    void theFieldKnowsWhatIsSolid() {
        assertTrue(new File(folder.toFile(), "field.safetensors").length() > 1 << 20);
        assertTrue(number("density: # in the pedestal") > 5 * number("in the pedestal, # in the air"), said);
    }
}
