package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.eikonal.studio.image.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnimatedGifTest {
    @Test
    void framesComeBackInTheirOrderAndRepeat(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("orbit.gif");
        AnimatedGif.write(List.of(plain(1, 0, 0), plain(0, 1, 0), plain(0, 0, 1)), 7, file);
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
            reader.setInput(stream);
            assertEquals(3, reader.getNumImages(true));
            assertEquals(0xffff0000, reader.read(0).getRGB(3, 2));
            assertEquals(0xff00ff00, reader.read(1).getRGB(3, 2));
            assertEquals(0xff0000ff, reader.read(2).getRGB(3, 2));
        } finally {
            reader.dispose();
        }
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertEquals(2, bytes.split("NETSCAPE2.0", -1).length, "says once that it repeats");
    }

    private static Picture plain(float r, float g, float b) {
        float[] rgb = new float[8 * 6 * 3];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = r;
            rgb[i + 1] = g;
            rgb[i + 2] = b;
        }
        return Picture.ofRgb(8, 6, rgb);
    }
}
