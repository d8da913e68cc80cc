package org.eikonal.studio.scene.colmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TracksTest {
    private final Tracks tracks = new Tracks();

    @Test
    void anImageShowsThePointsOfItsTracksInTheirOrder() {
        for (int point = 0; point < 100; point++) {
            tracks.add(point, 0.1, point % 2 == 0 ? new int[] {5, 6, 7} : new int[] {9, 5, 6});
        }
        assertArrayEquals(IntStream.range(0, 100).toArray(), tracks.of(5));
        assertArrayEquals(IntStream.range(0, 50).map(i -> 2 * i).toArray(), tracks.of(7));
        assertArrayEquals(IntStream.range(0, 50).map(i -> 2 * i + 1).toArray(), tracks.of(9));
        assertArrayEquals(new int[0], tracks.of(8));
    }

    @Test
    void pointsOfTwoImagesAndThoseThatLieBadlyAreNotReliedOn() {
        tracks.add(0, 0.1, new int[] {1, 2});
        tracks.add(1, 2.01, new int[] {1, 2, 3});
        tracks.add(2, Double.NaN, new int[] {1, 2, 3});
        tracks.add(3, 2, new int[] {1, 2, 3});
        assertArrayEquals(new int[] {3}, tracks.of(1));
    }
}
