package org.eikonal.studio.scene;

import static org.eikonal.studio.scene.SceneFixture.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eikonal.studio.image.PngBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenes that are damaged or mean harm: one clear line each, and no file outside the folder is touched. */
class HostileScenesTest {
    @TempDir
    Path outside;

    private Path folder;
    private SceneFixture fixture;

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createDirectory(outside.resolve("scene"));
        fixture = new SceneFixture(folder).image("a.png", 8, 6).image("b.png", 8, 6).image("../secret.png", 8, 6);
    }

    @Test
    void foldersWithoutAScene() {
        assertRefused(folder.resolve("nowhere"), "no such folder");
        assertRefused(folder, "transforms.json");
        assertRefused(folder.resolve("a.png"), "it is a file; name the folder of the scene");
    }

    @Test
    void truncatedJsonIsNamedWithItsPosition() {
        fixture.json("transforms.json", "{\"fl_x\":5,\n\"frames\":[{\"file_path\":\"a");
        assertRefused(folder, "transforms.json", "line 2, column", "it ends in the middle");
        fixture.json("transforms.json", "");
        assertRefused(folder, "transforms.json", "no JSON object");
        fixture.json("transforms.json", "{\"frames\":[]} trailing");
        assertRefused(folder, "transforms.json", "line 1");
        fixture.json("transforms.json", "[".repeat(5000));
        assertRefused(folder, "transforms.json", "damaged JSON", "nesting depth (1001) exceeds");
    }

    @Test
    void emptyScenes() {
        fixture.transforms("\"fl_x\":5");
        assertRefused(folder, "frames", "no frames");
        fixture.json("transforms.json", "{\"fl_x\":5}");
        assertRefused(folder, "frames", "missing");
        fixture.transforms("\"fl_x\":5", frame("gone1.png", 0), frame("gone2.png", 0));
        assertRefused(folder, "frames is 0 with an image, 2 without one; no image remains");
        // The first image is always held out, so that one image leaves none to train on.
        fixture.transforms("\"fl_x\":5", frame("a.png", 0));
        assertRefused(folder, "frames is 1 with an image, 0 without one", "the only image is held out", "add photos");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "[[1,0,0,NaN],[0,1,0,0],[0,0,1,4],[0,0,0,1]]       | frames[1].transform_matrix[0][3] is NaN",
        "[[1,0,0,0],[0,1,0,-Infinity],[0,0,1,4],[0,0,0,1]] | frames[1].transform_matrix[1][3]",
        "[[1,0,0,0],[0,1,0,1e999],[0,0,1,4],[0,0,0,1]]     | frames[1].transform_matrix[1][3]",
        "[[1,0,0,0],[0,1,0,'x'],[0,0,1,4],[0,0,0,1]]       | frames[1].transform_matrix[1][3]",
        "[[1,0,0],[0,1,0],[0,0,1],[0,0,0]]                 | frames[1].transform_matrix[0]",
        "[[1,0,0,0],[0,1,0,0]]                             | frames[1].transform_matrix",
        "[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,4,1]]         | frames[1].transform_matrix[3]",
        "[[1,0,0,0],[1,0,0,0],[0,0,1,4]]                   | frames[1]: the 3x3 part",
        "[[1,0,0,1e300],[0,1,0,0],[0,0,1,4]]               | frames[1]: transform_matrix puts the camera Infinity",
        "[[1,0,0,2e9],[0,1,0,0],[0,0,1,4]]                 | frames[1]: transform_matrix puts the camera 2.0E9 units",
        "[[1e-30,0,0,0],[0,1e-30,0,0],[0,0,1e-30,4]]       | frames[1]: transform_matrix has an axis of length 1.0E-30",
        "[[1e40,0,0,0],[0,1e40,0,0],[0,0,1e40,4]]          | frames[1]: transform_matrix has an axis of length 1.0E40",
        "7                                                 | frames[1].transform_matrix is 7",
        "null                                              | frames[1].transform_matrix",
    })
    void badPosesAreNamed(String matrix, String expected) {
        fixture.transforms("\"fl_x\":5", frame("a.png", 0),
                "{\"file_path\":\"b.png\",\"transform_matrix\":" + matrix.replace('\'', '"') + "}");
        assertRefused(folder, "transforms.json", expected);
    }

    @Test
    void matricesOfThreeRowsAreFine() {
        fixture.transforms("\"fl_x\":5", frame("a.png", 0),
                "{\"file_path\":\"b.png\",\"transform_matrix\":[[1,0,0,7],[0,1,0,0],[0,0,1,4]]}");
        assertEquals(7, Scenes.open(folder).views(Split.TRAIN).get(0).camera().pose().at(0, 3));
    }

    @ParameterizedTest
    @CsvSource({"../secret.png", "../secret", "sub/../../secret.png", "/etc/hostname", "../../../../etc/passwd"})
    void pathsThatLeaveTheFolderAreRefused(String path) {
        fixture.transforms("\"fl_x\":5", frame("a.png", 0), frame(path, 0));
        assertRefused(folder, "transforms.json", "frames[1].file_path", path, "leads out of the scene folder");
    }

    @Test
    void linksThatLeaveTheFolderAreRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.png"), outside.resolve("secret.png"));
        Files.createSymbolicLink(folder.resolve("up"), outside);
        Files.createSymbolicLink(folder.resolve("inside.png"), folder.resolve("b.png"));
        for (String path : new String[] {"link.png", "link", "up/secret.png"}) {
            fixture.transforms("\"fl_x\":5", frame("a.png", 0), frame(path, 0));
            assertRefused(folder, "frames[1].file_path", path, "leads out of the scene folder");
        }
        fixture.transforms("\"fl_x\":5", frame("a.png", 0), frame("inside.png", 0));
        assertEquals(1, Scenes.open(folder).views(Split.TRAIN).size());
        // A scene reached through a link is itself fine.
        Path link = Files.createSymbolicLink(outside.resolve("alias"), folder);
        assertEquals(folder.toRealPath(), Scenes.open(link).folder());
        Files.delete(folder.resolve("transforms.json"));
        Files.writeString(outside.resolve("other.json"), "{\"secret\":1}");
        Files.createSymbolicLink(folder.resolve("transforms.json"), outside.resolve("other.json"));
        assertRefused(folder, "link out of the scene folder");
    }

    @Test
    void oddNamesAreOneLineToo() {
        fixture.transforms("\"fl_x\":5", frame("a.png", 0), frame("x\\u0000.png", 0));
        assertRefused(folder, "frames[1].file_path");
        fixture.transforms("\"fl_x\":5", frame("a.png", 0), frame("../evil\\n\\u001b[31mname.png", 0));
        assertRefused(folder, "frames[1].file_path");
        fixture.transforms("\"fl_x\":5", frame("", 0), frame(".", 0), frame("a.png", 0), frame("b.png", 0));
        assertEquals(2, Scenes.open(folder).skipped().size());
        fixture.transforms("\"fl_x\":5", "{\"transform_matrix\":" + SceneFixture.pose(0) + "}");
        assertRefused(folder, "frames[0].file_path is missing");
        fixture.transforms("\"fl_x\":5", "7");
        assertRefused(folder, "frames[0]");
    }

    @Test
    void imagesThatAreNone() throws IOException {
        Files.writeString(folder.resolve("b.png"), "no picture");
        fixture.transforms("\"fl_x\":5", frame("a.png", 0), frame("b.png", 0));
        assertRefused(folder, "transforms.json", "frames[1].file_path", "b.png", "no picture");
        Files.write(folder.resolve("b.png"), PngBytes.claiming(200000, 200000));
        assertRefused(folder, "frames[1].file_path", "200000x200000");
        Files.write(folder.resolve("b.png"), PngBytes.claiming(16000, 16000));
        assertRefused(folder, "frames[1].file_path", "16000x16000", "bytes can't hold");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "'fl_x':0                                  | fl_x is 0; the focal length must be 0.001 to 1e9 pixels",
        "'fl_x':-5                                 | fl_x is -5; the focal length",
        "'fl_x':1e-40                              | fl_x is 1.0E-40; the focal length",
        "'fl_x':1e39                               | fl_x is 1.0E39; the focal length",
        "'camera_angle_x':1e-300                   | camera_angle_x is 1.0E-300; the focal length",
        "'camera_angle_x':0                        | camera_angle_x is 0; write the field of view",
        "'fl_x':5,'cx':1e300                       | frames[0]: camera cx is Infinity",
        "'fl_x':5,'k1':1e300                       | frames[0]: distortion k1 is Infinity",
        "'fl_x':NaN                                | fl_x is NaN",
        "'fl_x':'5'                                | fl_x is",
        "'cx':1                                    | frames[0].fl_x is missing",
        "'camera_angle_x':3.2                      | camera_angle_x is 3.2",
        "'fl_x':5,'is_fisheye':true,'k6':0.1       | k6",
        "'fl_x':5,'is_fisheye':true,'p1':0.1       | p1",
        "'fl_x':5,'is_fisheye':1                   | is_fisheye is 1",
        "'fl_x':5,'camera_model':'EQUIRECTANGULAR' | camera_model is",
        "'fl_x':5,'w':8,'h':8                      | frames[0].w, h is 8x8; the image has 8x6",
        "'fl_x':5,'w':8.5                          | w is 8.5",
        "'fl_x':5,'w':0                            | w is 0",
        "'fl_x':5,'w':8000000000,'h':6000000000    | w is 8000000000",
        "'fl_x':5,'aabb_scale':0                   | aabb_scale is 0; write a whole number from 1 to 128",
        "'fl_x':5,'aabb_scale':3                   | aabb_scale is 3",
        "'fl_x':5,'aabb_scale':256                 | aabb_scale is 256",
        "'fl_x':5,'aabb_scale':4294967297          | aabb_scale is 4294967297",
        "'fl_x':5,'scale':0                        | scale is 0.0; it must be 1e-9 to 1e9",
        "'fl_x':5,'scale':-1                       | scale is -1",
        "'fl_x':5,'scale':1e-300                   | scale is 1.0E-300",
        "'fl_x':5,'scale':1e300                    | scale is 1.0E300",
        "'fl_x':5,'offset':[0,0,1e300]             | offset is 0.0, 0.0, 1.0E300; each must be -1e9 to 1e9",
        "'fl_x':5,'offset':[0,0]                   | offset is",
    })
    void badNumbersAreNamed(String keys, String expected) {
        fixture.transforms(keys.replace('\'', '"'), frame("a.png", 0), frame("b.png", 0));
        assertRefused(folder, "transforms.json", expected);
    }

    @Test
    void limitsOnSizeAndFrames() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("transforms.json").toFile(), "rw")) {
            file.setLength(JsonObject.MAX_BYTES + 1);
        }
        assertRefused(folder, "transforms.json", "limit");
        // A small file that takes a lot of memory once it is read.
        fixture.json("transforms.json", "{\"frames\":[1" + ",1".repeat(8_000_000) + "]}");
        assertRefused(folder, "transforms.json", "exceeds the maximum allowed (8000000)");
        fixture.json("transforms.json", "{\"frames\":[{}" + ",{}".repeat(Scenes.MAX_FRAMES) + "]}");
        assertRefused(folder, "transforms.json", "frames is 100001 long", "limit");
    }

    @Test
    void heldOutPhotosNeverTrain() {
        fixture.json("transforms_train.json", "{\"fl_x\":5,\"frames\":[" + frame("a.png", 0) + "]}");
        fixture.json("transforms_test.json", "{\"fl_x\":5,\"frames\":[" + frame("./a.png", 0) + "]}");
        assertRefused(folder, "a.png", "held out");
        Path json = folder.resolve("transforms_test.json");
        fixture.json(json.getFileName().toString(), "{\"fl_x\":5,\"frames\":[" + frame("b.png", 0) + "]}");
        assertEquals(1, Scenes.open(folder).views(Split.TEST).size());
    }

    private static void assertRefused(Path scene, String... parts) {
        String message = assertThrows(SceneException.class, () -> Scenes.open(scene)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), "'" + part + "' is not in: " + message);
        }
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
        assertTrue(message.length() < 600, message);
    }
}
