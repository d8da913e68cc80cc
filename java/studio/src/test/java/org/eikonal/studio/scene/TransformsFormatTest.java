package org.eikonal.studio.scene;

import static org.eikonal.studio.scene.SceneFixture.frame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eikonal.studio.image.ExrFile;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.OrientationTest;
import org.eikonal.studio.image.Picture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformsFormatTest {
    @TempDir
    Path folder;

    private SceneFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new SceneFixture(folder).image("a.png", 8, 6).image("b.png", 8, 6).image("c.png", 8, 6)
                .image("d.png", 8, 6);
    }

    private void scene(String lists) {
        fixture.transforms("\"fl_x\":5," + lists, frame("a.png", 0), frame("b.png", 0), frame("c.png", 0),
                frame("d.png", 0));
    }

    private static List<String> names(Scene scene, Split split) {
        return scene.views(split).stream().map(View::name).toList();
    }

    @Test
    void nerfstudiosListsSayWhatIsHeldOut() {
        scene("\"train_filenames\":[\"b.png\",\"a.png\"],\"val_filenames\":[\"c.png\"],\"test_filenames\":[\"c.png\"]");
        Scene scene = Scenes.open(folder);
        assertEquals(List.of("a", "b"), names(scene, Split.TRAIN));
        assertEquals(List.of(), names(scene, Split.VAL));
        assertEquals(List.of("c"), names(scene, Split.TEST));
        assertEquals(List.of(new Skipped("d.png", "it is in none of train_filenames, val_filenames, test_filenames")),
                scene.skipped());
    }

    @Test
    void listsThatCannotBeMeant() {
        scene("\"train_filenames\":[\"a.png\",\"b.png\"],\"test_filenames\":[\"b.png\"]");
        assertRefused("test_filenames is b.png; it is in train_filenames as well");
        scene("\"train_filenames\":[\"a.png\",7]");
        assertRefused("train_filenames[1] is 7; write a string");
        scene("\"train_filenames\":\"a.png\"");
        assertRefused("train_filenames is \"a.png\"; write an array");
        scene("\"train_filenames\":[]");
        assertRefused("no image remains");
    }

    private View jpeg(int orientation, String keys) throws IOException {
        Files.write(folder.resolve("e.jpg"), OrientationTest.jpeg(16, 8, orientation));
        fixture.transforms(keys, frame("a.png", 0, "\"w\":8,\"h\":6"), frame("e.jpg", 0));
        return Scenes.open(folder).views(Split.TRAIN).get(0);
    }

    @Test
    void photosAreTurnedAsExifSays() throws IOException {
        View view = jpeg(6, "\"camera_angle_y\":1");
        assertEquals(Orientation.CLOCKWISE, view.orientation());
        assertEquals("8x16", view.camera().width() + "x" + view.camera().height());
        assertEquals(8 / Math.tan(0.5), view.camera().fy(), 1e-5);
        Picture picture = view.picture();
        assertEquals("8x16", picture.width() + "x" + picture.height());
        // The red pixel, stored at the upper left, is seen at the upper right.
        assertTrue((picture.rgba()[4 * 7] & 255) > (picture.rgba()[0] & 255) + 30);
    }

    @Test
    void photosMayBeExr() throws IOException {
        Map<String, float[]> light = Map.of("R", new float[48], "G", new float[48], "B", new float[48]);
        Arrays.fill(light.get("G"), 0.21586f); // sRGB's 0.502
        Files.write(folder.resolve("e.exr"), ExrFile.encode(8, 6, light));
        fixture.transforms("\"fl_x\":5", frame("a.png", 0), frame("e.exr", 0), frame("e", 1));
        List<View> views = Scenes.open(folder).views(Split.TRAIN);
        assertEquals(2, views.size());
        for (View view : views) {
            assertEquals("8x6", view.camera().width() + "x" + view.camera().height());
            assertArrayEquals(new byte[] {0, (byte) 128, 0, -1}, Arrays.copyOf(view.picture().rgba(), 4));
        }
    }

    /** w and h say which way the pixels lie that the pose is of. */
    @Test
    void photosOfTheSizeThatIsNamedAreNotTurned() throws IOException {
        View stored = jpeg(6, "\"fl_x\":20,\"w\":32,\"h\":16");
        assertEquals(Orientation.NORMAL, stored.orientation());
        assertEquals("16x8", stored.camera().width() + "x" + stored.camera().height());
        assertEquals(16, stored.picture().width());
        View turned = jpeg(8, "\"fl_x\":20,\"w\":16,\"h\":32");
        assertEquals(Orientation.COUNTERCLOCKWISE, turned.orientation());
        assertEquals("8x16", turned.camera().width() + "x" + turned.camera().height());
        assertEquals(Orientation.NORMAL, jpeg(3, "\"fl_x\":20,\"w\":16,\"h\":8").orientation());
        assertEquals(Orientation.HALF_TURN, jpeg(3, "\"fl_x\":20").orientation());
        assertRefused(() -> jpeg(6, "\"fl_x\":20,\"w\":20,\"h\":20"), "w, h is 20x20; the image has 8x16 pixels");
    }

    @Test
    void convertedScenesOpenToTheSameViews() throws IOException {
        Files.createDirectories(folder.resolve("photos"));
        Files.write(folder.resolve("e.jpg"), OrientationTest.jpeg(16, 8, 6));
        fixture.json("transforms_train.json", "{\"camera_angle_x\":0.7,\"aabb_scale\":4,\"offset\":[0.1,0.2,0.3],"
                + "\"k1\":0.1,\"frames\":[" + frame("a", 0.1, "\"mask_path\":\"m.png\"") + "," + frame("b", 1 / 3.0) + "," + frame("e", 7) + "]}");
        fixture.json("transforms_val.json", "{\"fl_x\":10,\"is_fisheye\":true,\"k4\":0.25,\"frames\":["
                + frame("c", 1e-7) + "]}");
        fixture.image("m.png", 8, 6).image("dynamic_mask_b.png", 8, 6);
        fixture.json("transforms_test.json", "{\"fl_x\":10,\"cx\":3,\"p1\":0.01,\"k4\":1,\"k5\":0.5,\"k6\":0.2,\"frames\":[" + frame("d", 2) + "]}");
        Scene scene = Scenes.open(folder);
        Path file = folder.resolve("transforms.json");
        TransformsFile.write(scene, file);
        for (String name : List.of("train", "val", "test")) {
            Files.delete(folder.resolve("transforms_" + name + ".json"));
        }
        Scene read = Scenes.open(folder);
        assertEquals(scene.views(), read.views());
        assertEquals(2, read.views().stream().filter(view -> view.mask() != null).count());
        assertEquals(0.2f, read.views(Split.TEST).get(0).camera().distortion().k6());
        assertEquals(scene.cube(), read.cube());
        assertRefused(() -> TransformsFile.write(scene, file), "transforms.json: it is already there");
        assertRefused(() -> TransformsFile.write(scene, folder.resolve("photos/transforms.json")),
                "are not below its folder", "write to " + folder.toRealPath().resolve("transforms.json"));
        assertRefused(() -> TransformsFile.write(scene, folder.resolve("nowhere/transforms.json")), "no such folder");
    }

    @Test
    void whatTransformsJsonCannotTellIsRefused() throws IOException {
        jpeg(4, "\"fl_x\":20");
        Scene scene = Scenes.open(folder);
        assertRefused(() -> TransformsFile.write(scene, folder.resolve("new.json")),
                "e.jpg: it is mirrored by its EXIF orientation");
        assertFalse(Files.exists(folder.resolve("new.json")));
    }

    @Test
    void halfATurnIsWrittenAsThePhotoLies() throws IOException {
        View turned = jpeg(3, "\"fl_x\":20,\"cx\":7,\"cy\":3,\"p1\":0.01");
        Scene scene = Scenes.open(folder);
        Files.delete(folder.resolve("transforms.json"));
        TransformsFile.write(scene, folder.resolve("transforms.json"));
        View read = Scenes.open(folder).views(Split.TRAIN).get(0);
        assertEquals(Orientation.HALF_TURN, turned.orientation());
        assertEquals(Orientation.NORMAL, read.orientation());
        assertEquals(16 - 7, read.camera().cx());
        assertEquals(-0.01f, read.camera().distortion().p1());
        assertEquals(-turned.camera().pose().at(0, 0), read.camera().pose().at(0, 0));
    }

    private interface Act {
        void run() throws IOException;
    }

    private void assertRefused(String part) {
        assertRefused(() -> Scenes.open(folder), part);
    }

    private static void assertRefused(Act act, String... parts) {
        String message = assertThrows(SceneException.class, act::run).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
