package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.studio.image.Picture;
import org.junit.jupiter.api.Test;

class SceneMapTest {
    private static final int LEFT = 20;
    private static final int TOP = 56;
    private static final int SIDE = 760;

    private static Scene scene(List<View> views, UnitCube cube, SparsePoints points) {
        return new Scene("s", Path.of("/s"), "none", views, cube, points, List.of());
    }

    private static View view(double x, double y, double z, Split split) {
        return new View("v", Path.of("/s/v.png"), Camera.perspective(40, 40, 40,
                Pose.lookAt(new double[] {x, y, z}, new double[] {0, 0, z - 1e-6}, new double[] {0, 0, 1})), split);
    }

    /** So many pixels of the picture's parts whose colour is nearly the given. */
    private static int count(Picture picture, int x, int y, int width, int height, int rgb) {
        int count = 0;
        for (int row = y; row < y + height; row++) {
            for (int column = x; column < x + width; column++) {
                int at = 4 * (row * picture.width() + column);
                boolean same = true;
                for (int c = 0; c < 3; c++) {
                    same &= Math.abs((picture.rgba()[at + c] & 255) - (rgb >> 16 - 8 * c & 255)) < 30;
                }
                count += same ? 1 : 0;
            }
        }
        return count;
    }

    /** Cameras at both ends of the x axis, far apart, and one of the test split at one end of y. */
    @Test
    void camerasAreWhereTheyStand() {
        Scene scene = scene(List.of(view(4, 0, 0, Split.TRAIN), view(-4, 0, 0, Split.TRAIN), view(0, 2, 0, Split.TEST)),
                new UnitCube(0.25, 0.5, 0.5, 0.5, 1), SparsePoints.NONE);
        Picture picture = SceneMap.draw(scene);
        int train = 0x6db3f2;
        int test = 0xffb454;
        // From above: one train camera in the left third, one in the right third, in the middle row; none elsewhere.
        assertTrue(count(picture, LEFT, TOP + 300, 150, 160, train) > 20);
        assertTrue(count(picture, LEFT + SIDE - 150, TOP + 300, 150, 160, train) > 20);
        assertEquals(0, count(picture, LEFT + 200, TOP, 360, SIDE, train));
        // The test camera, above or below the middle in this panel, on the middle line in the other.
        assertEquals(0, count(picture, LEFT + 300, TOP + 340, 160, 80, test));
        assertTrue(count(picture, LEFT + 300, TOP + 100, 160, 560, test) > 20);
        int right = 2 * LEFT + SIDE;
        assertTrue(count(picture, right + 300, TOP + 300, 160, 160, test) > 20);
    }

    @Test
    void pointsHaveTheirColoursAndOthersTheBox() {
        double[] xyz = {1, 0, 0, -1, 0, 0};
        Scene scene = scene(List.of(view(4, 0, 0, Split.TRAIN), view(-4, 0, 0, Split.TRAIN)),
                new UnitCube(0.25, 0.5, 0.5, 0.5, 4),
                new SparsePoints(xyz, new byte[] {-1, 0, 0, 0, -1, 0}, new double[2]));
        Picture picture = SceneMap.draw(scene);
        int middle = LEFT + SIDE / 2;
        int red = count(picture, LEFT, TOP, SIDE / 2, SIDE, 0xff4646);
        int green = count(picture, LEFT, TOP, SIDE / 2, SIDE, 0x46ff46);
        assertTrue(red + green > 0 && red * green == 0, red + " " + green); // one of them on each side
        assertTrue(count(picture, middle, TOP, SIDE / 2, SIDE, red > 0 ? 0x46ff46 : 0xff4646) > 0);
        assertTrue(count(picture, LEFT, TOP, SIDE, SIDE, 0xb48ef0) > 500, "the box");
        assertTrue(count(picture, LEFT, TOP, SIDE, SIDE, 0xe07a9a) > 100, "the unit cube");
    }

    @Test
    void oddScenesAreDrawnToo() {
        List<View> fisheyes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            fisheyes.add(new View("f" + i, Path.of("/s/f.png"), new Camera(100, 100, Lens.FISHEYE, 20, 20, 50, 50,
                    Distortion.NONE, new Pose(0.01, 0, 0, 5e8, 0, 0.01, 0, 0, 0, 0, 0.01, 0)), Split.TEST));
        }
        SceneMap.draw(scene(fisheyes, new UnitCube(1e-9, 0, 0, 0, 128), SparsePoints.NONE));
        SceneMap.draw(scene(fisheyes.subList(0, 1), new UnitCube(1e9, 0, 0, 0, 1), SparsePoints.NONE));
    }
}
