package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskTest {
    @TempDir
    Path folder;

    /** A grey picture from its bytes, row by row. */
    private Path grey(String name, int width, int... values) throws IOException {
        byte[] rgba = new byte[values.length * 4];
        for (int i = 0; i < rgba.length; i++) {
            rgba[i] = (byte) (i % 4 == 3 ? 255 : values[i / 4]);
        }
        PictureFiles.writePng(new Picture(width, values.length / width, rgba), folder.resolve(name));
        return folder.resolve(name);
    }

    private SceneFixture photos(String... frames) {
        SceneFixture fixture = new SceneFixture(folder).image("a.png", 4, 2).image("b.png", 4, 2);
        return fixture.transforms("\"fl_x\":5", frames);
    }

    private byte[] mask(String name) throws IOException {
        View view = Scenes.open(folder).views().stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
        return view.countingPixels();
    }

    @Test
    void nerfstudiosMaskPathHidesWhatIsBlack() throws IOException {
        grey("m.png", 4, 0, 255, 1, 128, 0, 0, 255, 0);
        photos(SceneFixture.frame("a.png", 0, "\"mask_path\":\"m.png\""), SceneFixture.frame("b.png", 1));
        assertArrayEquals(new byte[] {0, 1, 1, 1, 0, 0, 1, 0}, mask("a"));
        assertNull(mask("b"));
    }

    @Test
    void instantNgpsDynamicMaskHidesWhatIsNotBlack() throws IOException {
        grey("dynamic_mask_b.png", 4, 0, 255, 1, 128, 0, 0, 255, 0);
        photos(SceneFixture.frame("a.png", 0), SceneFixture.frame("b", 1));
        assertArrayEquals(new byte[] {1, 0, 0, 0, 1, 1, 0, 1}, mask("b"));
        assertNull(mask("a"));
    }

    @Test
    void aScaledMaskIsTakenAtThePixelsMiddles() throws IOException {
        grey("m.png", 2, 0, 255);
        grey("dynamic_mask_b.png", 8,
                0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0);
        photos(SceneFixture.frame("a.png", 0, "\"mask_path\":\"m\""), SceneFixture.frame("b.png", 1));
        assertArrayEquals(new byte[] {0, 0, 1, 1, 0, 0, 1, 1}, mask("a"));
        // A pixel's middle lies in the mask's odd rows and columns.
        assertArrayEquals(new byte[] {1, 1, 1, 1, 1, 0, 1, 1}, mask("b"));
    }

    @Test
    void aMaskLiesAsItsPhotoDoesStoredOrTurned() throws IOException {
        Camera upright = Camera.perspective(2, 4, 5, Pose.IDENTITY);
        byte[] expected = {0, 1, 1, 1, 1, 1, 1, 1};
        Mask turned = new Mask(grey("turned.png", 2, 0, 1, 1, 1, 1, 1, 1, 1), true);
        assertArrayEquals(expected, turned.pixels(Orientation.CLOCKWISE, upright));
        // Turned clockwise, the stored picture's lower left corner comes to the upper left.
        Mask stored = new Mask(grey("stored.png", 4, 1, 1, 1, 1, 0, 1, 1, 1), true);
        assertArrayEquals(expected, stored.pixels(Orientation.CLOCKWISE, upright));
    }

    @Test
    void colmapsMasksAreNamedAfterThePhotoWithItsSuffixOrWithout() throws IOException {
        Files.createDirectories(folder.resolve("sparse"));
        Files.writeString(folder.resolve("sparse/cameras.txt"), "1 SIMPLE_PINHOLE 4 2 5 2 1\n");
        Files.writeString(folder.resolve("sparse/images.txt"), "1 1 0 0 0 0 0 0 1 p/a.png\n\n2 1 0 0 0 0 0 1 1 b.png\n\n"
                + "3 1 0 0 0 0 0 2 1 c.png\n\n");
        Files.writeString(folder.resolve("sparse/points3D.txt"), "");
        SceneFixture fixture = new SceneFixture(folder);
        for (String name : List.of("p/a", "b", "c")) {
            fixture.image("images/" + name + ".png", 4, 2);
        }
        grey("masks/p/a.png.png", 4, 0, 1, 1, 1, 1, 1, 1, 1);
        grey("masks/p/a.png", 4, 1, 0, 1, 1, 1, 1, 1, 1);
        grey("masks/b.png", 4, 1, 1, 0, 1, 1, 1, 1, 1);
        assertArrayEquals(new byte[] {0, 1, 1, 1, 1, 1, 1, 1}, mask("a"));
        assertArrayEquals(new byte[] {1, 1, 0, 1, 1, 1, 1, 1}, mask("b"));
        assertNull(mask("c"));
    }

    private void refused(String frame, String... parts) {
        photos(SceneFixture.frame("b.png", 1), SceneFixture.frame("a.png", 0, frame));
        String message = assertThrows(SceneException.class, () -> Scenes.open(folder)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void wrongMasksAreNamed() throws IOException {
        refused("\"mask_path\":\"nowhere.png\"", "frames[1].mask_path is", "nowhere.png", "no such image");
        refused("\"mask_path\":\"../m.png\"", "frames[1].mask_path is", "out of the scene folder");
        refused("\"mask_path\":5", "frames[1].mask_path is 5", "write a string");
        grey("tall.png", 2, 1, 1, 1, 1, 1, 1, 1, 1);
        refused("\"mask_path\":\"tall.png\"", "tall.png", "2x4", "4x2");
        Files.writeString(folder.resolve("text.png"), "text");
        refused("\"mask_path\":\"text.png\"", "text.png", "no picture");
        Files.createSymbolicLink(folder.resolve("dynamic_mask_a.png"), Path.of("/dev/../etc/hostname"));
        refused("\"w\":4", "dynamic_mask_a.png", "link out of the scene folder");
    }

    @Test
    void aMaskThatHidesEverythingIsNamed() throws IOException {
        grey("black.png", 4, new int[8]);
        photos(SceneFixture.frame("a.png", 0, "\"mask_path\":\"black.png\""), SceneFixture.frame("b.png", 1));
        String message = assertThrows(IOException.class, () -> mask("a")).getMessage();
        assertTrue(message.contains("black.png") && message.contains("hides its whole photo"), message);
    }
}
