package org.eikonal.studio.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.junit.jupiter.api.Test;

class RefinementTest {
    private final Refinement refinement = new Refinement();
    private final Speed speed = new Speed(); // 2e5 rays a second: 10000 of them in 50 ms

    private static Look look(double x, boolean moving) {
        return new Look(Camera.perspective(400, 400, 500, new Pose(1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0)), 40, moving,
                Channel.COLOR, null, null);
    }

    /** All pictures that come of a wish, by their widths; the one that is fine is negative. */
    private List<Integer> widths(Look look, boolean smooth) {
        List<Integer> widths = new ArrayList<>();
        for (PartialPicture next = refinement.next(look, speed, smooth); next != null;
                next = refinement.next(look, speed, smooth)) {
            widths.add(next.isFine() ? -next.camera().width() : next.camera().width());
            refinement.done();
        }
        return widths;
    }

    @Test
    void picturesGrowWhileTheCameraRests() {
        assertNull(refinement.next(null, speed, true));
        assertEquals(List.of(100, 200, 400, -400), widths(look(0, false), true));
        assertTrue(refinement.isComplete());
        assertEquals(List.of(), widths(look(0, false), true), "the same again is there already");
        refinement.renew();
        assertEquals(List.of(-400), widths(look(0, false), true));
        assertEquals(List.of(100, 200, -400), widths(look(1, false), false), "one ray a pixel is all there is");
    }

    @Test
    void aMovingCameraGetsOnePictureOfItsSpeedAndRefinesWhereItComesToRest() {
        assertEquals(List.of(100), widths(look(0, true), true));
        assertEquals(List.of(100), widths(look(1, true), true));
        assertFalse(refinement.isComplete());
        assertEquals(List.of(200, 400, -400), widths(look(1, false), true));
        speed.measured(1e9, 1); // a fast machine
        speed.measured(1e9, 1);
        assertEquals(List.of(400), widths(look(2, true), true));
        assertEquals(List.of(-400), widths(look(2, false), true));
    }

    @Test
    void aRestingPictureGivesWayAtOnceAndAMovingOneIsBroughtToItsEnd() {
        widthsUpTo(look(0, false), 2);
        PartialPicture resting = refinement.next(look(0, false), speed, true);
        assertNotSame(resting, refinement.next(look(1, true), speed, true));

        Look first = look(2, true);
        refinement.done();
        PartialPicture moving = refinement.next(first, speed, true);
        assertSame(moving, refinement.next(look(3, true), speed, true));
        assertSame(moving, refinement.next(look(4, true), speed, true));
        assertEquals(first, refinement.pictured());
        refinement.done();
        Look last = look(4, true);
        refinement.next(last, speed, true);
        assertEquals(last, refinement.pictured(), "the latest one wins");
    }

    private void widthsUpTo(Look look, int pictures) {
        for (int i = 0; i < pictures; i++) {
            refinement.next(look, speed, true);
            refinement.done();
        }
    }
}
