package org.eikonal.studio.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpeedTest {
    @Test
    void rowsOfSkyDoNotMakeItSeemFast() {
        Speed speed = new Speed();
        for (int picture = 0; picture < 40; picture++) {
            speed.measured(20_000, 0.045); // what shows something
            speed.measured(20_000, 0.005); // and what does not
        }
        assertEquals(40_000, speed.rays(0.05), 0.2 * 40_000); // all rays in all the time
    }

    @Test
    void itFollowsWithinSomePictures() {
        Speed speed = new Speed();
        for (int picture = 0; picture < 12; picture++) {
            speed.measured(1_000_000, 0.05);
        }
        assertEquals(20e6, speed.rays(1), 1e6);
        speed.measured(1, 0); // too short for the clock
        assertTrue(speed.rays(1) < 21e6);
    }
}
