package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.studio.recipe.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextureAtlasTest {
    /** Whatever is sampled within a triangle, each of the four texels about it is the triangle's own. */
    @ParameterizedTest
    @CsvSource({"1, 64", "2, 64", "3, 64", "7, 64", "31, 64", "512, 64", "511, 128", "2000, 256", "450, 64"})
    void aTrianglesTexelsAreItsOwn(int triangles, int size) {
        TextureAtlas atlas = TextureAtlas.of(triangles, size);
        float[] at = atlas.coordinates();
        int[] owner = new int[size * size];
        int steps = 3 * atlas.legs() + 1;
        for (int triangle = 0; triangle < triangles; triangle++) {
            for (int a = 0; a <= steps; a++) {
                for (int b = 0; a + b <= steps; b++) {
                    double x = point(at, 6 * triangle, a, b, steps) * size - 0.5;
                    double y = point(at, 6 * triangle + 1, a, b, steps) * size - 0.5;
                    for (int k = 0; k < 4; k++) {
                        int i = (int) Math.floor(x) + k % 2;
                        int j = (int) Math.floor(y) + k / 2;
                        if (Math.abs(x - i) > 1 - 1e-3 || Math.abs(y - j) > 1 - 1e-3) {
                            continue; // it has no weight
                        }
                        assertTrue(i >= 0 && j >= 0 && i < size && j < size, i + ", " + j);
                        assertEquals(triangle, atlas.triangle(i, j), "texel " + i + ", " + j);
                        assertTrue(owner[j * size + i] == 0 || owner[j * size + i] == triangle + 1, "shared");
                        owner[j * size + i] = triangle + 1;
                        assertTrue(j < atlas.usedRows());
                    }
                }
            }
        }
    }

    private static double point(float[] at, int first, int a, int b, int steps) {
        return at[first] + (at[first + 2] - at[first]) * a / steps + (at[first + 4] - at[first]) * b / steps;
    }

    /** At the corners' texels the weights are the corners', and linear between: barycentric coordinates solved anew. */
    @ParameterizedTest
    @CsvSource({"1, 64", "5, 64", "512, 64", "100, 128"})
    void aTexelShowsThePointAtItsCentre(int triangles, int size) {
        TextureAtlas atlas = TextureAtlas.of(triangles, size);
        float[] at = atlas.coordinates();
        double[] weights = new double[3];
        int within = 0;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int t = 6 * atlas.triangle(x, y);
                if (t < 0) {
                    continue;
                }
                atlas.weights(x, y, weights);
                assertEquals(1, weights[0] + weights[1] + weights[2], 1e-9);
                assertTrue(weights[0] >= 0 && weights[1] >= 0 && weights[2] >= 0);
                double px = (x + 0.5) / size - at[t];
                double py = (y + 0.5) / size - at[t + 1];
                double ax = at[t + 2] - at[t];
                double ay = at[t + 3] - at[t + 1];
                double bx = at[t + 4] - at[t];
                double by = at[t + 5] - at[t + 1];
                double one = (px * by - py * bx) / (ax * by - ay * bx);
                double other = (ax * py - ay * px) / (ax * by - ay * bx);
                if (one > -1e-4 && other > -1e-4 && one + other < 1 + 1e-4) {
                    assertEquals(one, weights[1], 1e-3);
                    assertEquals(other, weights[2], 1e-3);
                    within++;
                }
            }
        }
        assertEquals(triangles * (atlas.legs() + 1) * (atlas.legs() + 2) / 2, within);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 63, 'it must be a power of two from 64 to 8192'", "10, 0, 'power of two'", "10, -64, 'power of two'",
        "10, 16384, 'power of two'", "513, 64, 'too few texels for 513 triangles; write --texture 128'",
        "100000000, 8192, 'lower --resolution, or take a part by --crop'",
    })
    void aSizeThatCanNotBe(int triangles, int size, String why) {
        String message = assertThrows(ConfigException.class, () -> TextureAtlas.of(triangles, size)).getMessage();
        assertTrue(message.startsWith("--texture is " + size) && message.contains(why), message);
    }
}
