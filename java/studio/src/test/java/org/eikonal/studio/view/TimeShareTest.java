package org.eikonal.studio.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TimeShareTest {
    /** Between steps of 20 ms, parts of 15 ms as often as they may be. @return parts after so many steps */
    private static int parts(TimeShare share, int steps, double step, double part) {
        int parts = 0;
        for (int i = 0; i < steps; i++) {
            share.trained(step);
            while (share.mayLook()) {
                share.looked(part);
                parts++;
            }
        }
        return parts;
    }

    @Test
    void picturesGetTheirShareOfTheTime() {
        for (double share : new double[] {0.05, 0.25, 0.5, 0.8, 0.95}) {
            TimeShare time = new TimeShare();
            time.set(share);
            double looked = parts(time, 1000, 0.020, 0.015) * 0.015;
            double all = 1000 * 0.020 + looked;
            assertEquals(share, looked / all, 0.01);
        }
    }

    @Test
    void onePartThatTakesLongIsPaidForLater() {
        TimeShare time = new TimeShare();
        time.set(0.5);
        time.trained(0.02);
        assertTrue(time.mayLook());
        time.looked(0.2);
        for (int step = 0; step < 8; step++) {
            time.trained(0.02);
            assertFalse(time.mayLook(), "step " + step);
        }
        time.trained(0.03);
        assertTrue(time.mayLook());
    }

    @Test
    void nobodySavesUpForALongStop() {
        TimeShare time = new TimeShare();
        time.set(0.5);
        for (int step = 0; step < 1000; step++) {
            time.trained(0.02); // and nobody looks
        }
        int parts = 0;
        while (time.mayLook()) {
            time.looked(0.015);
            parts++;
        }
        assertTrue(parts <= 7, parts + " parts of 15 ms");
        // A step that is long in itself earns all that it earns.
        assertEquals(20, parts(time, 1, 2, 0.1), 1);
    }
}
