package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneFormatTest {
    @TempDir
    Path folder;

    @Test
    void formatsOnTheClassPathAreFoundAfterOurs() throws IOException {
        assertEquals(List.of("Blender, instant-ngp, nerfstudio", "COLMAP", "LLFF", "a list"),
                Scenes.formats().stream().map(SceneFormat::name).toList());
        new SceneFixture(folder).image("a.png", 8, 6).image("b.png", 8, 6);
        Files.writeString(folder.resolve("list.of.photos"), "a\nb.png\nc.png\n");
        Scene scene = Scenes.open(folder);
        assertEquals("a list", scene.format());
        assertEquals(List.of("a", "b"), scene.views().stream().map(View::name).toList());
        assertEquals(List.of(new Skipped("c.png", "gone")), scene.skipped());
    }

    @Test
    void anErrorSaysWhatWasLookedFor() {
        assertEquals(folder + ": neither transforms_train.json nor transforms.json (Blender, instant-ngp, nerfstudio)"
                + " nor sparse/0/cameras.bin nor sparse/cameras.bin nor sparse/0/cameras.txt nor sparse/cameras.txt"
                + " nor eikonal-colmap/sparse/0/cameras.bin (COLMAP) nor poses_bounds.npy (LLFF) nor list.of.photos (a"
                + " list) is there; a scene is a folder with one of them, which holds the photos' poses: 'eikonal"
                + " scene' has COLMAP estimate those of a folder of photos, or of a film",
                assertThrows(SceneException.class, () -> Scenes.open(folder)).getMessage());
    }
}
